"""The first message of a request, and messages that come while another is answered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

from assistant.dialogue.understanding import Turn, Understanding
from assistant.services.results import Refusal
from tests.fakes import FakeApp, done, refused
from tests.fakes.languages import tagged


def test_who_waited_for_a_turn_does_not_make_its_answer_again(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    begun, waiting = Event(), Event()

    def slow(turn: Turn) -> Understanding:
        begun.set()
        waiting.wait(5)
        return tagged(turn)

    wired.language.on_turn = slow
    for message in ("m1", "m2"):
        recorded = done(wired.conversation.record(lena, request, message, f"task: {message}"))
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(wired.conversation.answer, recorded)
        assert begun.wait(5)
        second = threads.submit(wired.conversation.answer, recorded)
        while wired.conversation._locks._locks[request][1] != 2:
            sleep(0.001)
        waiting.set()
    assert done(first.result()) == done(second.result())
    assert len(wired.language.heard) == 1


def test_the_first_message_opens_the_request_in_the_same_write(wired: FakeApp) -> None:
    lena = wired.actor("lena")
    begun = done(wired.conversation.begin(lena, "r1", "m1", "task: board slides"))
    assert (begun.version, begun.pending, begun.mentee) == (2, ("m1",), "lena")
    assert done(wired.conversation.begin(lena, "r1", "m1", "task: board slides")) == begun
    assert done(wired.conversation.begin(lena, "r1", "m2", "outcome: a yes")).version == 3
    refused(wired.conversation.begin(wired.actor("mika"), "r1", "m3", "mine?"), "unknown_request")
    refused(wired.conversation.begin(lena, "r2", "m1", "  "), "empty")
    refused(wired.conversation.begin(wired.actor("petra"), "r3", "m1", "words"), "role")
    assert (wired.load("r1").version, wired.load("r2").version, wired.load("r3").version) == (3, 0, 0)


def test_twenty_first_messages_at_once_open_one_request(wired: FakeApp) -> None:
    lena = wired.actor("lena")
    with ThreadPoolExecutor(20) as threads:
        begun = list(threads.map(lambda n: wired.conversation.begin(lena, "r1", f"m{n % 10}", f"words {n % 10}"), range(20)))
    assert not [one for one in begun if isinstance(one, Refusal)]
    after = wired.load("r1")
    assert sorted(after.pending) == sorted(f"m{n}" for n in range(10))
    assert after.version == 11


def test_a_turn_says_whether_a_question_may_follow(wired: FakeApp) -> None:
    """Not after the question is proposed, confirmed or handed over."""
    request = wired.open()
    wired.say(request, "task: present to the board\noutcome: approval of the budget\ncontext: a new CFO", "m1")
    assert wired.load(request).question
    wired.say(request, "it is for the new board", "m2")
    assert [turn.may_ask for turn in wired.language.heard] == [True, False]
