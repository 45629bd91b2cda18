"""Whatever the text: no exception, and every quote is in it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.offline.debrief import structure
from assistant.domain.brief import AgendaItem, Brief
from tests.unit.adapters.offline.debrief.support import MENTEE, MENTOR

PIECES = [
    *(
        "I'll ",
        "Peter ",
        "Noor: ",
        "Peter: ",
        "by Friday",
        "- ",
        "\n",
        "no, sorry, ",
        "if ",
        "might ",
        "?",
        ". ",
        "send ",
    ),
    *(
        "Actions:\n",
        "WEBVTT\n\n",
        "00:01.000 --> 00:02.000\n",
        "<v Noor>",
        "the day after the ",
        "31 June",
        "next week",
    ),
    *("delete that", "\u201c", "\u201d", "\u2019ll ", "\u0130", "\r\n", "\t"),
]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)), st.dates())
def test_quotes_are_substrings(notes: str, on: date) -> None:
    found = structure(notes, Brief((), 5, (AgendaItem("the plan", 5),)), MENTEE, MENTOR, on)
    for item in found.items:
        assert item.quote.strip()
        assert item.quote in notes
        assert item.text.strip()
    assert set(found.not_covered) <= {"the plan"}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_word_is_invented(notes: str) -> None:
    for item in structure(notes, Brief((), 0, ()), MENTEE, MENTOR, date(2026, 6, 10)).items:
        assert set(item.text.casefold().split()) - {"\u2026"} <= set(" ".join(_beginnings(item.quote)).split())


def _beginnings(quote: str) -> list[str]:
    """The quote's words, whole and without punctuation at their edges."""
    words = quote.casefold().split()
    return [*words, *(word.strip(" -*>,;:.\"'([\u2022") for word in words), *(word.rstrip(".") for word in words)]


@pytest.mark.parametrize("names", [("", ""), ("Sam", "Sam"), ("Dr", "A"), ("(x", "[y*"), ("李雷", "Ünal")])
def test_any_names(names: tuple[str, str]) -> None:
    found = structure("I will send it by Friday. Sam to call.", Brief((), 0, ()), *names, date(2026, 6, 10))
    assert found.of("action")[0].owner == "mentee"


@pytest.mark.parametrize("piece", ["a ", ". ", '"', "(", "- ", "who? ", "we keep ", "x"])
def test_long_monotony_is_read(piece: str) -> None:
    notes = piece * (20_000 // len(piece))
    structure(notes, Brief((), 0, ()), MENTEE, MENTOR, date(2026, 6, 10))
