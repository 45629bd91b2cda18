"""Offers to mentors: accept, pass on, ask a further question, withdraw, expire.

One mentor holds a request at a time. The next gets the identical brief and must be among the recipients the mentee approved.
The slot is booked by database constraints in the same transaction as the acceptance.
"""

from __future__ import annotations

from datetime import datetime

from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.mentor import Mentor
from assistant.domain.request import Request
from assistant.domain.schedule import TimeSlot, as_utc, week_of
from assistant.ports import Audit, Clock, Effects, Hold, MentorDirectory
from assistant.services.accounts.access import Actor
from assistant.services.conversing.message_text import LONGEST_ID, readable, refused_text
from assistant.services.conversing.status_text import StatusText
from assistant.services.handing_over.briefing import Deadlines
from assistant.services.handing_over.notifications import Notifications
from assistant.services.ledger import Ledger, Plan
from assistant.services.matching.availability import FreeSlots
from assistant.services.results import Refusal, refuse

LONGEST_ASK = 500


class Handoff:
    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        directory: MentorDirectory,
        slots: FreeSlots,
        notices: Notifications,
        wording: StatusText,
        deadlines: Deadlines,
    ) -> None:
        self._ledger, self._clock, self._directory, self._slots = ledger, clock, directory, slots
        self._notices, self._wording, self._deadlines = notices, wording, deadlines

    def free(self, actor: Actor, request_id: str, count: int = 6) -> tuple[TimeSlot, ...] | Refusal:
        """The next free slots of the mentor who holds the request, of the brief's length."""
        request = self._ledger.read(actor, "booking.read", request_id)
        if isinstance(request, Refusal):
            return request
        mentor, brief = self._directory.get(s.mentor_of(request.stage) or ""), request.brief
        if mentor is None or brief is None:
            return ()
        return self._slots.first(mentor, brief.minutes, self._clock.now(), count, zone=request.time_zone)

    def accept(self, actor: Actor, request_id: str, start: datetime | None) -> Request | Refusal:
        """Accepts with a slot within the mentor's office hours, or as a written exchange if `start` is None."""

        def decide(request: Request) -> Plan | Refusal:
            stage = request.stage
            mentor = self._directory.get(actor.mentor or "")
            if not isinstance(stage, s.Offered) or mentor is None:
                return self._wording.wrong_stage(request, actor.time_zone)
            now = self._clock.now()
            slot = TimeSlot(as_utc(start), stage.brief.minutes) if start else None
            if slot and not self._slots.offers(mentor, slot, now):
                return refuse("no_such_slot", name=mentor.name)
            accepted = e.OfferAccepted(at=now, actor=actor.id, mentor=mentor.id, slot=slot)
            notes = self._notices.accepted(request, mentor, slot)
            audit = Audit(actor.id, "offer.accept", request.id, now)
            return Plan([accepted], Effects(notes, (audit,), self._hold(request, mentor, slot, now)))

        return self._named(self._ledger.change(actor, "offer.accept", request_id, decide), actor)

    def pass_on(self, actor: Actor, request_id: str, note: str = "", to: str | None = None) -> Request | Refusal:
        """Passes the request on to the next approved mentor, or to the approved mentor `to`."""

        def decide(request: Request) -> Plan | Refusal:
            stage = request.stage
            if not isinstance(stage, s.Offered):
                return self._wording.wrong_stage(request, actor.time_zone)
            if to and to not in stage.rest:
                return refuse("unknown_mentor", mentor=to[:LONGEST_ID])
            following = to or self._next_mentor(stage)
            due = self._clock.now() + self._deadlines.offer if following else None
            passed = e.OfferPassed(
                at=self._clock.now(),
                actor=actor.id,
                mentor=stage.mentor,
                to=following,
                due=due,
                note=readable(note)[:LONGEST_ASK],
            )
            notes = self._notices.rerouted(request, "passed", stage.mentor, following, due)
            audit = Audit(actor.id, "offer.pass", request.id, self._clock.now())
            return Plan([passed], Effects(notes, (audit,)))

        return self._ledger.change(actor, "offer.pass", request_id, decide)

    def ask(self, actor: Actor, request_id: str, words: str) -> Request | Refusal:
        """Asks the mentee a further question before deciding."""
        refusal = refused_text(words, LONGEST_ASK)
        if refusal:
            return refusal

        def decide(request: Request) -> Plan | Refusal:
            stage = request.stage
            if not isinstance(stage, s.Offered):
                return self._wording.wrong_stage(request, actor.time_zone)
            now = self._clock.now()
            asked = e.OneMoreAsked(
                at=now, actor=actor.id, mentor=stage.mentor, ask=readable(words), due=now + self._deadlines.more
            )
            note = self._notices.more_asked(request, stage.mentor, readable(words))
            return Plan([asked], Effects((note,), (Audit(actor.id, "offer.ask", request.id, now),)))

        return self._ledger.change(actor, "offer.ask", request_id, decide)

    def withdraw(self, actor: Actor, request_id: str) -> Request | Refusal:
        """Closes the request, for the mentee, at any time before the debrief; frees a booking in the same transaction."""

        def decide(request: Request) -> Plan | Refusal:
            if isinstance(request.stage, s.Debriefing | s.Closed):
                return self._wording.wrong_stage(request, actor.time_zone)
            now = self._clock.now()
            held = isinstance(request.stage, s.Booked | s.Exchanging)
            audit = Audit(actor.id, "request.withdraw", request.id, now)
            effects = Effects(self._notices.withdrawn(request), (audit,), release=held)
            return Plan([e.Withdrawn(at=now, actor=actor.id)], effects)

        return self._ledger.change(actor, "request.withdraw", request_id, decide)

    def expire(self, request_id: str) -> Request | Refusal:
        """Due job: after the deadline the next approved mentor gets the identical brief."""

        def decide(request: Request) -> Plan | Refusal:
            stage, now = request.stage, self._clock.now()
            if not isinstance(stage, s.Offered | s.MoreAsked) or now < stage.due:
                return Plan()
            following = self._next_mentor(stage) if isinstance(stage, s.Offered) else None
            due = now + self._deadlines.offer if following else None
            expired = e.OfferExpired(at=now, actor=e.CLOCK, mentor=stage.mentor, to=following, due=due)
            if isinstance(stage, s.MoreAsked):
                return Plan([expired], Effects(self._notices.more_unanswered(request, stage.mentor)))
            notes = self._notices.rerouted(request, "expired", stage.mentor, following, due)
            return Plan([expired], Effects((self._notices.expired(request, stage.mentor), *notes)))

        return self._ledger.run(request_id, decide)

    def lapse(self, request_id: str, idle_since: datetime) -> Request | Refusal:
        """Due job: closes a request without activity since `idle_since`."""

        def decide(request: Request) -> Plan | Refusal:
            idle = isinstance(request.stage, s.Sharpening | s.Ready | s.Briefing | s.Debriefing)
            if not idle or request.changed_at is None or request.changed_at > idle_since:
                return Plan()
            return Plan([e.Lapsed(at=self._clock.now(), actor=e.CLOCK)])

        return self._ledger.run(request_id, decide)

    def _next_mentor(self, stage: s.Offered) -> str | None:
        """The next approved mentor who is still in the directory and available."""
        known = self._directory.some(stage.rest)
        times = self._slots.available(known.values(), self._clock.now())
        return next((mentor for mentor in stage.rest if mentor in known and times.ahead(known[mentor])), None)

    def _hold(self, request: Request, mentor: Mentor, slot: TimeSlot | None, now: datetime) -> Hold:
        week = week_of(slot.start if slot else now, mentor.time_zone)
        return Hold(request.id, mentor.id, request.mentee, week, mentor.capacity, slot)

    def _named(self, outcome: Request | Refusal, actor: Actor) -> Request | Refusal:
        if isinstance(outcome, Refusal) and outcome.code == "capacity":
            return refuse("capacity", name=self._wording.name(actor.mentor or ""))
        return outcome
