"""Briefs, needs and time slots: what the values promise, for any input."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.altered import altered
from assistant.domain.brief import NOT_STATED, AgendaItem, Brief, BriefField, approval_hash, checklist
from assistant.domain.need import SLOTS, Need, Slot
from assistant.domain.request import Request
from assistant.domain.schedule import CELL, TimeSlot, as_utc, cut, week_of

START = datetime(2026, 11, 3, 10, tzinfo=UTC)
FULL = Brief(
    (BriefField("question", "How?", "composed"), BriefField("background", "b", "quote", "b"), BriefField("success", "s", "edit")),
    30, (AgendaItem("Work", 30),), ready_to_note=True,
)  # fmt: skip
TEXT = st.text(max_size=40)


def test_a_full_brief_passes_and_each_gap_stops_it() -> None:
    assert all(check.passed for check in checklist(FULL))
    for gap in (FULL.edited("question", ""), FULL.edited("background", ""), FULL.edited("success", ""),
                replace(FULL, ready_to_note=False), FULL.edited("question", "How? And when?")):  # fmt: skip
        assert [check.passed for check in checklist(gap)].count(False) == 1


def test_a_field_without_text_is_not_stated_whatever_its_origin() -> None:
    for origin in ("quote", "composed", "edit"):
        empty = replace(FULL, fields=(BriefField("question", "  ", origin), *FULL.fields[1:]))
        assert not all(check.passed for check in checklist(empty))


@given(TEXT, TEXT, st.permutations(["ada", "ben", "cleo"]))
def test_any_other_text_or_recipient_is_another_hash(before: str, after: str, order: list[str]) -> None:
    one, two = FULL.edited("background", before), FULL.edited("background", after)
    same = one == two
    assert (approval_hash(one, ("ada", "ben", "cleo")) == approval_hash(two, ("ada", "ben", "cleo"))) is same
    assert (approval_hash(FULL, tuple(order)) == approval_hash(FULL, ("ada", "ben", "cleo"))) is (order == ["ada", "ben", "cleo"])


def test_the_tick_and_the_agenda_are_part_of_the_hash() -> None:
    hashes = {approval_hash(brief, ("ada",)) for brief in (FULL, replace(FULL, ready_to_note=False), replace(FULL, minutes=45))}
    assert len(hashes) == 3


def test_an_emptied_field_reads_not_stated() -> None:
    assert FULL.edited("background", "").field("background") == BriefField("background", NOT_STATED, "none")
    assert FULL.field("materials").text == NOT_STATED


@given(st.sets(st.sampled_from(SLOTS)), st.sets(st.sampled_from(SLOTS)), st.sets(st.sampled_from(SLOTS)))
def test_missing_is_what_is_neither_known_nor_closed_nor_hinted(filled: set[str], closed: set[str], hinted: set[str]) -> None:
    need = Need({s: Slot("x", "x") for s in SLOTS if s in filled}, (), frozenset(closed), frozenset(hinted))
    assert list(need.missing()) == [s for s in SLOTS if s not in filled | closed | hinted]


BLOCKS = st.integers(15, 240)
LENGTHS = st.integers(15, 60)
OPENINGS = st.integers(0, 59).map(lambda minute: START.replace(minute=minute))
TAKEN = st.sets(st.integers(0, 15)).map(lambda cells: frozenset(START + CELL * n for n in cells))


@given(OPENINGS, BLOCKS, LENGTHS, TAKEN)
def test_cut_slots_fit_are_free_on_the_quarter_and_apart(
    opening: datetime, block: int, minutes: int, taken: frozenset[datetime]
) -> None:
    slots = list(cut(opening, block, minutes, taken))
    end = opening + timedelta(minutes=block)
    for slot in slots:
        assert opening <= slot.start
        assert slot.end <= end
        assert slot.start.minute % 15 == 0
        assert taken.isdisjoint(slot.cells())
    for one, two in pairwise(slots):
        assert set(one.cells()).isdisjoint(two.cells())


@given(st.integers(0, 40), LENGTHS, st.integers(0, 40), LENGTHS)
def test_slots_on_the_quarter_overlap_only_if_they_share_a_cell(a: int, one: int, b: int, two: int) -> None:
    first, second = TimeSlot(START + CELL * a, one), TimeSlot(START + CELL * b, two)
    overlap = first.start < second.end and second.start < first.end
    if overlap:
        assert not set(first.cells()).isdisjoint(second.cells())


def test_a_week_is_the_mentors_own() -> None:
    sunday_night = datetime(2026, 11, 8, 23, 30, tzinfo=UTC)
    assert week_of(sunday_night, "Europe/London") == "2026-W45"
    assert week_of(sunday_night, "Asia/Kolkata") == "2026-W46"
    assert week_of(datetime(2027, 1, 1, 12, tzinfo=UTC), "UTC") == "2026-W53"


def test_a_moment_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="time zone"):
        as_utc(datetime(2026, 11, 3))


def test_an_altered_value_is_the_replaced_one() -> None:
    before = Request("r1", mentee="lena", pending=("m1",))
    changes: dict[str, Any] = {"version": 3, "pending": (), "last_question": "How?"}
    assert altered(before, **changes) == replace(before, **changes)
    assert before == Request("r1", mentee="lena", pending=("m1",))
