"""An import is checked with what uses it later, and a bad mentor of an older version ends nobody's turn."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from assistant.adapters import profile_directory
from assistant.adapters.ics_calendar import IcsCalendar
from assistant.adapters.profile_directory import ProfileDirectory, as_mentor
from assistant.adapters.store.memory_store import MemoryStore
from assistant.adapters.time_zones import NEWER_WINDOWS, zone_named
from assistant.diagnosis.mentors import MOST_NAMED, checked
from assistant.domain.schedule import Block, is_zone
from assistant.services.matching.availability import FreeSlots
from retrieval.passage import Profile
from tests.fakes import SettableClock
from tests.imports import NOW, RULE, checker, slots

GOOD = Profile("m1", "Ann", "Host", "Quality", "senior", "Europe/Berlin", ("en",), (), ("call",), 3, RULE, "I host panels.")
SET_POSITION = "FREQ=MONTHLY;BYDAY=TU;BYHOUR=14;BYMINUTE=0;BYSETPOS=1/PT60M"
STORED_BADLY = [
    {"office_hours": SET_POSITION}, {"office_hours": "FREQ=WEEKLY;BYDAY=TU/PT60M"},
    {"office_hours": "FREQ=DAILY;BYHOUR=9;COUNT=3/PT60M"},
    {"office_hours": "Tuesdays at two"}, {"office_hours": "FREQ=WEEKLY;BYDAY=TU;BYHOUR=14;UNTIL=20269999/PT60M"},
    {"time_zone": "GMT+1"}, {"time_zone": "Mars/Olympus"}, {"time_zone": "\x00"},
]  # fmt: skip
HOURS = "FREQ=WEEKLY;BYDAY=TU;BYHOUR=14;BYMINUTE=0"


@pytest.mark.parametrize(("hours", "says"), [
    (SET_POSITION, "BYSETPOS=1"), (f"{HOURS};UNTIL=20251231/PT60M", "no time in the coming two years"),
    (f"{HOURS};UNTIL=20269999/PT60M", "cannot be used"), (f"{HOURS};UNTIL=00000000/PT60M", "cannot be used"),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=TU;BYHOUR=9/PT60M", "no time in the coming two years"),
    ("FREQ=MONTHLY;INTERVAL=99;BYMONTHDAY=1;BYHOUR=9/PT60M", "no time in the coming two years"),
    (f"{HOURS}/PT15M", "no room for 30 minutes"),
    ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=14;BYMINUTE=10/PT30M", "no room for 30 minutes"),
])  # fmt: skip
def test_hours_that_would_never_give_a_slot_are_refused(hours: str, says: str) -> None:
    (fault,) = checker()(replace(GOOD, office_hours=hours)).refused
    assert fault.column == "office_hours"
    assert says in fault.problem


@pytest.mark.parametrize("hours", [
    f"{HOURS}/PT30M", f"{HOURS};UNTIL=20261231/PT60M", "FREQ=MONTHLY;BYDAY=5TU;BYHOUR=9/PT60M",
    "FREQ=MONTHLY;BYMONTHDAY=31;BYHOUR=9/PT60M",
    "FREQ=WEEKLY;BYDAY=TU;BYHOUR=14;BYMINUTE=10/PT60M", "FREQ=WEEKLY;INTERVAL=4;BYDAY=TU;BYHOUR=9/PT45M", "",
])  # fmt: skip
def test_hours_that_give_slots_are_taken(hours: str) -> None:
    found = checker()(replace(GOOD, office_hours=hours))
    assert found.refused == ()
    assert bool(hours) is any(slots(found.profile, now=NOW + timedelta(days=20 * n)) for n in range(10))


def test_every_name_of_windows_is_a_zone_and_the_newer_ones_are_missing_from_the_table() -> None:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    names = {**WINDOWS_TO_OLSON, **NEWER_WINDOWS}
    assert len(names) >= 142
    assert {name for name in names if not is_zone(zone_named(name) or "")} == set()
    assert not NEWER_WINDOWS.keys() & WINDOWS_TO_OLSON.keys()


@pytest.mark.parametrize("stored", STORED_BADLY)
def test_a_mentor_stored_badly_has_no_slots_and_doctor_says_so(stored: dict[str, str]) -> None:
    bad = replace(GOOD, **stored)  # type: ignore[arg-type]
    assert slots(bad) == []
    (finding,) = checked([bad], checker())
    assert finding.level == "fault"
    assert "m1" in finding.sentence
    assert "office_hours" in finding.sentence or "time_zone" in finding.sentence


def test_a_mentor_stored_badly_is_logged_once_without_values(caplog: pytest.LogCaptureFixture) -> None:
    bad = replace(GOOD, office_hours=SET_POSITION)
    profile_directory._warn_once.cache_clear()
    as_mentor.cache_clear()
    with caplog.at_level(logging.WARNING, profile_directory.__name__):
        for _ in range(5):
            assert as_mentor(bad).blocks == ()
    (record,) = caplog.records
    assert "askwell doctor" in record.getMessage()
    assert "BYSETPOS" not in caplog.text


def test_one_bad_block_leaves_the_good_ones() -> None:
    assert [block.minutes for block in as_mentor(replace(GOOD, office_hours=f"{SET_POSITION} | {RULE}")).blocks] == [60]


class Profiles:
    def profiles(self, ids: Iterable[str] | None = None) -> dict[str, Profile]:
        return {bad.id: bad for bad in (GOOD, *(replace(GOOD, id=f"b{n}", **s) for n, s in enumerate(STORED_BADLY)))}  # type: ignore[arg-type]


def test_a_directory_with_bad_mentors_serves_the_good_one() -> None:
    free = FreeSlots(IcsCalendar(SettableClock(NOW)), MemoryStore())
    found = {mentor.id: free.first(mentor, 30, NOW) for mentor in ProfileDirectory(Profiles()).all()}
    assert len(found) == len(STORED_BADLY) + 1
    assert [key for key, first in found.items() if first] == ["m1"]


class Stubborn(IcsCalendar):
    """A calendar that cannot expand one block, whatever the reason."""

    def occurrences(self, block: Block, time_zone: str, start: datetime, end: datetime) -> Iterable[datetime]:
        if block.minutes == 90:
            raise OverflowError
        return super().occurrences(block, time_zone, start, end)


def test_a_block_that_the_calendar_cannot_expand_offers_nothing_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    free = FreeSlots(Stubborn(SettableClock(NOW)), MemoryStore())
    mentor = as_mentor(replace(GOOD, office_hours=f"{RULE} | {HOURS.replace('TU', 'WE')}/PT90M"))
    with caplog.at_level(logging.WARNING):
        found = [list(free.available([mentor], NOW).free(mentor, 30)) for _ in range(3)]
    assert {slot.start.weekday() for slot in found[0]} == {1}
    assert len(caplog.records) == 1


def test_doctor_names_twenty_and_counts_the_others() -> None:
    many = [replace(GOOD, id=f"b{n}", office_hours="soon") for n in range(MOST_NAMED + 7)]
    found = list(checked([GOOD, *many], checker()))
    assert len(found) == MOST_NAMED + 1
    assert "7 more" in found[-1].sentence
    assert [finding.level for finding in checked([GOOD], checker())] == ["ok"]
    assert [finding.level for finding in checked([], checker())] == ["note"]
