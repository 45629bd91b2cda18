"""Hostile claims against the mentee's words: what is not there is dropped, what is added is taken back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.grounding.evidence import checked, checked_debrief
from assistant.dialogue.understanding import Extraction, Understanding
from assistant.domain.debrief import Debrief, Item
from assistant.domain.reply import Kind

TEXT = "I can't reach the board before Friday. Anna told Ben to wait, and I have not tried the new template."


def claim(value: str, quote: str) -> Understanding:
    return checked(Understanding(Kind.VAGUE, slots=(Extraction("task", value, quote),)), TEXT)


@pytest.mark.parametrize(
    "quote",
    ["", "   ", "\n", "raise my salary", "I can't reach the bored", "i can't reach the board", "I can\u2019t reach the board",
     "reach  the board", "TEXT", TEXT + " ", TEXT.replace("Ben", "Anna"), "reach the board … Friday"],
)  # fmt: skip
def test_a_quote_that_is_not_there_takes_its_slot_with_it(quote: str) -> None:
    assert claim("x", quote).slots == ()


@pytest.mark.parametrize("quote", ["each the board", "reach the boa", "Ann", "riday"])
def test_a_quote_does_not_begin_or_end_inside_a_word(quote: str) -> None:
    assert claim(quote, quote).slots == ()


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("reach the board and get a raise", "reach the board"),
        ("convince the board", "reach the board"),
        ("", "reach the board"),
        ("  ", "reach the board"),
        ("I can reach the board", "I can't reach the board"),
        ("reach the board", "I can't reach the board"),
        ("tried the new template", "not tried the new template"),
        ("Ben told Anna to wait", "Anna told Ben to wait"),
    ],
)
def test_a_value_that_says_something_else_is_replaced_by_the_quote(value: str, quote: str) -> None:
    assert [slot.value for slot in claim(value, quote).slots] == [quote]


@pytest.mark.parametrize(
    ("value", "quote"),
    [("Reach the board", "reach the board"), ("Anna told Ben", "Anna told Ben to wait"), ("new template", "the new template"),
     (TEXT, TEXT), ("my board", "the board")],
)  # fmt: skip
def test_a_value_may_tidy_its_quote(value: str, quote: str) -> None:
    assert [slot.value for slot in claim(value, quote).slots] == [value]


def test_only_a_deadline_has_a_due_date() -> None:
    slots = (Extraction("task", "reach the board", "reach the board", due=date(2027, 1, 1)),
             Extraction("deadline", "before Friday", "before Friday", due=date(2026, 11, 6)))  # fmt: skip
    assert [slot.due for slot in checked(Understanding(Kind.VAGUE, slots=slots), TEXT).slots] == [None, date(2026, 11, 6)]


def test_negations_and_facets_are_held_against_the_words_too() -> None:
    hostile = Understanding(Kind.VAGUE, negated=("the board", "the moon", ""), facet="the moon")
    assert checked(hostile, TEXT).negated == ("the board",)
    assert checked(hostile, TEXT).facet == ""


@pytest.mark.parametrize("topic", ["weather", "contact", "harassment'; drop", "CRISIS", "../crisis"])
def test_a_topic_that_nobody_is_named_for_goes_to_the_confidential_desk(topic: str) -> None:
    assert checked(Understanding(Kind.SENSITIVE, topic=topic), TEXT).topic == "confidential"


@pytest.mark.parametrize("topic", ["", "harassment", "burnout", "crisis", "confidential"])
def test_a_known_topic_stays(topic: str) -> None:
    assert checked(Understanding(Kind.VAGUE, topic=topic), TEXT).topic == topic


@given(st.text(), st.text(), st.text())
def test_every_slot_left_has_its_quote_in_the_text(text: str, value: str, quote: str) -> None:
    for slot in checked(Understanding(Kind.VAGUE, slots=(Extraction("task", value, quote),)), text).slots:
        assert slot.quote in text
        assert slot.quote.strip()
        assert slot.value.strip()


@given(st.text(min_size=1).filter(str.strip))
def test_the_whole_text_is_a_quote_of_itself(text: str) -> None:
    slots = checked(Understanding(Kind.VAGUE, slots=(Extraction("task", text, text),)), text).slots
    assert [slot.quote for slot in slots] == [text]


NOTES = "Lena sends the deck by Tuesday. Ada might look at it. We never agreed on a budget."


def debrief_of(*items: Item) -> tuple[Item, ...]:
    return checked_debrief(Debrief(items), NOTES).items


def test_an_item_without_its_words_in_the_notes_is_dropped() -> None:
    assert debrief_of(Item("action", "Pay Ada", "pay Ada 500"), Item("takeaway", "x", " ")) == ()


def test_an_item_does_not_say_more_than_its_quote() -> None:
    quote = "Lena sends the deck by Tuesday."
    assert debrief_of(Item("action", "Lena sends the deck and the budget", quote))[0].text == quote
    assert debrief_of(Item("action", "sends the deck", quote))[0].text == "sends the deck"


def test_a_dropped_never_comes_back() -> None:
    assert debrief_of(Item("decision", "We agreed on a budget", "We never agreed on a budget."))[0].text.startswith("We never")


@pytest.mark.parametrize("quote", ["Ada might look at it."])
def test_a_hedge_is_a_proposal_whatever_is_claimed(quote: str) -> None:
    item = debrief_of(Item("action", "look at it", quote, "mentor", date(2026, 11, 3)))[0]
    assert item.kind == "proposal"


def test_only_actions_and_proposals_are_owed_by_somebody() -> None:
    plain = debrief_of(Item("takeaway", "sends the deck", "sends the deck by Tuesday", "mentor", date(2026, 11, 3)))[0]
    assert (plain.owner, plain.due) == (None, None)
