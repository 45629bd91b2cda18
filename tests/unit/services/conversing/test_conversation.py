"""One turn: stored first, answered once, by whoever is the owner; and what happens when the world does not play along."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from assistant.dialogue.understanding import Extraction, Turn, Understanding
from assistant.domain import stages as s
from assistant.domain.events import NeedChanged, Replied, Said
from assistant.domain.need import Need
from assistant.domain.reply import Kind
from assistant.services.results import Refusal
from tests.fakes import House, done, refused
from tests.fakes.languages import tagged

SPECIFIC = "task: present to the board\noutcome: approval of the budget\ncontext: a new CFO"


class Died(RuntimeError):
    """The process dies here."""


def dying(turn: Turn) -> Understanding:
    raise Died


def events_of(house: House, request_id: str, kind: type) -> list[object]:
    return [event for event in house.ledger.events(request_id) if isinstance(event, kind)]


# Once and only once.


def test_the_same_message_again_is_the_same_turn_with_the_same_reply(house: House) -> None:
    request = house.open()
    first = house.say(request, "task: board slides", "m1")
    again = house.say(request, "task: board slides", "m1")
    assert again.reply == first.reply
    assert again.request == first.request
    assert len(house.language.heard) == 1


def test_it_stays_the_same_reply_when_much_has_happened_since(house: House) -> None:
    request = house.open()
    first = house.say(request, SPECIFIC, "m1")
    house.say(request, "yes", "m2")
    version = house.load(request).version
    assert house.say(request, SPECIFIC, "m1").reply == first.reply
    done(house.handoff.withdraw(house.actor("lena"), request))
    assert house.say(request, SPECIFIC, "m1").reply == first.reply
    assert house.load(request).version == version + 1


def test_a_message_sent_by_twenty_threads_is_one_turn(house: House) -> None:
    request, lena = house.open(), house.actor("lena")
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: house.conversation.say(lena, request, "m1", "task: board slides"), range(20)))
    replies = {done(answer).reply_to("m1") for answer in answers}
    assert len(replies) == 1
    assert None not in replies
    assert len(events_of(house, request, Said)) == 1
    assert len(events_of(house, request, Replied)) == 1


def test_twenty_messages_at_once_are_all_kept_in_one_line_and_all_answered(house: House) -> None:
    request, lena = house.open(), house.actor("lena")
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda n: house.conversation.say(lena, request, f"m{n}", f"words {n}"), range(20)))
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    after = house.load(request)
    assert {m.id for m in after.messages} == {f"m{n}" for n in range(20)}
    assert after.pending == ()
    assert sorted(m for reply in after.replies for m in reply.to) == sorted(f"m{n}" for n in range(20))
    assert len(house.ledger.events(request)) == after.version


def test_a_burst_is_one_turn_with_one_reply(house: House) -> None:
    request, lena = house.open(), house.actor("lena")
    done(house.conversation.record(lena, request, "m1", "task: present to the board"))
    recorded = done(house.conversation.record(lena, request, "m2", "outcome: approval"))
    answer = done(house.conversation.answer(recorded))
    reply = answer.reply_to("m2")
    assert reply is not None
    assert reply.to == ("m1", "m2")
    assert [turn.text for turn in house.language.heard] == ["task: present to the board\noutcome: approval"]
    assert answer.kind is Kind.SPECIFIC
    assert house.say(request, "task: present to the board", "m1").reply == reply


def test_a_message_that_comes_in_while_the_answer_is_made_joins_its_turn(house: House) -> None:
    request, lena = house.open(), house.actor("lena")

    def interrupted(turn: Turn) -> Understanding:
        if "m2" not in {m.id for m in house.load(request).messages}:
            done(house.conversation.record(lena, request, "m2", "outcome: approval"))
        return tagged(turn)

    house.language.on_turn = interrupted
    answer = house.say(request, "task: present to the board", "m1")
    assert answer.reply is not None
    assert answer.reply.to == ("m1", "m2")
    assert len(events_of(house, request, Replied)) == 1


# Between the two commits.


def test_a_turn_that_was_interrupted_is_answered_later_and_says_so(house: House) -> None:
    request, lena = house.open(), house.actor("lena")
    house.language.on_turn = dying
    with pytest.raises(Died):
        house.conversation.say(lena, request, "m1", "task: board slides")
    assert house.load(request).pending == ("m1",)
    house.language.on_turn = tagged
    assert house.conversation.recover() == 1
    assert house.conversation.recover() == 0
    answer = house.say(request, "task: board slides", "m1")
    assert answer.reply is not None
    assert answer.reply.delayed
    assert answer.reply.say.startswith("Sorry for the delay")


def test_sending_it_again_answers_an_interrupted_turn(house: House) -> None:
    request, lena = house.open(), house.actor("lena")
    house.language.on_turn = dying
    with pytest.raises(Died):
        house.conversation.say(lena, request, "m1", "task: board slides")
    house.language.on_turn = tagged
    answer = house.say(request, "task: board slides", "m1")
    assert answer.reply is not None
    assert not answer.reply.delayed


def test_one_request_that_cannot_be_answered_does_not_stop_the_clock_for_the_others(house: House) -> None:
    poisoned, healthy = house.open("lena", "a-poisoned"), house.open("mika", "b-healthy")
    for login, request in (("lena", poisoned), ("mika", healthy)):
        done(house.conversation.record(house.actor(login), request, "m1", f"task: {request}"))
    house.language.on_turn = lambda turn: dying(turn) if "poisoned" in turn.text else tagged(turn)
    ticked = house.due_jobs.tick()
    assert ticked.recovered == 1
    assert house.load(healthy).pending == ()
    assert house.load(poisoned).pending == ("m1",)


def test_a_turn_that_is_being_answered_is_not_called_delayed(house: House) -> None:
    request = house.open()
    with ThreadPoolExecutor(1) as clock:

        def slowly(turn: Turn) -> Understanding:
            house.language.on_turn = tagged
            clock.submit(house.conversation.recover)
            return tagged(turn)

        house.language.on_turn = slowly
        answer = house.say(request, "task: board slides", "m1")
    assert answer.reply is not None
    assert not answer.reply.delayed
    assert len(events_of(house, request, Replied)) == 1


# Bad input.


@pytest.mark.parametrize("words", ["", "   ", "\n\t", "\x00\x01", "\u202e\ufeff"])
def test_nothing_is_refused_kindly_and_stored_nowhere(house: House, words: str) -> None:
    request = house.open()
    refused(house.conversation.say(house.actor("lena"), request, "m1", words), "empty")
    assert house.load(request).version == 1


def test_too_much_is_refused_with_the_size(house: House) -> None:
    request = house.open()
    refusal = refused(house.conversation.say(house.actor("lena"), request, "m1", "x" * 8001), "too_long")
    assert "8001" in refusal.say
    assert "8000" in refusal.say
    assert house.say(request, "x" * 8000).reply is not None


@pytest.mark.parametrize("words", ["🙂🙂🙂", "?!?", "\u200b\u200b", "---"])
def test_what_has_no_words_is_kept_and_asked_for_again(house: House, words: str) -> None:
    request = house.open()
    answer = house.say(request, words)
    assert answer.reply is not None
    assert "could not find words" in answer.reply.say
    assert house.load(request).messages[0].text == words


FOREIGN = ["Помогите мне с презентацией", "我需要帮助准备董事会演示", "أحتاج إلى مساعدة"]  # noqa: RUF001


@pytest.mark.parametrize("words", FOREIGN)
def test_another_language_gets_one_sentence_and_no_search(house: House, words: str) -> None:
    request = house.open()
    answer = house.say(request, words)
    assert answer.reply is not None
    assert answer.reply.say.startswith("I understand English best")
    assert house.base.asked == []
    assert house.load(request).words() == (words,)


def test_control_characters_go_and_the_words_stay(house: House) -> None:
    request = house.open()
    house.say(request, "task:\x00 board\x1b[31m slides\r\noutcome: yes\u202e")
    assert house.load(request).words() == ("task: board[31m slides\noutcome: yes",)


def test_half_a_character_is_left_out(house: House) -> None:
    request = house.open()
    house.say(request, "task: board \ud83d slides")
    assert house.load(request).words() == ("task: board  slides",)


def test_markup_is_text(house: House) -> None:
    request, words = house.open(), "<script>alert(1)</script> {contact} %s task"
    house.say(request, words)
    assert house.load(request).words() == (words,)
    house.say(request, "instead task: {name} <b>board</b>")
    assert house.load(request).need.value("task") == "{name} <b>board</b>"


def test_a_closed_request_takes_no_message(house: House) -> None:
    request, lena = house.open(), house.actor("lena")
    done(house.handoff.withdraw(lena, request))
    refused(house.conversation.say(lena, request, "m1", "are you there"), "closed")


def test_an_unknown_id_is_unknown(house: House) -> None:
    refused(house.conversation.say(house.actor("lena"), "nope", "m1", "words"), "unknown_request")


def test_opening_the_same_id_again_gives_the_same_request_to_its_owner_and_nothing_to_others(house: House) -> None:
    request = house.open("lena", "r1")
    assert done(house.conversation.open(house.actor("lena"), "r1")).id == request
    refused(house.conversation.open(house.actor("mika"), "r1"), "unknown_request")


# Understanding, held against the record.


def test_invented_slots_never_reach_the_need(house: House) -> None:
    house.language.on_turn = lambda turn: Understanding(
        Kind.SPECIFIC, slots=(Extraction("task", "raise", "a raise"), Extraction("tried", "all", "tried all"))
    )
    request = house.open()
    house.say(request, "help with slides")
    assert house.load(request).need == Need()


def test_at_most_three_questions_and_none_twice(quick_house: House) -> None:
    quick_house.language.on_turn = lambda turn: Understanding(Kind.VAGUE)
    request = quick_house.open()
    asked = []
    for n in range(6):
        reply = quick_house.say(request, f"hm {n}").reply
        assert reply is not None
        asked += [reply.asks] if reply.asks else []
    assert len(asked) <= 3
    assert len(set(asked)) == len(asked)


def test_something_else_is_no_topic(house: House) -> None:
    house.language.on_turn = lambda turn: replace(tagged(turn), facet=turn.text if turn.asked else "")
    request = house.open()
    reply = house.say(request, "task: the thing\ncontext: my team").reply
    while reply and (reply.asks is None or reply.asks.kind != "facet"):
        reply = house.say(request, "skip").reply
        assert reply is not None
        assert reply.asks is not None, "no facet was asked"
    house.say(request, "something else")
    assert house.load(request).need.facets == ()


def test_after_a_greeting_a_specific_request_gets_no_question(house: House) -> None:
    request = house.open()
    house.say(request, "hello")
    answer = house.say(request, SPECIFIC)
    assert answer.reply is not None
    assert answer.reply.asks is None
    assert answer.reply.sharp_question == "How do I present to the board?"
    assert answer.request.kind is Kind.SPECIFIC


def test_a_sensitive_matter_is_searched_nowhere_and_leaves_no_need(house: House) -> None:
    request = house.open()
    answer = house.say(request, "task: talk about my boss who harasses me")
    assert answer.reply is not None
    assert "Harassment Desk: phone 1" in answer.reply.say
    assert answer.request.stage == s.Closed(s.Outcome.REFERRED)
    assert answer.request.need == Need()
    assert house.base.asked == []
    assert house.notes() == []


def test_a_topic_alone_makes_it_sensitive(house: House) -> None:
    house.language.on_turn = lambda turn: replace(tagged(turn), kind=Kind.VAGUE, topic="burnout")
    request = house.open()
    answer = house.say(request, "task: sleep again")
    assert answer.reply is not None
    assert "Burnout Desk" in answer.reply.say
    assert answer.reply.asks is None
    assert answer.request.need == Need()
    assert house.base.asked == []


def test_a_topic_nobody_is_named_for_still_finds_a_person(house: House) -> None:
    house.language.on_turn = lambda turn: Understanding(Kind.SENSITIVE, topic="horoscope")
    answer = house.say(house.open(), "words")
    assert answer.reply is not None
    assert "Confidential Desk" in answer.reply.say


def test_what_was_known_before_a_sensitive_word_is_forgotten(house: House) -> None:
    request = house.open()
    house.say(request, "task: talk to my boss")
    house.say(request, "he harasses me")
    assert house.load(request).need == Need()


# Editing.


@pytest.mark.parametrize("name", ["", "salary", "TASK", "part"])
def test_an_unknown_slot_is_refused_and_the_request_stays_readable(house: House, name: str) -> None:
    request = house.open()
    refused(house.conversation.edit_slot(house.actor("lena"), request, name, "x"), "bad_field")  # type: ignore[arg-type]
    assert house.load(request).version == 1


def test_a_slot_in_the_mentees_words_wins_and_empty_words_clear_it(house: House) -> None:
    request, lena = house.open(), house.actor("lena")
    house.say(request, "task: slides")
    assert done(house.conversation.edit_slot(lena, request, "task", "the story")).need.value("task") == "the story"
    assert done(house.conversation.edit_slot(lena, request, "task", " ")).need.get("task") is None
    assert events_of(house, request, NeedChanged)


def test_a_slot_edited_while_briefing_shows_in_the_brief(house: House) -> None:
    request, lena = house.open(), house.actor("lena")
    for words in (SPECIFIC, "yes", "1"):
        house.say(request, words)
    after = done(house.conversation.edit_slot(lena, request, "context", "the CFO left"))
    assert after.brief is not None
    assert after.brief.field("background").text == "the CFO left"


def test_the_mentees_question_wins(house: House) -> None:
    request = house.open()
    house.say(request, SPECIFIC)
    ready = done(house.conversation.confirm(house.actor("lena"), request, "What do I cut?"))
    assert ready.stage == s.Ready("What do I cut?")


def test_there_is_nothing_to_confirm_before_there_is_a_question(house: House) -> None:
    refused(house.conversation.confirm(house.actor("lena"), house.open()), "wrong_stage")


def test_an_answer_carries_the_next_step(house: House) -> None:
    answer = house.say(house.open(), "hello")
    assert answer.next_step == "Answer in your own words, skip, or ask for a person."
