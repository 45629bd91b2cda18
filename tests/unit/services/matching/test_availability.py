"""Free time: inside the office hours, on the quarter hour, within the week's capacity, and right when clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.mentor import Mentor
from assistant.domain.need import Need
from assistant.domain.schedule import Block, TimeSlot, week_of
from assistant.domain.stages import Booked, Offered
from retrieval.people.experts import ExpertHit
from tests.fakes import MENTORS, MONDAY, FakeApp, SettableClock, done, memory_ports, profile, refused

ADA = MENTORS["ada"]


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]


def with_block(minutes: int, rule: str = "FREQ=WEEKLY;BYDAY=TU;BYHOUR=10;BYMINUTE=0", zone: str = "Europe/London") -> Mentor:
    return replace(ADA, time_zone=zone, blocks=(Block(rule, minutes),))


def book(wired: FakeApp, request: str, mentor: str, slot: TimeSlot | None, login: str = "lena") -> None:
    """Put a booking into the store as an acceptance does."""
    offered(wired, request, mentor, login)
    done(wired.handoff.accept(wired.mentor(mentor), request, slot.start if slot else None))


def offered(wired: FakeApp, request: str, mentor: str, login: str = "lena") -> None:
    actor = wired.actor(login)
    done(wired.conversation.open(actor, request))
    for n, words in enumerate(("task: present to the board\noutcome: a yes\ncontext: new CFO", "yes")):
        done(wired.conversation.say(actor, request, f"m{n}", words))
    done(wired.briefing.choose(actor, request, mentor))
    done(wired.briefing.only_to(actor, request, (mentor,)))
    done(wired.briefing.ready_to_note(actor, request))
    done(wired.briefing.approve(actor, request, wired.brief_hash(request)))


@pytest.mark.parametrize("minutes", [90, 120, 180, 240])
@pytest.mark.parametrize("now", [at(2026, 11, 3, 8), at(2026, 11, 3, 9, 30), at(2026, 11, 3, 10, 50)])
def test_every_slot_that_is_shown_can_be_taken(memory_app: FakeApp, minutes: int, now: datetime) -> None:
    mentor = with_block(minutes)
    shown = list(memory_app.slots.available([mentor], now).free(mentor, 30))
    assert shown
    assert all(memory_app.slots.offers(mentor, slot, now) for slot in shown)


def test_the_rest_of_a_long_block_that_has_begun_is_still_free(memory_app: FakeApp) -> None:
    first = memory_app.slots.first(with_block(240), 30, at(2026, 11, 3, 10, 20))[0]
    assert first.start == at(2026, 11, 3, 12, 30)


@pytest.mark.parametrize("minutes", [15, 20, 25, 30, 40, 45, 50, 60])
@pytest.mark.parametrize("opening", [0, 5, 10, 40])
def test_odd_lengths_and_odd_hours_are_shown_only_where_they_can_be_taken(
    memory_app: FakeApp, minutes: int, opening: int
) -> None:
    mentor = with_block(90, f"FREQ=WEEKLY;BYDAY=TU;BYHOUR=10;BYMINUTE={opening}")
    for slot in memory_app.slots.available([mentor], MONDAY).free(mentor, minutes):
        assert memory_app.slots.offers(mentor, slot, MONDAY)


@pytest.mark.parametrize(
    "start",
    [at(2026, 11, 3, 10, 0, 1), at(2026, 11, 3, 10, 0, 0, 1), at(2026, 11, 3, 10, 7), at(2026, 11, 3, 11, 15),
     at(2026, 11, 3, 9, 45), at(2026, 10, 27, 10)],
)  # fmt: skip
def test_a_time_off_the_grid_outside_the_hours_or_past_is_not_offered(memory_app: FakeApp, start: datetime) -> None:
    assert not memory_app.slots.offers(ADA, TimeSlot(start, 30), MONDAY)


def test_a_second_off_the_quarter_is_no_way_into_a_taken_time(wired: FakeApp) -> None:
    ten = TimeSlot(at(2026, 11, 3, 10), 30)
    book(wired, "r1", "ada", ten)
    offered(wired, "r2", "ada", "mika")
    refused(wired.handoff.accept(wired.mentor("ada"), "r2", ten.start), "slot_taken")
    refused(wired.handoff.accept(wired.mentor("ada"), "r2", ten.start + timedelta(seconds=1)), "no_such_slot")
    assert isinstance(wired.load("r2").stage, Offered)


def test_a_time_in_another_zone_is_the_same_time(wired: FakeApp) -> None:
    book(wired, "r1", "ada", TimeSlot(at(2026, 11, 3, 10), 30))
    offered(wired, "r2", "ada", "mika")
    there = at(2026, 11, 3, 10, 30).astimezone(ZoneInfo("Asia/Kolkata"))
    stage = done(wired.handoff.accept(wired.mentor("ada"), "r2", there)).stage
    assert isinstance(stage, Booked)
    assert stage.slot.start.tzinfo is UTC
    assert at(2026, 11, 3, 10, 30) in wired.ports.bookings.taken(["ada"], MONDAY, MONDAY + timedelta(days=7))["ada"]


def test_a_full_week_is_not_shown(wired: FakeApp) -> None:
    book(wired, "r1", "ben", TimeSlot(at(2026, 11, 4, 14), 30))
    assert wired.slots.first(MENTORS["ben"], 30, MONDAY)[0].start == at(2026, 11, 11, 14)
    assert wired.slots.spare(MENTORS["ben"], MONDAY) == 0


def test_a_written_exchange_takes_a_seat_of_the_week(wired: FakeApp) -> None:
    book(wired, "r1", "ben", None)
    offered(wired, "r2", "ben", "mika")
    refusal = refused(wired.handoff.accept(wired.mentor("ben"), "r2", at(2026, 11, 4, 14)), "capacity")
    assert "Ben Okonjo" in refusal.say


def test_a_block_over_midnight_on_sunday_counts_for_the_week_of_the_slot(memory_app: FakeApp) -> None:
    mentor = replace(with_block(90, "FREQ=WEEKLY;BYDAY=SU;BYHOUR=23;BYMINUTE=15"), capacity=1)
    memory_app.directory.mentors["ada"] = mentor
    book(memory_app, "r1", "ada", TimeSlot(at(2026, 11, 9, 0), 30))
    assert week_of(at(2026, 11, 9, 0), "Europe/London") == "2026-W46"
    for slot in memory_app.slots.available([mentor], MONDAY).free(mentor, 30):
        assert memory_app.ports.bookings.load("ada", week_of(slot.start, "Europe/London")) == 0


def test_slots_of_overlapping_blocks_come_in_order(memory_app: FakeApp) -> None:
    late, early = Block("FREQ=WEEKLY;BYDAY=TU;BYHOUR=10;BYMINUTE=30", 60), Block("FREQ=WEEKLY;BYDAY=TU;BYHOUR=10;BYMINUTE=0", 90)
    slots = list(memory_app.slots.available([ADA], MONDAY).free(replace(ADA, blocks=(late, early)), 30))
    assert [slot.start for slot in slots] == sorted({slot.start for slot in slots})


# Clocks change in 2027: in London on 28 March and 31 October, in New York on 14 March.


@pytest.mark.parametrize(
    ("mentor", "now", "starts"),
    [
        ("ada", at(2027, 3, 22, 6), [at(2027, 3, 23, 10), at(2027, 3, 25, 15), at(2027, 3, 30, 9), at(2027, 4, 1, 14)]),
        ("ben", at(2027, 3, 8, 6), [at(2027, 3, 10, 14), at(2027, 3, 17, 13), at(2027, 3, 24, 13)]),
        ("ada", at(2027, 10, 25, 6), [at(2027, 10, 26, 9), at(2027, 10, 28, 14), at(2027, 11, 2, 10), at(2027, 11, 4, 15)]),
    ],
)
def test_office_hours_keep_their_wall_time(memory_app: FakeApp, mentor: str, now: datetime, starts: list[datetime]) -> None:
    openings = [slot.start for slot in memory_app.slots.available([MENTORS[mentor]], now).free(MENTORS[mentor], 60)]
    assert openings[: len(starts)] == starts


def test_a_block_in_the_hour_that_is_skipped_or_comes_twice_is_there_once(memory_app: FakeApp) -> None:
    for now in (at(2027, 3, 22), at(2027, 10, 25)):
        mentor = with_block(30, "FREQ=WEEKLY;BYDAY=SU;BYHOUR=1;BYMINUTE=30")
        free = memory_app.slots.available([mentor], now).free(mentor, 30)
        sunday = [slot for slot in free if slot.start < now + timedelta(days=9)]
        assert len(sunday) == 1


def test_a_deadline_is_forty_eight_real_hours_on_both_sides_of_a_change() -> None:
    wired = FakeApp(memory_ports(), SettableClock(at(2027, 3, 27, 12)))
    offered(wired, "r1", "ada")
    stage = wired.load("r1").stage
    assert isinstance(stage, Offered)
    assert stage.due == at(2027, 3, 29, 12)
    assert "Mon 29 Mar 14:00" in wired.wording.next_step(wired.load("r1"), "Europe/Berlin")
    assert "since Sat 27 Mar 13:00" in wired.wording.next_step(wired.load("r1"), "Europe/Berlin")
    wired.clock.set(at(2027, 3, 29, 11, 59))
    assert wired.due_jobs.tick().expired == 0
    wired.clock.set(at(2027, 3, 29, 12))
    assert wired.due_jobs.tick().expired == 1


def test_who_is_free_first_comes_first_also_from_the_ninth_to_the_tenth(memory_app: FakeApp) -> None:
    zones = {"ada": ("TU", 10), "ben": ("MO", 9), "cleo": ("WE", 8)}
    for mentor, (day, hour) in zones.items():
        rule = f"FREQ=WEEKLY;BYDAY={day};BYHOUR={hour};BYMINUTE=0"
        changed = replace(MENTORS[mentor], time_zone="UTC", blocks=(Block(rule, 60),))
        memory_app.directory.mentors[mentor] = changed
    matches = memory_app.matcher.soonest(at(2026, 11, 8, 12), "UTC", exclude={"dov"})
    assert [match.mentor for match in matches] == ["ben", "ada", "cleo"]


def test_nobody_without_hours_and_without_a_seat_is_suggested(wired: FakeApp) -> None:
    people = [ExpertHit(profile(MENTORS["dov"]), 0.9, "I have done this.", ())]
    assert [m.mentor for m in wired.matcher.match(Need(), people, MONDAY, "UTC")] == ["dov"]
    wired.directory.mentors["dov"] = replace(MENTORS["dov"], capacity=0)
    assert wired.matcher.match(Need(), people, MONDAY, "UTC") == ()


def test_a_slot_by_day_for_the_mentee_goes_before_an_earlier_one_at_night(memory_app: FakeApp) -> None:
    night, day = Block("FREQ=WEEKLY;BYDAY=MO;BYHOUR=2;BYMINUTE=0", 60), Block("FREQ=WEEKLY;BYDAY=FR;BYHOUR=10;BYMINUTE=0", 60)
    memory_app.directory.mentors["ada"] = replace(MENTORS["ada"], time_zone="UTC", blocks=(night, day))
    slots, now = memory_app.matcher._slots, at(2026, 11, 8, 12)
    assert slots.first(memory_app.directory.mentors["ada"], 30, now)[0].start == at(2026, 11, 9, 2)
    assert slots.first(memory_app.directory.mentors["ada"], 30, now, zone="UTC")[0].start == at(2026, 11, 13, 10)
    assert slots.first(memory_app.directory.mentors["ada"], 30, now, zone="Asia/Tokyo")[0].start == at(2026, 11, 9, 2)
