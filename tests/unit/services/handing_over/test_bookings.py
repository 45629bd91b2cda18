"""Time that is taken and given back, deadlines, notes: what must hold around a handoff, over the real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain import stages as s
from tests.fakes import MONDAY, TUESDAY_TEN, FakeApp, done, refused


@pytest.fixture
def wired(sql_app: FakeApp) -> FakeApp:
    return sql_app


def test_withdraw_frees_the_slot(wired: FakeApp) -> None:
    request = wired.to_booking()
    assert TUESDAY_TEN in wired.ports.bookings.taken(["ada"], MONDAY, MONDAY + timedelta(days=7)).get("ada", frozenset())
    done(wired.handoff.withdraw(wired.actor("lena"), request))
    assert wired.ports.bookings.taken(["ada"], MONDAY, MONDAY + timedelta(days=7)).get("ada", frozenset()) == frozenset()
    assert wired.ports.bookings.load("ada", "2026-W45") == 0
    wired.to_booking("mika")
    assert [n.topic for n in wired.notes() if n.to == "mentor:ada"][-1] == "booked_mentor"
    refused(wired.handoff.withdraw(wired.actor("lena"), request), "wrong_stage")


def test_the_mentor_cancels_and_the_brief_is_kept(wired: FakeApp) -> None:
    lena, request = wired.actor("lena"), wired.to_brief()
    done(wired.briefing.edit(lena, request, "background", "the CFO is new"))
    done(wired.briefing.approve(lena, request, wired.brief_hash(request)))
    done(wired.handoff.accept(wired.mentor("ada"), request, TUESDAY_TEN))
    done(wired.sessions.cancel(wired.mentor("ada"), request, "ill"))
    assert isinstance(wired.load(request).stage, s.Ready)
    assert wired.ports.bookings.load("ada", "2026-W45") == 0
    assert "your brief is kept" in next(n.body for n in wired.notes() if n.topic == "cancelled")
    wired.say(request, "2")
    brief = wired.load(request).brief
    assert brief is not None
    assert brief.field("background").text == "the CFO is new"


def test_move_takes_the_new_time_or_keeps_the_old_one(wired: FakeApp) -> None:
    lena, ada = wired.actor("lena"), wired.mentor("ada")
    request, other = wired.to_booking(), wired.to_booking("mika", TUESDAY_TEN + timedelta(minutes=30))
    refused(wired.sessions.move(lena, request, TUESDAY_TEN + timedelta(minutes=30)), "slot_taken")
    assert TUESDAY_TEN in wired.ports.bookings.taken(["ada"], MONDAY, MONDAY + timedelta(days=7)).get("ada", frozenset())
    refused(wired.sessions.move(lena, request, TUESDAY_TEN + timedelta(seconds=30)), "no_such_slot")
    done(wired.sessions.move(ada, request, TUESDAY_TEN + timedelta(hours=1)))
    stage = wired.load(request).stage
    assert isinstance(stage, s.Booked)
    assert stage.slot.start == TUESDAY_TEN + timedelta(hours=1)
    done(wired.sessions.move(wired.actor("mika"), other, TUESDAY_TEN))


def test_a_mentee_is_in_one_place_at_a_time(wired: FakeApp) -> None:
    wednesday = datetime(2026, 11, 4, 14, tzinfo=UTC)
    wired.directory.mentors["cleo"] = replace(wired.directory.mentors["ben"], id="cleo", name="Cleo Marchetti", capacity=3)
    first, second = wired.to_offer("ben"), wired.to_offer("cleo")
    done(wired.handoff.accept(wired.mentor("ben"), first, wednesday))
    refused(wired.handoff.accept(wired.mentor("cleo"), second, wednesday), "mentee_busy")
    done(wired.handoff.accept(wired.mentor("cleo"), second, wednesday + timedelta(minutes=30)))


def test_untouched_for_a_month_it_lapses_unless_people_are_at_it(wired: FakeApp) -> None:
    quiet, exchange = wired.open(), wired.to_offer()
    done(wired.handoff.accept(wired.mentor("ada"), exchange, None))
    wired.clock.forward(days=30)
    assert wired.due_jobs.tick().lapsed == 1
    assert wired.load(quiet).stage == s.Closed(s.Outcome.EXPIRED)
    assert isinstance(wired.load(exchange).stage, s.Exchanging)


def test_a_note_that_cannot_be_delivered_waits_and_comes_once(wired: FakeApp) -> None:
    wired.notifier.broken = True
    wired.to_offer()
    assert wired.due_jobs.deliver() == 0
    wired.notifier.broken = False
    assert wired.due_jobs.deliver() == 0
    wired.clock.forward(minutes=5)
    assert wired.due_jobs.deliver() == 1
    assert wired.due_jobs.deliver() == 0


def test_new_words_for_an_approved_brief_need_a_new_approval(wired: FakeApp) -> None:
    lena, request = wired.actor("lena"), wired.to_brief()
    seen = wired.brief_hash(request)
    wired.say(request, "tried: two drafts")
    refused(wired.briefing.approve(lena, request, seen), "stale_approval")
    done(wired.briefing.only_to(lena, request, ("ben",)))
    fresh = wired.brief_hash(request)
    done(wired.briefing.approve(lena, request, fresh))
    assert (wired.offer_of(request).mentor, wired.offer_of(request).rest) == ("ben", ())
