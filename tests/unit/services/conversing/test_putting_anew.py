"""After a question was proposed: others instead of what did not fit, the question put anew, another person at the brief."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from assistant.domain import stages as s
from assistant.domain.reply import Reply
from assistant.services.conversing.status_text import say
from tests.fakes import FakeApp, done, refused
from ui.rendering.view_models import conversation

SPECIFIC = "task: present to the board\noutcome: approval of the budget\ncontext: a new CFO"
NOT_QUITE = "that did not help"


def reply_to(app: FakeApp, request: str, words: str) -> Reply:
    reply = app.say(request, words).reply
    assert reply is not None
    return reply


def people(replies: Iterable[Reply]) -> list[str]:
    return [match.mentor for reply in replies for match in reply.matches]


# Not quite.


@pytest.mark.parametrize("confirmed", [False, True])
def test_what_did_not_fit_is_never_shown_again(crowded: FakeApp, confirmed: bool) -> None:
    request = crowded.open()
    first = reply_to(crowded, request, SPECIFIC)
    assert [citation.article for citation in first.citations] == ["board-slides"]
    assert len(first.matches) == 3
    if confirmed:
        crowded.say(request, "yes")
    second = reply_to(crowded, request, NOT_QUITE)
    third = reply_to(crowded, request, NOT_QUITE)
    assert second.citations == third.citations == ()
    assert len(people([second])) == 3
    shown = people([first, second, third])
    assert len(set(shown)) == len(shown) == 6
    assert crowded.load(request).matches == third.matches


def test_others_say_so_and_the_question_stays(crowded: FakeApp) -> None:
    request = crowded.open()
    first = reply_to(crowded, request, SPECIFIC)
    second = reply_to(crowded, request, NOT_QUITE)
    assert second.say.startswith(say("propose.others"))
    assert "Board slides" not in second.say
    assert second.asks is None
    assert second.sharp_question == first.sharp_question == crowded.load(request).question


def test_nothing_of_not_quite_enters_the_need_and_the_earlier_reply_stays(crowded: FakeApp) -> None:
    request = crowded.open()
    first = reply_to(crowded, request, SPECIFIC)
    need = crowded.load(request).need
    crowded.say(request, NOT_QUITE)
    after = crowded.load(request)
    assert after.need == need
    assert after.replies[0] == first


def test_when_everybody_was_shown_the_contact_is_named_and_nobody_twice(wired: FakeApp) -> None:
    request = wired.open()
    first = reply_to(wired, request, SPECIFIC)
    assert len(first.matches) == 3
    second = reply_to(wired, request, NOT_QUITE)
    assert second.matches == ()
    assert say("propose.nobody", contact="Mentoring Desk") in second.say


# The question put anew.


@pytest.mark.parametrize("confirmed", [False, True])
def test_an_edited_slot_puts_the_question_anew_and_the_earlier_reply_stays(wired: FakeApp, confirmed: bool) -> None:
    request, lena = wired.open(), wired.actor("lena")
    first = reply_to(wired, request, SPECIFIC)
    if confirmed:
        wired.say(request, "yes")
    earlier = wired.load(request).replies
    after = done(wired.conversation.edit_slot(lena, request, "task", "win the board over"))
    assert after.stage == s.Sharpening("How do I win the board over?")
    assert after.replies[:-1] == earlier
    assert after.replies[0] == first
    reply = after.replies[-1]
    assert reply.say.startswith(say("propose.edited"))
    assert (reply.to, reply.sharp_question) == ((), "How do I win the board over?")
    assert reply.matches == after.matches
    assert after.pending == ()


def test_an_edit_is_searched_in_the_new_words(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    assert reply_to(wired, request, SPECIFIC).citations
    wired.base.asked.clear()
    after = done(wired.conversation.edit_slot(lena, request, "task", "weld a thin frame"))
    assert wired.base.asked
    assert all("weld a thin frame" in asked and "board" not in asked for asked in wired.base.asked)
    assert after.replies[-1].citations == ()
    assert "weld a thin frame" in after.question


def test_before_there_is_a_question_an_edit_is_no_reply(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    wired.say(request, "task: slides")
    before = wired.load(request).replies
    assert done(wired.conversation.edit_slot(lena, request, "task", "the story")).replies == before


def test_the_conversation_shows_it_below_the_last_message_and_only_that_is_live(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    wired.say(request, "hello")
    wired.say(request, SPECIFIC)
    for words in ("win the board over", "calm the board"):
        done(wired.conversation.edit_slot(lena, request, "task", words))
    wired.say(request, "yes")
    after = wired.load(request)
    turns = conversation(after)
    assert ["message" if turn.message else "reply" for turn in turns] == [
        "message", "reply", "message", "reply", "reply", "reply", "message", "reply",
    ]  # fmt: skip
    assert tuple(turn.reply for turn in turns if turn.reply) == after.replies
    assert [turn.number for turn in turns if turn.reply] == [1, 2, 3, 4, 5]
    assert [turn.live for turn in turns if turn.reply] == [False] * 4 + [True]


def test_after_an_edit_the_newest_reply_is_live(wired: FakeApp) -> None:
    request, lena = wired.open(), wired.actor("lena")
    wired.say(request, SPECIFIC)
    turns = conversation(done(wired.conversation.edit_slot(lena, request, "task", "win the board over")))
    assert [turn.live for turn in turns if turn.reply] == [False, True]


# Another person.


def test_at_the_brief_another_person_is_chosen_by_number_or_name(wired: FakeApp) -> None:
    request = wired.open()
    for words in (SPECIFIC, "yes", "1"):
        wired.say(request, words)
    order = [match.mentor for match in wired.load(request).matches]
    assert _recipients(wired, request) == order
    reply = reply_to(wired, request, "2")
    assert reply.say.startswith(say("other.chosen", name=wired.directory.mentors[order[1]].name))
    assert _recipients(wired, request) == [order[1], order[0], order[2]]
    wired.say(request, wired.directory.mentors[order[2]].name)
    assert _recipients(wired, request)[0] == order[2]


def test_an_approval_for_one_person_does_not_hold_for_the_other(wired: FakeApp) -> None:
    request, lena = wired.to_brief(), wired.actor("lena")
    hash_for_ada = wired.brief_hash(request)
    wired.say(request, "2")
    done(wired.briefing.ready_to_note(lena, request))
    refused(wired.briefing.approve(lena, request, hash_for_ada), "stale_approval")
    done(wired.briefing.approve(lena, request, wired.brief_hash(request)))


@pytest.mark.parametrize("words", ["7", "0", "not Ben Okonjo"])
def test_what_is_no_choice_changes_nobody_at_the_brief(wired: FakeApp, words: str) -> None:
    request = wired.to_brief()
    before = _recipients(wired, request)
    wired.say(request, words)
    assert _recipients(wired, request) == before


def _recipients(app: FakeApp, request: str) -> list[str]:
    stage = app.load(request).stage
    assert isinstance(stage, s.Briefing)
    return list(stage.recipients)
