"""How many messages a person may send in a minute: each is taken or refused with a sentence, and none is half taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.domain.events import Said
from assistant.domain.request import Request
from assistant.services.accounts.access import Actor
from assistant.services.conversing.message_rate import MessageRate
from assistant.services.results import Refusal
from tests.fakes import FakeApp, done, refused


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def limited(wired: FakeApp, seconds: Seconds) -> FakeApp:
    """Services that share a limit of three messages a minute."""
    return FakeApp(wired.ports, wired.clock, rate=MessageRate(3, seconds))


def say(wired: FakeApp, request: str, message_id: str, login: str = "lena") -> Request | Refusal:
    return wired.conversation.say(wired.actor(login), request, message_id, f"words {message_id}")


def test_the_fourth_message_is_refused_with_a_sentence_and_not_stored(limited: FakeApp, seconds: Seconds) -> None:
    request = limited.open()
    for n in range(3):
        done(say(limited, request, f"m{n}"))
    refusal = refused(say(limited, request, "m3"), "too_many_messages")
    assert "not stored" in refusal.say
    assert "20 s" in refusal.say
    assert [event.message_id for event in limited.ledger.events(request) if isinstance(event, Said)] == ["m0", "m1", "m2"]
    seconds.now = 20
    assert done(say(limited, request, "m3")).replies
    refused(say(limited, request, "m4"), "too_many_messages")


def test_a_message_that_is_sent_again_costs_nothing(limited: FakeApp) -> None:
    request = limited.open()
    first = [done(say(limited, request, f"m{n}")) for n in range(3)]
    assert [done(say(limited, request, f"m{n}")).reply_to(f"m{n}") for n in range(3)] == [
        answer.reply_to(f"m{n}") for n, answer in enumerate(first)
    ]


def test_all_requests_of_a_person_count_together_and_nobody_else_is_held_up(limited: FakeApp) -> None:
    for n in range(3):
        done(say(limited, limited.open(), f"m{n}"))
    refused(say(limited, limited.open(), "m3"), "too_many_messages")
    assert done(say(limited, limited.open("mika"), "m0", "mika")).replies


def test_what_is_refused_for_another_reason_is_not_counted(limited: FakeApp) -> None:
    request, lena = limited.open(), limited.actor("lena")
    for n in range(9):
        refused(limited.conversation.say(lena, request, f"e{n}", "   "), "empty")
        assert isinstance(say(limited, request, f"k{n}", "mika"), Refusal)
    for n in range(3):
        done(say(limited, request, f"m{n}"))


def test_twenty_threads_together_get_as_many_as_are_allowed(limited: FakeApp) -> None:
    requests = [limited.open() for _ in range(20)]
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda request: say(limited, request, "m"), requests))
    assert sum(isinstance(answer, Request) for answer in answers) == 3


def test_messages_of_an_exchange_and_notes_count_as_well(limited: FakeApp, seconds: Seconds) -> None:
    request, ada, lena = limited.to_offer(), limited.mentor("ada"), limited.actor("lena")
    done(limited.handoff.accept(ada, request, None))
    done(limited.sessions.post(lena, request, "t0", "hello"))
    refused(limited.sessions.post(lena, request, "t1", "are you there?"), "too_many_messages")
    done(limited.sessions.post(lena, request, "t0", "hello"))
    assert [message.text for message in done(limited.sessions.thread(lena, request))] == ["hello"]
    done(limited.sessions.hand_back(ada, request))
    refused(limited.debriefing.note(lena, request, "takeaway: less is more"), "too_many_messages")
    done(limited.debriefing.note(ada, request, "takeaway: less is more"))
    seconds.now = 20
    done(limited.debriefing.note(lena, request, "takeaway: less is more"))


def test_no_limit_is_none_and_memory_is_bounded(seconds: Seconds) -> None:
    assert all(MessageRate(0, seconds).take(Actor("lena")) is None for _ in range(100))
    rate = MessageRate(1, seconds, size=2)
    for login in ("lena", "mika", "joao"):
        assert rate.take(Actor(login)) is None
    assert rate.take(Actor("joao"))
    assert rate.take(Actor("lena")) is None, "the one who wrote longest ago is forgotten"
