"""My people and my actions: read from the sessions that took place, each person's own, in an order one can rely on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from assistant.domain import stages as s
from assistant.domain.debrief import Debrief, Item, Owner
from assistant.ports import StoreUnavailable, Summary
from assistant.services.accounts.access import Actor
from assistant.services.ledger import Ledger
from assistant.services.views.overview import Action, Helper, Overview
from tests.fakes import TUESDAY_TEN, FakeMentors, House, done, refused
from tests.fakes.languages import FakeLanguage

BEN_TIME = datetime(2026, 11, 4, 14, tzinfo=UTC)
NOTES = "action: cut the deck\ncompetency: opens with the ask"


@pytest.fixture
def overview(house: House) -> Overview:
    return Overview(house.ledger, house.ports.index, house.directory, house.clock)


def agreed(*items: tuple[str, Owner | None, date | None]) -> FakeLanguage:
    """A language that finds exactly these actions in any notes that hold their words."""

    def read(notes: str, *_: Any) -> Debrief:
        return Debrief(tuple(Item("action", text, text, owner, due) for text, owner, due in items))

    return FakeLanguage(on_notes=read)


def debriefed(house: House, notes: str = NOTES, login: str = "lena", mentor: str = "ada", start: datetime = TUESDAY_TEN) -> str:
    """A request whose booked session was held and noted by the mentee."""
    request = house.to_offer(mentor, login)
    done(house.handoff.accept(house.mentor(mentor), request, start))
    house.clock.set(max(start, house.clock.now()))
    done(house.sessions.held(house.actor(login), request))
    done(house.debriefing.note(house.actor(login), request, notes))
    return request


def noted_actions(house: House, *items: tuple[str, Owner | None, date | None]) -> str:
    house.language.on_notes = agreed(*items).on_notes
    return debriefed(house, "\n".join(text for text, _, _ in items))


def test_without_a_session_there_is_nobody_and_nothing(house: House, overview: Overview) -> None:
    lena = house.actor("lena")
    house.open()
    house.to_offer()
    house.to_booking()
    done(house.handoff.withdraw(lena, house.to_booking(start=TUESDAY_TEN + timedelta(hours=1))))
    assert overview.people(lena) == overview.actions(lena) == ()


def test_who_helped_is_shown_with_what_they_attested(house: House, overview: Overview) -> None:
    lena, ada = house.actor("lena"), house.mentor("ada")
    request = debriefed(house)
    helper = Helper("ada", "Ada Rowntree", "Controller", "Finance", 1, TUESDAY_TEN, (request,), ())
    assert overview.people(lena) == (helper,)
    done(house.debriefing.report(lena, request, "can breathe"))
    assert overview.people(lena) == (helper,)
    done(house.debriefing.attest(ada, request, "opens with the ask"))
    done(house.debriefing.finish(lena, request))
    assert overview.people(lena) == (replace(helper, attested=("opens with the ask",)),)
    done(house.debriefing.attest(ada, request, "answers hard questions"))
    assert overview.people(lena) == (replace(helper, attested=("opens with the ask", "answers hard questions")),)


def test_the_last_to_help_comes_first_and_sessions_add_up(house: House, overview: Overview) -> None:
    first, by_ben = debriefed(house), debriefed(house, mentor="ben", start=BEN_TIME)
    written = house.to_offer("ada")
    done(house.handoff.accept(house.mentor("ada"), written, None))
    assert [helper.mentor for helper in done(overview.people(house.actor("lena")))] == ["ben", "ada"]
    back = house.clock.forward(hours=2)
    done(house.sessions.hand_back(house.mentor("ada"), written))
    ada, ben = done(overview.people(house.actor("lena")))
    assert (ada.mentor, ada.sessions, ada.last, ada.requests) == ("ada", 2, back, (written, first))
    assert (ben.mentor, ben.sessions, ben.last, ben.requests) == ("ben", 1, BEN_TIME, (by_ben,))


def test_what_was_attested_twice_is_said_once(house: House, overview: Overview) -> None:
    for start in (TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1)):
        request = debriefed(house, start=start)
        done(house.debriefing.attest(house.mentor("ada"), request, "opens with the ask"))
    (ada,) = done(overview.people(house.actor("lena")))
    assert (ada.sessions, ada.attested) == (2, ("opens with the ask",))


def test_a_cancelled_booking_helped_nobody(house: House, overview: Overview) -> None:
    request = house.to_booking()
    done(house.sessions.cancel(house.mentor("ada"), request))
    done(house.handoff.withdraw(house.actor("lena"), request))
    assert overview.people(house.actor("lena")) == ()


def test_a_mentor_who_left_is_still_who_helped(house: House, overview: Overview) -> None:
    request = debriefed(house)
    del house.directory.mentors["ada"]
    assert overview.people(house.actor("lena")) == (Helper("ada", "ada", "", "", 1, TUESDAY_TEN, (request,), ()),)


def test_an_action_says_where_it_comes_from(house: House, overview: Overview) -> None:
    request = noted_actions(house, ("cut the deck", "mentee", date(2026, 11, 9)))
    action = Action(request, "How do I face the board?", "cut the deck", "cut the deck", date(2026, 11, 9), False, "Ada Rowntree")
    assert overview.actions(house.actor("lena")) == (action,)
    done(house.debriefing.finish(house.actor("lena"), request))
    assert isinstance(house.load(request).stage, s.Closed)
    assert overview.actions(house.actor("lena")) == (action,)


def test_only_what_the_mentee_agreed_to_do(house: House, overview: Overview) -> None:
    noted_actions(
        house, ("send a sample", "mentor", None), ("meet again", "both", None), ("look into it", None, None),
        ("cut the deck", "mentee", None),
    )  # fmt: skip
    assert [action.text for action in done(overview.actions(house.actor("lena")))] == ["meet again", "cut the deck"]


def test_a_takeaway_is_no_action(house: House, overview: Overview) -> None:
    house.language.on_notes = lambda *_: Debrief(
        (Item("takeaway", "less", "less", "mentee"), Item("proposal", "try", "try", "both"))
    )
    debriefed(house, "less\ntry")
    assert overview.actions(house.actor("lena")) == ()


def test_due_first_and_undated_last_over_all_requests(house: House, overview: Overview) -> None:
    noted_actions(house, ("some day", "mentee", None), ("on Friday", "mentee", date(2026, 11, 6)))
    house.language.on_notes = agreed(("any time", "mentee", None), ("on Thursday", "mentee", date(2026, 11, 5))).on_notes
    debriefed(house, "any time\non Thursday", mentor="ben", start=BEN_TIME)
    found = done(overview.actions(house.actor("lena")))
    assert [action.text for action in found] == ["on Thursday", "on Friday", "any time", "some day"]
    assert [action.with_ for action in found] == ["Ben Okonjo", "Ada Rowntree", "Ben Okonjo", "Ada Rowntree"]


@pytest.mark.parametrize(
    ("zone", "now", "overdue"),
    [("Europe/Berlin", "2026-11-05T22:59+00:00", False), ("Europe/Berlin", "2026-11-05T23:00+00:00", True),
     ("America/New_York", "2026-11-06T04:59+00:00", False), ("America/New_York", "2026-11-06T05:00+00:00", True),
     ("Asia/Kolkata", "2026-11-05T18:30+00:00", True)],
)  # fmt: skip
def test_overdue_begins_the_day_after_where_the_mentee_is(
    house: House, overview: Overview, zone: str, now: str, overdue: bool
) -> None:
    noted_actions(house, ("cut the deck", "mentee", date(2026, 11, 5)), ("some day", "mentee", None))
    house.clock.set(datetime.fromisoformat(now))
    found = done(overview.actions(replace(house.actor("lena"), time_zone=zone)))
    assert [action.overdue for action in found] == [overdue, False]


def test_what_lapsed_is_no_longer_to_do_but_who_helped_stays(house: House, overview: Overview) -> None:
    request = noted_actions(house, ("cut the deck", "mentee", None))
    house.clock.forward(days=40)
    assert house.due_jobs.tick().lapsed == 1
    assert house.load(request).stage == s.Closed(s.Outcome.EXPIRED)
    assert overview.actions(house.actor("lena")) == ()
    assert len(done(overview.people(house.actor("lena")))) == 1


def test_new_notes_replace_the_actions(house: House, overview: Overview) -> None:
    request = noted_actions(house, ("cut the deck", "mentee", None))
    assert [action.text for action in done(overview.actions(house.actor("lena")))] == ["cut the deck"]
    house.language.on_notes = agreed(("call the CFO", "both", None)).on_notes
    done(house.debriefing.note(house.mentor("ada"), request, "call the CFO"))
    assert [action.text for action in done(overview.actions(house.actor("lena")))] == ["call the CFO"]


def test_everybody_sees_their_own(house: House, overview: Overview) -> None:
    noted_actions(house, ("cut the deck", "mentee", None))
    assert overview.people(house.actor("mika")) == overview.actions(house.actor("mika")) == ()
    assert overview.people(house.actor("login-cleo")) == ()
    for other in (house.mentor("ada"), house.actor("petra"), house.actor("alasdair"), Actor("lena")):
        refused(overview.people(other), "role")
        refused(overview.actions(other), "role")


class Counting:
    """A RequestStore that counts how often events are read."""

    def __init__(self, store: Any) -> None:
        self._store, self.reads = store, 0

    def events(self, request_id: str) -> Any:
        self.reads += 1
        return self._store.events(request_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def test_only_what_may_have_had_a_session_is_read_and_only_when_it_changed(house: House) -> None:
    lena, store = house.actor("lena"), Counting(house.ports.store)
    overview = Overview(Ledger(store), house.ports.index, house.directory, house.clock)
    for _ in range(3):
        house.open()
    house.to_booking()
    request = debriefed(house, start=TUESDAY_TEN + timedelta(hours=1))
    assert (len(done(overview.people(lena))), store.reads) == (1, 1)
    done(overview.actions(lena))
    assert store.reads == 1
    done(house.debriefing.attest(house.mentor("ada"), request, "opens with the ask"))
    assert [helper.attested for helper in done(overview.people(lena))] == [("opens with the ask",)]
    assert store.reads == 2


def test_a_store_that_is_away_is_said_so() -> None:
    class Away:
        def of_mentee(self, mentee: str) -> tuple[Summary, ...]:
            raise StoreUnavailable("locked")

    overview = Overview(Ledger(None), Away(), FakeMentors(), None)  # type: ignore[arg-type]
    refused(overview.people(Actor("lena", frozenset({"mentee"}))), "storage")
    refused(overview.actions(Actor("lena", frozenset({"mentee"}))), "storage")
