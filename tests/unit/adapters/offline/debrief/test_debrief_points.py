"""Takeaways, decisions, resources, open questions, another expert, competency, and what of the plan was left out."""

from __future__ import annotations

import pytest

from assistant.domain.debrief import ItemKind
from tests.unit.adapters.offline.debrief.support import debrief, only


@pytest.mark.parametrize(
    ("kind", "notes"),
    [
        ("takeaway", "always show the total first because people stop reading"),
        ("takeaway", "Never defend a number before you have read the question."),
        ("decision", "We agreed to drop the regional split"),
        ("decision", "Decision: one heat map per site"),
        ("decision", "no new columns until the audit"),
        ("resource", "Peter recommended the handbook by Ruiz, chapter 3"),
        ("resource", "https://example.org/forecasting"),
        ("open_question", "who owns the forecast model? we don't know"),
        ("open_question", "Q does the cap survive a renewal"),
        ("other_expert", "Talk to Ines in controlling, she built the model"),
        ("other_expert", "For covenants, Ines in treasury is the person"),
        ("competency", "I built the risk table myself, Peter only checked the totals"),
        ("competency", "Noor ran the recount correctly, with me watching"),
    ],
)
def test_each_kind_is_found(kind: ItemKind, notes: str) -> None:
    assert only(notes, kind).quote in notes


def test_a_deed_praised_in_the_session_is_a_competency_and_an_older_one_is_not() -> None:
    talk = "Peter: Your turn.\nNoor: {}\nPeter: Well done.\nNoor: Thanks.\n"
    now = "I matched all twelve invoices and flagged the two late ones."
    assert only(talk.format(now), "competency").quote == now
    assert debrief(talk.format("I matched all twelve invoices yesterday with Ben.")).of("competency") == ()


def test_an_answered_question_is_not_open() -> None:
    talk = "Noor: Should I show the net or the gross amount?\nPeter: {}\nNoor: Okay.\nPeter: Next.\n"
    assert debrief(talk.format("The gross.")).of("open_question") == ()
    assert len(debrief(talk.format("No idea, tax has to say.")).of("open_question")) == 1


def test_at_most_six_takeaways() -> None:
    notes = "\n".join(f"Never start step {word} before you have checked the one before it." for word in "abcdefghij")
    assert len(debrief(notes).of("takeaway")) == 6


def test_the_plan_is_reported_and_never_becomes_an_item() -> None:
    notes = "I will fix the intro slide.\nThe colour scale we left for another day.\n"
    found = debrief(notes, "intro slide", "colour scale", "answering hostile questions")
    assert found.not_covered == ("colour scale", "answering hostile questions")
    assert [item.kind for item in found.items] == ["action"]


def test_formal_parts_are_left_out_only_when_the_notes_say_so() -> None:
    formal = "Do One: the mentee does it, corrections noted"
    assert debrief("I will fix the slide.", formal).not_covered == ()
    assert debrief("We did not get to the do one part, the mentee corrections.", formal).not_covered == (formal,)


def test_an_abbreviation_covers_its_point() -> None:
    assert debrief("RCA is done with five whys.", "root cause analysis").not_covered == ()


def test_what_a_mentor_may_ask_is_no_plan() -> None:
    assert debrief("The colour is blue.", questions=("Which systems feed the ledger?",)).not_covered == ()
