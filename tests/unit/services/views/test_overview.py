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
from tests.fakes import TUESDAY_TEN, FakeApp, FakeMentors, done, refused
from tests.fakes.languages import FakeLanguage

BEN_TIME = datetime(2026, 11, 4, 14, tzinfo=UTC)
NOTES = "action: cut the deck\ncompetency: opens with the ask"


@pytest.fixture
def overview(wired: FakeApp) -> Overview:
    return Overview(wired.ledger, wired.ports.index, wired.directory, wired.clock)


def agreed(*items: tuple[str, Owner | None, date | None]) -> FakeLanguage:
    """A language that finds exactly these actions in any notes that hold their words."""

    def read(notes: str, *_: Any) -> Debrief:
        return Debrief(tuple(Item("action", text, text, owner, due) for text, owner, due in items))

    return FakeLanguage(on_notes=read)


def debriefed(wired: FakeApp, notes: str = NOTES, login: str = "lena", mentor: str = "ada", start: datetime = TUESDAY_TEN) -> str:
    """A request whose booked session was held and noted by the mentee."""
    request = wired.to_offer(mentor, login)
    done(wired.handoff.accept(wired.mentor(mentor), request, start))
    wired.clock.set(max(start, wired.clock.now()))
    done(wired.sessions.held(wired.actor(login), request))
    done(wired.debriefing.note(wired.actor(login), request, notes))
    return request


def noted_actions(wired: FakeApp, *items: tuple[str, Owner | None, date | None]) -> str:
    wired.language.on_notes = agreed(*items).on_notes
    return debriefed(wired, "\n".join(text for text, _, _ in items))


def test_without_a_session_there_is_nobody_and_nothing(wired: FakeApp, overview: Overview) -> None:
    lena = wired.actor("lena")
    wired.open()
    wired.to_offer()
    wired.to_booking()
    done(wired.handoff.withdraw(lena, wired.to_booking(start=TUESDAY_TEN + timedelta(hours=1))))
    assert overview.people(lena) == overview.actions(lena) == ()


def test_who_helped_is_shown_with_what_they_attested(wired: FakeApp, overview: Overview) -> None:
    lena, ada = wired.actor("lena"), wired.mentor("ada")
    request = debriefed(wired)
    helper = Helper("ada", "Ada Rowntree", "Controller", "Finance", 1, TUESDAY_TEN, (request,), ())
    assert overview.people(lena) == (helper,)
    done(wired.debriefing.report(lena, request, "can breathe"))
    assert overview.people(lena) == (helper,)
    done(wired.debriefing.attest(ada, request, "opens with the ask"))
    done(wired.debriefing.finish(lena, request))
    assert overview.people(lena) == (replace(helper, attested=("opens with the ask",)),)
    done(wired.debriefing.attest(ada, request, "answers hard questions"))
    assert overview.people(lena) == (replace(helper, attested=("opens with the ask", "answers hard questions")),)


def test_the_last_to_help_comes_first_and_sessions_add_up(wired: FakeApp, overview: Overview) -> None:
    first, by_ben = debriefed(wired), debriefed(wired, mentor="ben", start=BEN_TIME)
    written = wired.to_offer("ada")
    done(wired.handoff.accept(wired.mentor("ada"), written, None))
    assert [helper.mentor for helper in done(overview.people(wired.actor("lena")))] == ["ben", "ada"]
    back = wired.clock.forward(hours=2)
    done(wired.sessions.hand_back(wired.mentor("ada"), written))
    ada, ben = done(overview.people(wired.actor("lena")))
    assert (ada.mentor, ada.sessions, ada.last, ada.requests) == ("ada", 2, back, (written, first))
    assert (ben.mentor, ben.sessions, ben.last, ben.requests) == ("ben", 1, BEN_TIME, (by_ben,))


def test_what_was_attested_twice_is_said_once(wired: FakeApp, overview: Overview) -> None:
    for start in (TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1)):
        request = debriefed(wired, start=start)
        done(wired.debriefing.attest(wired.mentor("ada"), request, "opens with the ask"))
    (ada,) = done(overview.people(wired.actor("lena")))
    assert (ada.sessions, ada.attested) == (2, ("opens with the ask",))


def test_a_cancelled_booking_helped_nobody(wired: FakeApp, overview: Overview) -> None:
    request = wired.to_booking()
    done(wired.sessions.cancel(wired.mentor("ada"), request))
    done(wired.handoff.withdraw(wired.actor("lena"), request))
    assert overview.people(wired.actor("lena")) == ()


def test_a_mentor_who_left_is_still_who_helped(wired: FakeApp, overview: Overview) -> None:
    request = debriefed(wired)
    del wired.directory.mentors["ada"]
    assert overview.people(wired.actor("lena")) == (Helper("ada", "ada", "", "", 1, TUESDAY_TEN, (request,), ()),)


def test_an_action_says_where_it_comes_from(wired: FakeApp, overview: Overview) -> None:
    request = noted_actions(wired, ("cut the deck", "mentee", date(2026, 11, 9)))
    action = Action(request, "How do I face the board?", "cut the deck", "cut the deck", date(2026, 11, 9), False, "Ada Rowntree")
    assert overview.actions(wired.actor("lena")) == (action,)
    done(wired.debriefing.finish(wired.actor("lena"), request))
    assert isinstance(wired.load(request).stage, s.Closed)
    assert overview.actions(wired.actor("lena")) == (action,)


def test_only_what_the_mentee_agreed_to_do(wired: FakeApp, overview: Overview) -> None:
    noted_actions(
        wired, ("send a sample", "mentor", None), ("meet again", "both", None), ("look into it", None, None),
        ("cut the deck", "mentee", None),
    )  # fmt: skip
    assert [action.text for action in done(overview.actions(wired.actor("lena")))] == ["meet again", "cut the deck"]


def test_a_takeaway_is_no_action(wired: FakeApp, overview: Overview) -> None:
    wired.language.on_notes = lambda *_: Debrief(
        (Item("takeaway", "less", "less", "mentee"), Item("proposal", "try", "try", "both"))
    )
    debriefed(wired, "less\ntry")
    assert overview.actions(wired.actor("lena")) == ()


def test_due_first_and_undated_last_over_all_requests(wired: FakeApp, overview: Overview) -> None:
    noted_actions(wired, ("some day", "mentee", None), ("on Friday", "mentee", date(2026, 11, 6)))
    wired.language.on_notes = agreed(("any time", "mentee", None), ("on Thursday", "mentee", date(2026, 11, 5))).on_notes
    debriefed(wired, "any time\non Thursday", mentor="ben", start=BEN_TIME)
    found = done(overview.actions(wired.actor("lena")))
    assert [action.text for action in found] == ["on Thursday", "on Friday", "any time", "some day"]
    assert [action.with_ for action in found] == ["Ben Okonjo", "Ada Rowntree", "Ben Okonjo", "Ada Rowntree"]


@pytest.mark.parametrize(
    ("zone", "now", "overdue"),
    [("Europe/Berlin", "2026-11-05T22:59+00:00", False), ("Europe/Berlin", "2026-11-05T23:00+00:00", True),
     ("America/New_York", "2026-11-06T04:59+00:00", False), ("America/New_York", "2026-11-06T05:00+00:00", True),
     ("Asia/Kolkata", "2026-11-05T18:30+00:00", True)],
)  # fmt: skip
def test_overdue_begins_the_day_after_where_the_mentee_is(
    wired: FakeApp, overview: Overview, zone: str, now: str, overdue: bool
) -> None:
    noted_actions(wired, ("cut the deck", "mentee", date(2026, 11, 5)), ("some day", "mentee", None))
    wired.clock.set(datetime.fromisoformat(now))
    found = done(overview.actions(replace(wired.actor("lena"), time_zone=zone)))
    assert [action.overdue for action in found] == [overdue, False]


def test_what_lapsed_is_no_longer_to_do_but_who_helped_stays(wired: FakeApp, overview: Overview) -> None:
    request = noted_actions(wired, ("cut the deck", "mentee", None))
    wired.clock.forward(days=40)
    assert wired.due_jobs.tick().lapsed == 1
    assert wired.load(request).stage == s.Closed(s.Outcome.EXPIRED)
    assert overview.actions(wired.actor("lena")) == ()
    assert len(done(overview.people(wired.actor("lena")))) == 1


def test_new_notes_replace_the_actions(wired: FakeApp, overview: Overview) -> None:
    request = noted_actions(wired, ("cut the deck", "mentee", None))
    assert [action.text for action in done(overview.actions(wired.actor("lena")))] == ["cut the deck"]
    wired.language.on_notes = agreed(("call the CFO", "both", None)).on_notes
    done(wired.debriefing.note(wired.mentor("ada"), request, "call the CFO"))
    assert [action.text for action in done(overview.actions(wired.actor("lena")))] == ["call the CFO"]


def test_everybody_sees_their_own(wired: FakeApp, overview: Overview) -> None:
    noted_actions(wired, ("cut the deck", "mentee", None))
    assert overview.people(wired.actor("mika")) == overview.actions(wired.actor("mika")) == ()
    assert overview.people(wired.actor("login-cleo")) == ()
    for other in (wired.mentor("ada"), wired.actor("petra"), wired.actor("alasdair"), Actor("lena")):
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


def test_only_what_may_have_had_a_session_is_read_and_only_when_it_changed(wired: FakeApp) -> None:
    lena, store = wired.actor("lena"), Counting(wired.ports.store)
    overview = Overview(Ledger(store), wired.ports.index, wired.directory, wired.clock)
    for _ in range(3):
        wired.open()
    wired.to_booking()
    request = debriefed(wired, start=TUESDAY_TEN + timedelta(hours=1))
    assert (len(done(overview.people(lena))), store.reads) == (1, 1)
    done(overview.actions(lena))
    assert store.reads == 1
    done(wired.debriefing.attest(wired.mentor("ada"), request, "opens with the ask"))
    assert [helper.attested for helper in done(overview.people(lena))] == [("opens with the ask",)]
    assert store.reads == 2


def test_a_store_that_is_away_is_said_so() -> None:
    class Away:
        def of_mentee(self, mentee: str) -> tuple[Summary, ...]:
            raise StoreUnavailable("locked")

    overview = Overview(Ledger(None), Away(), FakeMentors(), None)  # type: ignore[arg-type]
    refused(overview.people(Actor("lena", frozenset({"mentee"}))), "storage")
    refused(overview.actions(Actor("lena", frozenset({"mentee"}))), "storage")
