"""Time that is taken and given back, deadlines, notes: what must hold around a handoff, over the real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain import stages as s
from tests.fakes import MONDAY, TUESDAY_TEN, House, done, refused


@pytest.fixture
def house(sql_house: House) -> House:
    return sql_house


def held(house: House, request: str) -> s.Offered:
    stage = house.load(request).stage
    assert isinstance(stage, s.Offered)
    return stage


def test_withdraw_frees_the_slot(house: House) -> None:
    request = house.to_booking()
    assert TUESDAY_TEN in house.ports.bookings.taken(["ada"], MONDAY, MONDAY + timedelta(days=7)).get("ada", frozenset())
    done(house.handoff.withdraw(house.actor("lena"), request))
    assert house.ports.bookings.taken(["ada"], MONDAY, MONDAY + timedelta(days=7)).get("ada", frozenset()) == frozenset()
    assert house.ports.bookings.load("ada", "2026-W45") == 0
    house.to_booking("mika")
    assert [n.topic for n in house.notes() if n.to == "mentor:ada"][-1] == "booked_mentor"
    refused(house.handoff.withdraw(house.actor("lena"), request), "wrong_stage")


def test_the_mentor_cancels_and_the_brief_is_kept(house: House) -> None:
    lena, request = house.actor("lena"), house.to_brief()
    done(house.briefing.edit(lena, request, "background", "the CFO is new"))
    done(house.briefing.approve(lena, request, house.brief_hash(request)))
    done(house.handoff.accept(house.mentor("ada"), request, TUESDAY_TEN))
    done(house.sessions.cancel(house.mentor("ada"), request, "ill"))
    assert isinstance(house.load(request).stage, s.Ready)
    assert house.ports.bookings.load("ada", "2026-W45") == 0
    assert "your brief is kept" in next(n.body for n in house.notes() if n.topic == "cancelled")
    house.say(request, "2")
    brief = house.load(request).brief
    assert brief is not None
    assert brief.field("background").text == "the CFO is new"


def test_move_takes_the_new_time_or_keeps_the_old_one(house: House) -> None:
    lena, ada = house.actor("lena"), house.mentor("ada")
    request, other = house.to_booking(), house.to_booking("mika", TUESDAY_TEN + timedelta(minutes=30))
    refused(house.sessions.move(lena, request, TUESDAY_TEN + timedelta(minutes=30)), "slot_taken")
    assert TUESDAY_TEN in house.ports.bookings.taken(["ada"], MONDAY, MONDAY + timedelta(days=7)).get("ada", frozenset())
    refused(house.sessions.move(lena, request, TUESDAY_TEN + timedelta(seconds=30)), "no_such_slot")
    done(house.sessions.move(ada, request, TUESDAY_TEN + timedelta(hours=1)))
    stage = house.load(request).stage
    assert isinstance(stage, s.Booked)
    assert stage.slot.start == TUESDAY_TEN + timedelta(hours=1)
    done(house.sessions.move(house.actor("mika"), other, TUESDAY_TEN))


def test_a_mentee_is_in_one_place_at_a_time(house: House) -> None:
    wednesday = datetime(2026, 11, 4, 14, tzinfo=UTC)
    house.directory.mentors["cleo"] = replace(house.directory.mentors["ben"], id="cleo", name="Cleo Marchetti", capacity=3)
    first, second = house.to_offer("ben"), house.to_offer("cleo")
    done(house.handoff.accept(house.mentor("ben"), first, wednesday))
    refused(house.handoff.accept(house.mentor("cleo"), second, wednesday), "mentee_busy")
    done(house.handoff.accept(house.mentor("cleo"), second, wednesday + timedelta(minutes=30)))


def test_untouched_for_a_month_it_lapses_unless_people_are_at_it(house: House) -> None:
    quiet, exchange = house.open(), house.to_offer()
    done(house.handoff.accept(house.mentor("ada"), exchange, None))
    house.clock.forward(days=30)
    assert house.due_jobs.tick().lapsed == 1
    assert house.load(quiet).stage == s.Closed(s.Outcome.EXPIRED)
    assert isinstance(house.load(exchange).stage, s.Exchanging)


def test_a_note_that_cannot_be_delivered_waits_and_comes_once(house: House) -> None:
    house.notifier.broken = True
    house.to_offer()
    assert house.due_jobs.deliver() == 0
    house.notifier.broken = False
    assert house.due_jobs.deliver() == 0
    house.clock.forward(minutes=5)
    assert house.due_jobs.deliver() == 1
    assert house.due_jobs.deliver() == 0


def test_new_words_for_an_approved_brief_need_a_new_approval(house: House) -> None:
    lena, request = house.actor("lena"), house.to_brief()
    seen = house.brief_hash(request)
    house.say(request, "tried: two drafts")
    refused(house.briefing.approve(lena, request, seen), "stale_approval")
    done(house.briefing.only_to(lena, request, ("ben",)))
    fresh = house.brief_hash(request)
    done(house.briefing.approve(lena, request, fresh))
    assert (held(house, request).mentor, held(house, request).rest) == ("ben", ())
