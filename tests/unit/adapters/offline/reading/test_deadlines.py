"""Deadlines: phrases with a due time are found, times of the past and frequencies are not, and dates follow the person's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.offline.dates.deadline import deadline_date, deadline_spans

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("phrase", "on"),
    [
        ("Friday 5pm", date(2026, 11, 20)),
        ("thurs 12 noon", date(2026, 11, 19)),
        ("this coming Tuesday", date(2026, 11, 17)),
        ("next Friday", date(2026, 11, 27)),
        ("by the 20th", date(2026, 11, 20)),
        ("before the 3rd", date(2026, 12, 3)),
        ("the portal closes 6 Feb, noon", date(2027, 2, 6)),
        ("before the retailer audit on 12 April", date(2027, 4, 12)),
        ("in two weeks", date(2026, 11, 30)),
        ("end of month", date(2026, 11, 30)),
        ("by end of next week", date(2026, 11, 27)),
        ("tomorrow morning", date(2026, 11, 17)),
        ("due tonite", date(2026, 11, 16)),
        ("mid-January", date(2027, 1, 15)),
        ("before March", date(2027, 2, 28)),
        ("on 2 December", date(2026, 12, 2)),
        ("2026-12-24", date(2026, 12, 24)),
        ("within two weeks", date(2026, 11, 30)),
        ("by the end of next month", date(2026, 12, 31)),
        ("by the 3rd of next month", date(2026, 12, 3)),
        ("by Thursday - no, Friday", date(2026, 11, 20)),
        ("before christmas", date(2026, 12, 25)),
        ("by the end of Q1", date(2027, 3, 31)),
    ],
)
def test_a_phrase_means_a_date(phrase: str, on: date) -> None:
    assert deadline_date(phrase, MONDAY, "Europe/Berlin") == on


@pytest.mark.parametrize(
    "phrase", ["asap", "soon", "next month", "when the client is back", "not before June", "version 4.1", "on 3 May 2025", ""]
)
def test_a_vague_phrase_means_none(phrase: str) -> None:
    assert deadline_date(phrase, MONDAY, "Europe/Berlin") is None


def test_today_is_the_persons_today() -> None:
    late = datetime(2026, 11, 16, 22, tzinfo=UTC)
    assert deadline_date("tomorrow", late, "Asia/Tokyo") == date(2026, 11, 18)
    assert deadline_date("tomorrow", late, "America/New_York") == date(2026, 11, 17)


def test_an_unknown_zone_counts_as_utc() -> None:
    assert deadline_date("today", MONDAY, "Nowhere/City") == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("I need it by Friday 5pm, please", ["by Friday 5pm"]),
        ("the cutover started 3 weeks ago", []),
        ("it fails every Monday", []),
        ("We present on 12 March", ["on 12 March"]),
        ("you may look at it", []),
        ("it has to work by the end of the week", ["by the end of the week"]),
        ("the first of three drafts, see section 4.1", []),
    ],
)
def test_phrases_are_found(text: str, quotes: list[str]) -> None:
    assert [text[a:b] for a, b, _ in deadline_spans(text)] == quotes


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    deadline_date(text, MONDAY, "Europe/Berlin")
    assert all(text[a:b] for a, b, _ in deadline_spans(text))
