"""Office hours keep their wall time over clock changes, and an invitation is a file that other calendars read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Component

from assistant.adapters.ics_calendar import ANCHOR, IcsCalendar
from assistant.adapters.system_clock import SystemClock
from assistant.domain.schedule import Block, TimeSlot

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOW


CALENDAR = IcsCalendar(Noon())


def starts(rule: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    return list(CALENDAR.occurrences(Block(rule, 60), zone, start, end))


def test_ten_o_clock_stays_ten_o_clock_in_autumn() -> None:
    found = starts("FREQ=WEEKLY;BYDAY=TU;BYHOUR=10;BYMINUTE=0", "Europe/Berlin", utc(10, 18), utc(11, 4))
    assert found == [utc(10, 20, 8), utc(10, 27, 9), utc(11, 3, 9)]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "Pacific/Apia", "UTC"]),
    st.integers(4, 23),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_every_block_of_a_year_begins_at_its_wall_time(zone: str, hour: int, start: datetime) -> None:
    found = starts(f"FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR={hour};BYMINUTE=30", zone, start, start + timedelta(days=364))
    local = [moment.astimezone(ZoneInfo(zone)) for moment in found]
    assert len(found) == 104
    assert {(moment.hour, moment.minute) for moment in local} == {(hour, 30)}
    assert found == sorted(set(found))


def test_the_window_is_half_open() -> None:
    rule, block = "FREQ=DAILY;BYHOUR=9;BYMINUTE=0", utc(11, 5, 9)
    assert starts(rule, "UTC", block, block + timedelta(days=1)) == [block]
    assert starts(rule, "UTC", block + timedelta(seconds=1), block + timedelta(days=1)) == []


def test_far_zones_are_not_cut_at_the_day() -> None:
    rule = "FREQ=DAILY;BYHOUR=0;BYMINUTE=15"
    assert len(starts(rule, "Pacific/Kiritimati", utc(11, 1), utc(11, 8))) == 7
    assert len(starts(rule, "Pacific/Pago_Pago", utc(11, 1), utc(11, 8))) == 7


def test_a_time_that_the_clocks_skip_is_read_with_the_offset_before() -> None:
    found = starts("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "Europe/Berlin", utc(3, 28, 12), utc(3, 29, 12))
    assert found == [utc(3, 29, 1, 30)]


def test_every_second_week_does_not_depend_on_when_one_looks() -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;BYHOUR=14;BYMINUTE=0"
    whole = starts(rule, "UTC", utc(1, 1), utc(12, 31))
    parts = [starts(rule, "UTC", utc(1, 1) + timedelta(days=n), utc(1, 1) + timedelta(days=n + 1)) for n in range(364)]
    assert whole == [moment for part in parts for moment in part]
    assert ANCHOR.weekday() == 0


def test_a_rule_can_end() -> None:
    rule = "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;UNTIL=20261110T000000Z"
    assert starts(rule, "UTC", utc(11, 1), utc(12, 1)) == [utc(11, 2, 9), utc(11, 9, 9)]


@pytest.mark.parametrize("rule", [
    "", "nonsense", "BYDAY=MO", "FREQ=", "FREQ=MINUTELY", "FREQ=SECONDLY;BYDAY=MO", "FREQ=WEEKLY;INTERVAL=0",
    "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYHOUR=24", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYDAY=MO;",
    "FREQ=WEEKLY;UNTIL=20269999", "FREQ=WEEKLY\nRRULE:FREQ=DAILY", "DTSTART:20200101T000000\nRRULE:FREQ=DAILY",
])  # fmt: skip
def test_a_rule_that_office_hours_cannot_have_is_refused_at_once(rule: str) -> None:
    with pytest.raises(ValueError):
        starts(rule, "UTC", utc(11, 1), utc(11, 2))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "a" * 300])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError):
        starts("FREQ=DAILY", zone, utc(11, 1), utc(11, 2))


def test_a_naive_window_is_a_bug() -> None:
    with pytest.raises(ValueError):
        starts("FREQ=DAILY", "UTC", datetime(2026, 11, 1), utc(11, 2))


def test_an_invitation_is_one_event_in_utc() -> None:
    event = read(CALENDAR.invitation("r1@askwell", TimeSlot(utc(11, 24, 10), 45), "Storyline", ["ana@example.org", "Ben"]))
    assert (event["uid"], event["summary"], event["description"]) == ("r1@askwell", "Storyline", "With Ben")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (utc(11, 24, 10), utc(11, 24, 10, 45))
    assert event.decoded("dtstamp") == NOW
    assert event["attendee"] == "mailto:ana@example.org"


def test_an_invitation_cannot_be_broken_out_of() -> None:
    hostile = "x\r\nEND:VEVENT\r\nATTENDEE:mailto:eve@example.org"
    raw = CALENDAR.invitation(hostile, TimeSlot(utc(11, 24), 30), hostile, [hostile, "a@b\r\nATTACH:http://x"])
    event = read(raw)
    lines = raw.decode().replace("\r\n ", "").split("\r\n")
    assert sum(line.startswith("END:VEVENT") for line in lines) == 1
    assert not any(line.startswith(("ATTACH", "ATTENDEE")) for line in lines)
    assert "eve" in str(event["summary"])


def test_the_system_clock_is_aware_and_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def read(raw: bytes) -> Component:
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    return event


def utc(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)
