"""The draft of a brief: the mentee's words, an agenda that sums up, a time box that was meant, edits that stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.session_shape import Shape
from assistant.domain.brief import Brief, checklist
from assistant.domain.mentor import Citation
from assistant.domain.need import Need, Slot
from assistant.domain.reply import Reply
from assistant.domain.request import Message, Request
from assistant.services.conversing.status_text import say
from assistant.services.handing_over.brief_draft import agenda, draft, redraft, time_box, updated, with_field
from tests.fakes import MONDAY

SHAPES: tuple[Shape, ...] = ("skill", "written", "talk")


def request_with(*words: str, **slots: str) -> Request:
    need = Need({name: Slot(value, value) for name, value in slots.items()})  # type: ignore[misc]
    return Request("r", need=need, messages=tuple(Message(str(n), "lena", text, MONDAY) for n, text in enumerate(words)))


@given(st.integers(1, 180), st.sampled_from(["skill", "written", "talk"]))
def test_the_agenda_sums_to_the_time_box(minutes: int, shape: Shape) -> None:
    items = agenda(minutes, shape)
    assert sum(item.minutes for item in items) == minutes
    assert all(item.minutes > 0 for item in items)


@pytest.mark.parametrize("minutes", [30, 45, 60])
def test_watch_one_and_do_one_are_for_a_skill_alone(minutes: int) -> None:
    practice = {say("brief.agenda_watch"), say("brief.agenda_do")}
    titles = {shape: {item.title for item in agenda(minutes, shape)} for shape in SHAPES}
    assert practice <= titles["skill"]
    assert not practice & (titles["talk"] | titles["written"])


def test_an_article_is_suggested_once_though_an_answer_cites_several_places_of_it() -> None:
    one, other = Citation("a", "a#0", "Boards", "Ask first.", 0, 10), Citation("b", "b#0", "Decks", "Few slides.", 0, 11)
    again = replace(one, quote="Then stop.", start=11, end=21)
    assert draft(request_with("help"), "How?", (one, other, again)).reading == (one, other)


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("", 30), ("a call", 30), ("30 min", 30), ("45-minute call", 45), ("60 minutes", 60), ("90 minutes", 60), ("10 min", 15),
     ("an hour", 60), ("1 hour", 60), ("one-hour call", 60), ("half an hour", 30), ("a half hour", 30), ("half-hour call", 30),
     ("20-30 min", 30), ("2 hours", 60), ("two hours", 60), ("a quarter of an hour", 15), ("in 30 days", 30)],
)  # fmt: skip
def test_the_time_box_is_what_was_said(words: str, minutes: int) -> None:
    assert time_box(words) == minutes


@given(st.text())
def test_any_words_have_a_time_box(words: str) -> None:
    assert 15 <= time_box(words) <= 60


def test_what_was_not_said_is_not_stated() -> None:
    brief = draft(request_with("help"), "How?", ())
    assert [f.name for f in brief.fields if f.stated] == ["question"]
    assert not all(check.passed for check in checklist(brief))


def test_a_brief_without_a_question_does_not_leave() -> None:
    brief = draft(request_with("help", context="b", outcome="s"), "", ())
    assert not checklist(brief)[0].passed


def test_every_field_points_at_the_mentees_words() -> None:
    request = request_with("see plan.xlsx and https://x.example/a", context="new CFO", outcome="a yes", tried="two drafts")
    brief = draft(request, "How?", ())
    for field in brief.fields:
        if field.origin == "quote":
            assert field.quote in " ".join(request.words()) or field.quote in {s.quote for s in request.need.slots.values()}
    assert brief.field("materials").text == "plan.xlsx, https://x.example/a"


def test_an_understood_date_is_shown() -> None:
    need = Need({"deadline": Slot("by Friday", "by Friday", date(2026, 11, 6))})
    assert draft(Request("r", need=need), "How?", ()).field("deadline").text == "By Friday (Fri 6 Nov 2026)"


def edited() -> Brief:
    old = draft(request_with("help", context="b"), "How?", ())
    return old.edited("success", "a signed plan").edited("background", "in person", "in_person")


def test_new_words_keep_what_the_mentee_wrote_and_ticked() -> None:
    old = replace(edited(), ready_to_note=True)
    new = redraft(request_with("help", context="b", tried="all", outcome="x"), old, "How?", ())
    assert new.field("success").text == "a signed plan"
    assert new.field("background").origin == "in_person"
    assert new.field("tried").text == "All."
    assert new.ready_to_note


def test_a_new_question_replaces_an_edited_one() -> None:
    old = edited().edited("question", "What first?")
    assert redraft(request_with("help"), old, "What now?", ()).field("question").text == "What now?"
    assert redraft(request_with("help"), old, "What first?", ()).field("question").origin == "edit"


# The author's own words.


def test_fields_are_whole_sentences_and_point_at_what_was_said() -> None:
    said = "tried so far: two drafts"
    field = draft(request_with(said, tried=said), "How?", ()).field("tried")
    assert (field.text, field.quote) == ("Two drafts.", said)


def asking(said: str, *asks: str) -> Request:
    return replace(request_with(said), need=Need(asks=asks))


SPLIT, LATE = "How do I split the budget?", "How do I tell the client that we are late?"


def test_an_own_ask_that_was_not_chosen_stands_as_also_asked() -> None:
    also = draft(asking(f"{LATE} And {SPLIT.lower()}", LATE, SPLIT), LATE, ()).field("also")
    assert (also.text, also.origin, also.quote) == (SPLIT, "quote", SPLIT.lower().rstrip("?"))
    assert draft(asking("I need to split the budget", LATE, SPLIT), LATE, ()).field("also").origin == "composed"


def test_one_ask_or_one_that_nobody_said_is_not_also_asked() -> None:
    for request in (asking(SPLIT, SPLIT), asking("We are late.", LATE, SPLIT)):
        assert all(field.name != "also" for field in draft(request, LATE, ()).fields)


def test_composed_is_said_only_of_what_was_composed() -> None:
    request = replace(request_with("hi, how do i split it?"), replies=(Reply((), "", sharp_question="How do I cut it?"),))
    origins = {
        "How do I split it?": "quote", "How do I cut it?": "composed", "How do I share it?": "edit",
        say("propose.question_unknown"): "suggested",
    }  # fmt: skip
    assert {question: draft(request, question, ()).field("question").origin for question in origins} == origins


# Questions for the mentor.


def test_what_was_answered_or_hinted_is_not_asked_again() -> None:
    request = request_with("it must not cost more", context="b", tried="all")
    request = replace(request, need=replace(request.need, hinted=frozenset({"deadline"})))
    assert draft(request, "How?", ()).mentor_questions == (say("brief.ask_success"),)


def test_an_own_edit_takes_its_question_away() -> None:
    brief = draft(request_with("help"), "How?", ())
    assert say("brief.ask_tried") in brief.mentor_questions
    assert say("brief.ask_tried") not in with_field(brief, "tried", "Two drafts.").mentor_questions


# New words at the brief.


def test_only_what_changed_since_changes_in_the_brief() -> None:
    request = request_with("see plan.xlsx", context="b", tried="all")
    brief = draft(request, "How?", ()).edited("tried", "")
    later = replace(request, messages=(*request.messages, Message("9", "lena", "and cost.csv", MONDAY)))
    after = updated(later, request.need.with_slot("outcome", Slot("a yes", "a yes")), brief)
    assert after.field("success").text == "A yes."
    assert after.field("materials").text == "plan.xlsx, cost.csv"
    assert not after.field("tried").stated
    assert updated(request, request.need, brief) == brief
