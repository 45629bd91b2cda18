"""Office hours as text: what is understood can be expanded by the calendar, and what is not says why."""

from __future__ import annotations

from datetime import timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.ics_calendar import IcsCalendar
from assistant.domain.office_hours import MOST_BLOCKS, Reason, read_hours, rule_fault
from assistant.domain.schedule import Block
from tests.fakes import SettableClock
from tests.imports import NOW

TUESDAY = Block("FREQ=WEEKLY;BYDAY=TU;BYHOUR=14;BYMINUTE=0", 60)
RULE = TUESDAY.rule


@pytest.mark.parametrize("text", [
    f"{RULE}/PT60M", f"{RULE}/PT1H", f"{RULE};/PT60M", f"RRULE:{RULE}/PT60M", f"rrule:{RULE.lower()}/pt60m",
    f"  {RULE} / PT1H0M ",
    RULE.replace(";", "; ") + "/PT60M", RULE.replace("=", " = ") + "/PT60M", f"{RULE}/PT1H00M00S",
    f"{RULE}/PT60M | {RULE}/PT60M",
    f"|{RULE}/PT60M|", f"\r\n{RULE}/PT60M\r\n\r\n", "Tuesdays 14:00-15:00", "tue 14.00 \N{EN DASH} 15.00",
    "Every Tuesday, 14:00 to 15:00",
    "On Tuesdays 14:00 until 15:00", "TU 14:00-15:00",
])  # fmt: skip
def test_spellings_of_one_block(text: str) -> None:
    found = read_hours(text)
    assert (found.blocks, found.faults) == ((TUESDAY,), ())
    assert read_hours(found.text) == found


@pytest.mark.parametrize(("text", "days"), [
    ("Mon, Wed and Fri 9:00-10:30", "MO,WE,FR"), ("Mon-Thu 9:00-10:30", "MO,TU,WE,TH"),
    ("Saturday & Sunday 9:00-10:30", "SA,SU"),
    ("Tu/Th 9:00-10:30", "TU,TH"), ("Mo - Tu, Fridays 9:00-10:30", "MO,TU,FR"),
])  # fmt: skip
def test_days_in_words(text: str, days: str) -> None:
    assert read_hours(text).blocks == (Block(f"FREQ=WEEKLY;BYDAY={days};BYHOUR=9;BYMINUTE=0", 90),)


@pytest.mark.parametrize(
    ("text", "minutes"), [("PT15M", 15), ("PT90M", 90), ("PT1H30M", 90), ("PT2H", 120), ("PT4H", 240), ("PT0H45M", 45)]
)
def test_lengths(text: str, minutes: int) -> None:
    assert read_hours(f"{RULE}/{text}").blocks == (Block(RULE, minutes),)


@pytest.mark.parametrize(("text", "reason"), [
    ("soon", "shape"), (RULE, "shape"), ("/PT60M", "shape"), ("Fri-Mon 9:00-10:00", "shape"),
    ("by appointment 9:00-10:00", "shape"),
    ("Tuesdays 9-10", "shape"), ("Tuesdays 9am-10am", "shape"), ("PT60M", "shape"), ("Tuesdays 10:00-9:00", "length"),
    ("Tuesdays 9:00-18:00", "length"), (f"{RULE}/PT14M", "length"), (f"{RULE}/PT241M", "length"), (f"{RULE}/PT5H", "length"),
    (f"{RULE}/P1D", "length"), (f"{RULE}/60", "length"), (f"{RULE}/PT", "length"), (f"{RULE}/PT1.5H", "length"),
    (f"{RULE}/PT60S", "length"),
    (f"{RULE}/PT\N{SUPERSCRIPT TWO}H", "length"), (f"{RULE};BYSETPOS=1/PT60M", "part"), (f"{RULE};BYMONTH=3/PT60M", "part"),
    (f"{RULE};BYSECOND=1/PT60M", "part"), (f"{RULE};X/PT60M", "part"), (f"{RULE};INTERVAL=0/PT60M", "part"),
    (f"{RULE};WKST=MO,TU/PT60M", "part"),
    (f"{RULE};FREQ=DAILY/PT60M", "twice"), (f"{RULE};BYDAY=TH/PT60M", "twice"), ("BYDAY=TU;BYHOUR=14/PT60M", "frequency"),
    ("FREQ=YEARLY;BYHOUR=14/PT60M", "part"), ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=24/PT60M", "part"),
    ("FREQ=WEEKLY;BYDAY=;BYHOUR=1/PT60M", "part"),
    ("FREQ=WEEKLY;BYHOUR=14/PT60M", "day"), ("FREQ=MONTHLY;BYHOUR=14/PT60M", "day"), ("FREQ=WEEKLY;BYDAY=TU/PT60M", "hour"),
    ("FREQ=DAILY/PT60M", "hour"), ("FREQ=WEEKLY;BYDAY=1TU;BYHOUR=14/PT60M", "numbered"), (f"{RULE};COUNT=10/PT60M", "count"),
    (f"{RULE};BYMONTHDAY=1/PT60M", "part"),
    ("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55/PT60M", "crowded"),
    ("DTSTART:20260101T100000/PT60M", "shape"), (" | ".join([f"{RULE}/PT60M"] * (MOST_BLOCKS + 1)), "many"),
])  # fmt: skip
def test_what_is_not_understood_says_why(text: str, reason: Reason) -> None:
    found = read_hours(text)
    assert ([fault.reason for fault in found.faults], found.blocks) == ([reason], ())


def test_a_block_with_a_fault_does_not_hide_the_others() -> None:
    found = read_hours(f"soon | {RULE}/PT60M\nFREQ=DAILY/PT30M")
    assert (found.blocks, [fault.reason for fault in found.faults]) == ((TUESDAY,), ["shape", "hour"])


PARTS = st.sampled_from([
    "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "INTERVAL=2", "INTERVAL=7", "INTERVAL=99", "BYDAY=TU", "BYDAY=1MO,-1FR",
    "BYDAY=5SA",
    "BYMONTHDAY=31", "BYMONTHDAY=-1,15", "BYHOUR=9", "BYHOUR=0,23", "BYMINUTE=30", "BYMINUTE=0,7", "UNTIL=20261231",
    "UNTIL=20270101T100000Z",
    "UNTIL=20260231", "UNTIL=00000000", "WKST=SU", "COUNT=3", "BYSETPOS=1", "BYDAY=", "", "X=1",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, max_size=7), st.sampled_from(["Europe/Berlin", "Pacific/Apia", "UTC"]))
def test_whatever_the_import_accepts_the_calendar_expands(parts: list[str], zone: str) -> None:
    """Dates that do not exist are the one thing that only the calendar knows; it says so by ValueError, as the import asks it."""
    rule = ";".join(parts)
    calendar = IcsCalendar(SettableClock(NOW))
    try:
        list(calendar.occurrences(Block(rule, 60), zone, NOW, NOW + timedelta(days=60)))
    except ValueError:
        assert rule_fault(rule) or "UNTIL=20260231" in parts or "UNTIL=00000000" in parts
    else:
        assert rule_fault(rule) is None


def test_a_rule_that_never_comes_true_and_one_of_long_ago_are_expanded_in_no_time() -> None:
    calendar = IcsCalendar(SettableClock(NOW))
    started = process_time()
    for interval in range(7, 99, 7):
        rule = f"FREQ=DAILY;INTERVAL={interval};BYDAY=TU;BYHOUR=9;BYMINUTE=0"
        assert list(calendar.occurrences(Block(rule, 60), "UTC", NOW, NOW + timedelta(days=731))) == []
    assert list(calendar.occurrences(TUESDAY, "UTC", NOW + timedelta(days=36_500), NOW + timedelta(days=36_521)))
    assert process_time() - started < 2


def test_a_last_day_without_a_time_is_meant_as_a_whole() -> None:
    calendar = IcsCalendar(SettableClock(NOW))
    found = list(calendar.occurrences(Block(f"{RULE};UNTIL=20261208", 60), "UTC", NOW, NOW + timedelta(days=60)))
    assert [moment.day for moment in found] == [1, 8]


def test_reading_takes_linear_time() -> None:
    for unit in ("mon ", "mon-", "FREQ=", "BYDAY=TU;", "1:", "/", "| ", "\n"):
        started = process_time()
        read_hours(unit * (60_000 // len(unit)))
        assert process_time() - started < 0.5, unit
