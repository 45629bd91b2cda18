"""A message typed at the brief: it is done, or the button for it is named; nothing of it enters a slot by mistake."""

from __future__ import annotations

import pytest

from assistant.domain import stages as s
from assistant.domain.brief import Brief
from assistant.domain.reply import Asks, Reply
from assistant.services.conversing.status_text import say
from tests.fakes import FakeApp, done
from ui.rendering.view_models import conversation, people


def said(app: FakeApp, request: str, words: str) -> Reply:
    reply = app.say(request, words).reply
    assert reply is not None
    return reply


def brief_of(app: FakeApp, request: str) -> Brief:
    stage = app.load(request).stage
    assert isinstance(stage, s.Briefing)
    return stage.draft


# Nothing by mistake.


@pytest.mark.parametrize(
    "words",
    ["not quite", "That did not solve it, show me a person who can help.", "somebody else please", "who will see this?",
     "what happens next?", "Is that too long?", "another question: how do I book a room?", "send it"],
)  # fmt: skip
def test_a_message_about_the_brief_fills_no_slot_though_success_was_asked_for(wired: FakeApp, words: str) -> None:
    request = wired.open()
    wired.say(request, "task: face the board\ncontext: new CFO\nworth asking: none")
    wired.say(request, "yes")
    after = done(wired.briefing.choose(wired.actor("lena"), request, wired.load(request).matches[0].mentor))
    assert isinstance(after.stage, s.Briefing)
    assert after.replies[-1].asks == Asks("slot", "outcome")
    said(wired, request, words)
    assert wired.load(request).need.slots == after.need.slots
    assert brief_of(wired, request).fields == after.stage.draft.fields


def test_not_quite_is_no_answer_to_a_question_before_the_brief(wired: FakeApp) -> None:
    request = wired.open()
    assert said(wired, request, "task: face the board\nworth asking: outcome").asks
    said(wired, request, "not quite")
    assert "outcome" not in wired.load(request).need.slots


# Edits.


def test_a_field_is_changed_added_to_and_cleared_by_message(wired: FakeApp) -> None:
    request = wired.to_brief()
    said(wired, request, "add that legal needs ten days")
    assert brief_of(wired, request).field("background").text == "New CFO. Legal needs ten days."
    said(wired, request, "remove the background")
    assert not brief_of(wired, request).field("background").stated
    reply = said(wired, request, "change the question to: How do I open the talk?")
    assert reply.say == say("other.brief_field", field=say("brief.question"))
    brief = brief_of(wired, request)
    assert (brief.field("question").text, brief.field("question").origin) == ("How do I open the talk?", "edit")
    assert say("brief.agenda_watch") in [item.title for item in brief.agenda]


def test_another_length_changes_the_agenda(wired: FakeApp) -> None:
    request = wired.to_brief()
    said(wired, request, "make it 45 minutes")
    brief = brief_of(wired, request)
    assert brief.minutes == sum(item.minutes for item in brief.agenda) == 45


def test_new_words_change_only_their_field(wired: FakeApp) -> None:
    request = wired.to_brief()
    said(wired, request, "remove the success")
    said(wired, request, "make it 45 minutes")
    said(wired, request, "tried: two drafts")
    brief = brief_of(wired, request)
    assert brief.field("tried").text == "Two drafts."
    assert not brief.field("success").stated
    assert brief.minutes == 45


def test_it_is_said_added_only_if_something_was(wired: FakeApp) -> None:
    request = wired.to_brief()
    assert said(wired, request, "tried: two drafts").say == say("other.brief_updated")
    before = brief_of(wired, request)
    done(wired.briefing.edit(wired.actor("lena"), request, "tried", "Three drafts."))
    assert said(wired, request, "instead tried: one draft").say == say("other.brief_kept")
    assert said(wired, request, "The CFO likes short decks.").say == say("other.brief_kept")
    assert brief_of(wired, request) == before.edited("tried", "Three drafts.")


# Another person.


def test_somebody_else_is_shown_and_the_brief_stays(crowded: FakeApp) -> None:
    request = crowded.to_brief()
    before = crowded.load(request)
    reply = said(crowded, request, "not quite")
    after = crowded.load(request)
    assert reply.matches
    assert not {match.mentor for match in reply.matches} & {match.mentor for match in before.matches}
    assert after.stage == before.stage
    said(crowded, request, "1")
    stage = crowded.load(request).stage
    assert isinstance(stage, s.Briefing)
    assert stage.recipients[0] == reply.matches[0].mentor
    assert stage.draft.fields == brief_of(crowded, request).fields
    assert [reason.mentor for reason in stage.draft.reasons] == list(stage.recipients)


def test_with_nobody_else_the_earlier_people_stay(wired: FakeApp) -> None:
    request = wired.to_brief()
    before = wired.load(request).matches
    assert said(wired, request, "somebody else please").say == say("other.brief_nobody", name="Ada Rowntree")
    assert wired.load(request).matches == before


def test_an_edit_survives_another_person(wired: FakeApp) -> None:
    request = wired.to_brief()
    done(wired.briefing.edit(wired.actor("lena"), request, "success", "A signed plan."))
    said(wired, request, "rather Ben")
    stage = wired.load(request).stage
    assert isinstance(stage, s.Briefing)
    assert stage.recipients[0] == "ben"
    assert stage.draft.field("success").text == "A signed plan."


def test_the_page_offers_the_others_until_the_brief_has_left(wired: FakeApp) -> None:
    request = wired.to_brief()
    at_brief = wired.load(request)
    assert [match.mentor for match in people(at_brief)] == [m.mentor for m in at_brief.matches if m.mentor != "ada"]
    done(wired.briefing.approve(wired.actor("lena"), request, wired.brief_hash(request)))
    assert people(wired.load(request)) == ()


# How it goes on.


@pytest.mark.parametrize(
    ("words", "key"),
    [("send it", "send"), ("who will see this?", "who"), ("what happens next?", "next"), ("Is that too long?", "other")],
)
def test_the_way_of_the_brief_is_answered(wired: FakeApp, words: str, key: str) -> None:
    request = wired.to_brief()
    assert said(wired, request, words).say == say(f"other.brief_{key}", name="Ada Rowntree")


def test_why_this_person_is_answered_with_the_reason(wired: FakeApp) -> None:
    request = wired.to_brief()
    assert said(wired, request, "why this person?").say.startswith(brief_of(wired, request).reason_for("ada"))


def test_a_sensitive_matter_in_an_edit_is_referred(wired: FakeApp) -> None:
    request = wired.to_brief()
    before = brief_of(wired, request)
    assert "Harassment Desk" in said(wired, request, "add that they harass me").say
    assert wired.load(request).stage == s.Closed(s.Outcome.REFERRED) or brief_of(wired, request) == before


# What was said stays.


def test_the_mentors_question_stays_in_the_conversation(wired: FakeApp) -> None:
    request = wired.to_offer()
    done(wired.handoff.ask(wired.mentor("ada"), request, "Which clause worries you?"))
    asked = [turn.asked.text for turn in conversation(wired.load(request)) if turn.asked]
    assert asked == ["Which clause worries you?"]
    wired.say(request, "The price.")
    turns = conversation(wired.load(request))
    places = [n for n, turn in enumerate(turns) if turn.asked or (turn.message and turn.message.text == "The price.")]
    assert [bool(turns[n].asked) for n in places] == [True, False]
