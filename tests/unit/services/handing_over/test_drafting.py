"""The draft of a brief: the mentee's words, an agenda that sums up, a time box that was meant, edits that stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.brief import Brief, checklist
from assistant.domain.mentor import Citation
from assistant.domain.need import Need, Slot
from assistant.domain.request import Message, Request
from assistant.services.handing_over.brief_draft import agenda, draft, redraft, time_box
from tests.fakes import MONDAY


def request_with(*words: str, **slots: str) -> Request:
    need = Need({name: Slot(value, value) for name, value in slots.items()})  # type: ignore[misc]
    return Request("r", need=need, messages=tuple(Message(str(n), "lena", text, MONDAY) for n, text in enumerate(words)))


@given(st.integers(1, 180))
def test_the_agenda_sums_to_the_time_box(minutes: int) -> None:
    items = agenda(minutes)
    assert sum(item.minutes for item in items) == minutes
    assert all(item.minutes > 0 for item in items)


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
    assert draft(Request("r", need=need), "How?", ()).field("deadline").text == "by Friday (Fri 6 Nov 2026)"


def edited() -> Brief:
    old = draft(request_with("help", context="b"), "How?", ())
    return old.edited("success", "a signed plan").edited("background", "in person", "in_person")


def test_new_words_keep_what_the_mentee_wrote_and_ticked() -> None:
    old = replace(edited(), ready_to_note=True)
    new = redraft(request_with("help", context="b", tried="all", outcome="x"), old, "How?", ())
    assert new.field("success").text == "a signed plan"
    assert new.field("background").origin == "in_person"
    assert new.field("tried").text == "all"
    assert new.ready_to_note


def test_a_new_question_replaces_an_edited_one() -> None:
    old = edited().edited("question", "What first?")
    assert redraft(request_with("help"), old, "What now?", ()).field("question").text == "What now?"
    assert redraft(request_with("help"), old, "What first?", ()).field("question").origin == "edit"
