"""One turn: stored first, answered once, by whoever is the owner; and what happens when the world does not play along."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from assistant.dialogue.understanding import Extraction, Turn, Understanding
from assistant.domain import stages as s
from assistant.domain.events import NeedChanged, Replied, Said
from assistant.domain.need import Need
from assistant.domain.reply import Asks, Kind
from assistant.services.conversing.status_text import say
from assistant.services.results import Refusal
from tests.fakes import FakeApp, done, refused
from tests.fakes.languages import tagged

SPECIFIC = "task: present to the board\noutcome: approval of the budget\ncontext: a new CFO"


class Died(RuntimeError):
    """The process dies here."""


def dying(turn: Turn) -> Understanding:
    raise Died


def events_of(wired: FakeApp, request_id: str, kind: type) -> list[object]:
    return [event for event in wired.ledger.events(request_id) if isinstance(event, kind)]


# Once and only once.


def test_the_same_message_again_is_the_same_turn_with_the_same_reply(wired: FakeApp) -> None:
    request = wired.open()
    first = wired.say(request, "task: board slides", "m1")
    again = wired.say(request, "task: board slides", "m1")
    assert again.reply == first.reply
    assert again.request == first.request
    assert len(wired.language.heard) == 1


def test_it_stays_the_same_reply_when_much_has_happened_since(wired: FakeApp) -> None:
    request = wired.open()
    first = wired.say(request, SPECIFIC, "m1")
    wired.say(request, "yes", "m2")
    version = wired.load(request).version
    assert wired.say(request, SPECIFIC, "m1").reply == first.reply
    done(wired.handoff.withdraw(wired.actor("lena"), request))
    assert wired.say(request, SPECIFIC, "m1").reply == first.reply
    assert wired.load(request).version == version + 1


def test_a_message_sent_by_twenty_threads_is_one_turn(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: wired.conversation.say(lena, request, "m1", "task: board slides"), range(20)))
    replies = {done(answer).reply_to("m1") for answer in answers}
    assert len(replies) == 1
    assert None not in replies
    assert len(events_of(wired, request, Said)) == 1
    assert len(events_of(wired, request, Replied)) == 1


def test_twenty_messages_at_once_are_all_kept_in_one_line_and_all_answered(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda n: wired.conversation.say(lena, request, f"m{n}", f"words {n}"), range(20)))
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    after = wired.load(request)
    assert {m.id for m in after.messages} == {f"m{n}" for n in range(20)}
    assert after.pending == ()
    assert sorted(m for reply in after.replies for m in reply.to) == sorted(f"m{n}" for n in range(20))
    assert len(wired.ledger.events(request)) == after.version


def test_a_burst_is_one_turn_with_one_reply(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    done(wired.conversation.record(lena, request, "m1", "task: present to the board"))
    recorded = done(wired.conversation.record(lena, request, "m2", "outcome: approval"))
    answer = done(wired.conversation.answer(recorded))
    reply = answer.reply_to("m2")
    assert reply is not None
    assert reply.to == ("m1", "m2")
    assert [turn.text for turn in wired.language.heard] == ["task: present to the board\noutcome: approval"]
    assert answer.kind is Kind.SPECIFIC
    assert wired.say(request, "task: present to the board", "m1").reply == reply


def test_a_message_that_comes_in_while_the_answer_is_made_joins_its_turn(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")

    def interrupted(turn: Turn) -> Understanding:
        if "m2" not in {m.id for m in wired.load(request).messages}:
            done(wired.conversation.record(lena, request, "m2", "outcome: approval"))
        return tagged(turn)

    wired.language.on_turn = interrupted
    answer = wired.say(request, "task: present to the board", "m1")
    assert answer.reply is not None
    assert answer.reply.to == ("m1", "m2")
    assert len(events_of(wired, request, Replied)) == 1


# Between the two commits.


def test_a_turn_that_was_interrupted_is_answered_later_and_says_so(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    wired.language.on_turn = dying
    with pytest.raises(Died):
        wired.conversation.say(lena, request, "m1", "task: board slides")
    assert wired.load(request).pending == ("m1",)
    wired.language.on_turn = tagged
    assert wired.conversation.recover() == 1
    assert wired.conversation.recover() == 0
    answer = wired.say(request, "task: board slides", "m1")
    assert answer.reply is not None
    assert answer.reply.delayed
    assert answer.reply.say.startswith("Sorry for the delay")


def test_sending_it_again_answers_an_interrupted_turn(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    wired.language.on_turn = dying
    with pytest.raises(Died):
        wired.conversation.say(lena, request, "m1", "task: board slides")
    wired.language.on_turn = tagged
    answer = wired.say(request, "task: board slides", "m1")
    assert answer.reply is not None
    assert not answer.reply.delayed


def test_one_request_that_cannot_be_answered_does_not_stop_the_clock_for_the_others(wired: FakeApp) -> None:
    poisoned, healthy = wired.open("lena", "a-poisoned"), wired.open("mika", "b-healthy")
    for login, request in (("lena", poisoned), ("mika", healthy)):
        done(wired.conversation.record(wired.actor(login), request, "m1", f"task: {request}"))
    wired.language.on_turn = lambda turn: dying(turn) if "poisoned" in turn.text else tagged(turn)
    ticked = wired.due_jobs.tick()
    assert ticked.recovered == 1
    assert wired.load(healthy).pending == ()
    assert wired.load(poisoned).pending == ("m1",)


def test_a_turn_that_is_being_answered_is_not_called_delayed(wired: FakeApp) -> None:
    request = wired.open()
    with ThreadPoolExecutor(1) as clock:

        def slowly(turn: Turn) -> Understanding:
            wired.language.on_turn = tagged
            clock.submit(wired.conversation.recover)
            return tagged(turn)

        wired.language.on_turn = slowly
        answer = wired.say(request, "task: board slides", "m1")
    assert answer.reply is not None
    assert not answer.reply.delayed
    assert len(events_of(wired, request, Replied)) == 1


# Bad input.


@pytest.mark.parametrize("words", ["", "   ", "\n\t", "\x00\x01", "\u202e\ufeff"])
def test_nothing_is_refused_kindly_and_stored_nowhere(wired: FakeApp, words: str) -> None:
    request = wired.open()
    refused(wired.conversation.say(wired.actor("lena"), request, "m1", words), "empty")
    assert wired.load(request).version == 1


def test_too_much_is_refused_with_the_size(wired: FakeApp) -> None:
    request = wired.open()
    refusal = refused(wired.conversation.say(wired.actor("lena"), request, "m1", "x" * 8001), "too_long")
    assert "8001" in refusal.say
    assert "8000" in refusal.say
    assert wired.say(request, "x" * 8000).reply is not None


@pytest.mark.parametrize("words", ["🙂🙂🙂", "?!?", "\u200b\u200b", "---"])
def test_what_has_no_words_is_kept_and_asked_for_again(wired: FakeApp, words: str) -> None:
    request = wired.open()
    answer = wired.say(request, words)
    assert answer.reply is not None
    assert "could not find words" in answer.reply.say
    assert wired.load(request).messages[0].text == words


FOREIGN = ["Помогите мне с презентацией", "我需要帮助准备董事会演示", "أحتاج إلى مساعدة"]  # noqa: RUF001


@pytest.mark.parametrize("words", FOREIGN)
def test_another_language_gets_one_sentence_and_no_search(wired: FakeApp, words: str) -> None:
    request = wired.open()
    answer = wired.say(request, words)
    assert answer.reply is not None
    assert answer.reply.say.startswith("I understand English best")
    assert wired.base.asked == []
    assert wired.load(request).words() == (words,)


def test_control_characters_go_and_the_words_stay(wired: FakeApp) -> None:
    request = wired.open()
    wired.say(request, "task:\x00 board\x1b[31m slides\r\noutcome: yes\u202e")
    assert wired.load(request).words() == ("task: board[31m slides\noutcome: yes",)


def test_half_a_character_is_left_out(wired: FakeApp) -> None:
    request = wired.open()
    wired.say(request, "task: board \ud83d slides")
    assert wired.load(request).words() == ("task: board  slides",)


def test_markup_is_text(wired: FakeApp) -> None:
    request, words = wired.open(), "<script>alert(1)</script> {contact} %s task"
    wired.say(request, words)
    assert wired.load(request).words() == (words,)
    wired.say(request, "instead task: {name} <b>board</b>")
    assert wired.load(request).need.value("task") == "{name} <b>board</b>"


def test_a_closed_request_takes_no_message(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    done(wired.handoff.withdraw(lena, request))
    refused(wired.conversation.say(lena, request, "m1", "are you there"), "closed")


def test_an_unknown_id_is_unknown(wired: FakeApp) -> None:
    refused(wired.conversation.say(wired.actor("lena"), "nope", "m1", "words"), "unknown_request")


def test_opening_the_same_id_again_gives_the_same_request_to_its_owner_and_nothing_to_others(wired: FakeApp) -> None:
    request = wired.open("lena", "r1")
    assert done(wired.conversation.open(wired.actor("lena"), "r1")).id == request
    refused(wired.conversation.open(wired.actor("mika"), "r1"), "unknown_request")


# Understanding, held against the record.


def test_invented_slots_never_reach_the_need(wired: FakeApp) -> None:
    wired.language.on_turn = lambda turn: Understanding(
        Kind.SPECIFIC, slots=(Extraction("task", "raise", "a raise"), Extraction("tried", "all", "tried all"))
    )
    request = wired.open()
    wired.say(request, "help with slides")
    assert wired.load(request).need == Need()


def test_at_most_two_questions_and_none_twice(memory_app: FakeApp) -> None:
    worth = {"outcome": 0.9, "tried": 0.8, "deadline": 0.7}
    memory_app.language.on_turn = lambda turn: Understanding(Kind.VAGUE, worth=worth)
    request = memory_app.open()
    asked = []
    for n in range(6):
        reply = memory_app.say(request, f"hm {n}").reply
        assert reply is not None
        asked += [reply.asks] if reply.asks else []
    assert len(asked) == 2
    assert len(set(asked)) == 2


def test_what_is_worth_asking_is_asked_about_what_was_said(wired: FakeApp) -> None:
    reply = wired.say(wired.open(), "task: the board slides\nworth asking: tried").reply
    assert reply is not None
    assert reply.asks == Asks("slot", "tried")
    assert reply.question == 'About "the board slides": what have you tried so far?'
    assert reply.options == ("skip",)
    assert reply.why == "So that nobody repeats what you already did."


def test_the_mentee_says_which_of_their_questions_comes_first(wired: FakeApp) -> None:
    request = wired.open()
    reply = wired.say(request, "ask: How do I begin?\nask: Who decides?").reply
    assert reply is not None
    assert reply.asks == Asks("facet", "part")
    assert reply.question == "You ask more than one thing. Which comes first?"
    assert reply.options == ("How do I begin?", "Who decides?", "something else", "skip")
    wired.say(request, "Who decides?")
    assert [(f.value, f.offered) for f in wired.load(request).need.facets] == [("Who decides?", True)]


def test_something_else_is_no_topic(wired: FakeApp) -> None:
    wired.language.on_turn = lambda turn: replace(tagged(turn), facet=turn.text if turn.asked else "")
    request = wired.open()
    reply = wired.say(request, "ask: How do I begin?\nask: Who decides?").reply
    assert reply is not None
    assert "something else" in reply.options
    wired.say(request, "something else")
    assert wired.load(request).need.facets == ()


def test_a_message_that_asks_nothing_gets_one_sentence_and_may_be_followed_by_a_question(wired: FakeApp) -> None:
    request = wired.open()
    answer = wired.say(request, "it rains here")
    assert answer.reply is not None
    assert answer.reply.say == say("greet.no_request")
    assert (answer.reply.asks, answer.reply.sharp_question, answer.reply.matches) == (None, "", ())
    assert answer.request.stage == s.Sharpening()
    after = wired.say(request, SPECIFIC)
    assert after.reply is not None
    assert after.reply.sharp_question == "How do I present to the board?"


def test_after_a_greeting_a_specific_request_gets_no_question(wired: FakeApp) -> None:
    request = wired.open()
    wired.say(request, "hello")
    answer = wired.say(request, SPECIFIC)
    assert answer.reply is not None
    assert answer.reply.asks is None
    assert answer.reply.sharp_question == "How do I present to the board?"
    assert answer.request.kind is Kind.SPECIFIC


def test_a_sensitive_matter_is_searched_nowhere_and_leaves_no_need(wired: FakeApp) -> None:
    request = wired.open()
    answer = wired.say(request, "task: talk about my boss who harasses me")
    assert answer.reply is not None
    assert "Harassment Desk: phone 1" in answer.reply.say
    assert answer.request.stage == s.Closed(s.Outcome.REFERRED)
    assert answer.request.need == Need()
    assert wired.base.asked == []
    assert wired.notes() == []


def test_a_topic_alone_makes_it_sensitive(wired: FakeApp) -> None:
    wired.language.on_turn = lambda turn: replace(tagged(turn), kind=Kind.VAGUE, topic="burnout")
    request = wired.open()
    answer = wired.say(request, "task: sleep again")
    assert answer.reply is not None
    assert "Burnout Desk" in answer.reply.say
    assert answer.reply.asks is None
    assert answer.request.need == Need()
    assert wired.base.asked == []


def test_a_topic_nobody_is_named_for_still_finds_a_person(wired: FakeApp) -> None:
    wired.language.on_turn = lambda turn: Understanding(Kind.SENSITIVE, topic="horoscope")
    answer = wired.say(wired.open(), "words")
    assert answer.reply is not None
    assert "Confidential Desk" in answer.reply.say


def test_what_was_known_before_a_sensitive_word_is_forgotten(wired: FakeApp) -> None:
    request = wired.open()
    wired.say(request, "task: talk to my boss")
    wired.say(request, "he harasses me")
    assert wired.load(request).need == Need()


# Editing.


@pytest.mark.parametrize("name", ["", "salary", "TASK", "part"])
def test_an_unknown_slot_is_refused_and_the_request_stays_readable(wired: FakeApp, name: str) -> None:
    request = wired.open()
    refused(wired.conversation.edit_slot(wired.actor("lena"), request, name, "x"), "bad_field")  # type: ignore[arg-type]
    assert wired.load(request).version == 1


def test_a_slot_in_the_mentees_words_wins_and_empty_words_clear_it(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    wired.say(request, "task: slides")
    assert done(wired.conversation.edit_slot(lena, request, "task", "the story")).need.value("task") == "the story"
    assert done(wired.conversation.edit_slot(lena, request, "task", " ")).need.get("task") is None
    assert events_of(wired, request, NeedChanged)


def test_a_slot_edited_while_briefing_shows_in_the_brief(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    for words in (SPECIFIC, "yes", "1"):
        wired.say(request, words)
    after = done(wired.conversation.edit_slot(lena, request, "context", "the CFO left"))
    assert after.brief is not None
    assert after.brief.field("background").text == "The CFO left."


def test_the_mentees_question_wins(wired: FakeApp) -> None:
    request = wired.open()
    wired.say(request, SPECIFIC)
    ready = done(wired.conversation.confirm(wired.actor("lena"), request, "What do I cut?"))
    assert ready.stage == s.Ready("What do I cut?")


def test_there_is_nothing_to_confirm_before_there_is_a_question(wired: FakeApp) -> None:
    refused(wired.conversation.confirm(wired.actor("lena"), wired.open()), "wrong_stage")


def test_an_answer_carries_the_next_step(wired: FakeApp) -> None:
    answer = wired.say(wired.open(), "hello")
    assert answer.next_step == "Answer in your own words, skip, or ask for a person."
