"""Sessions between acceptance and debrief: the written exchange, moving and cancelling a booking, and its end.

During an exchange mentee and mentor write to each other, and the assistant does not reply until the thread is handed back.
"""

from __future__ import annotations

from datetime import datetime

from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.mentor import Mentor
from assistant.domain.request import Message, Request
from assistant.domain.schedule import TimeSlot, as_utc, week_of
from assistant.ports import AccountStore, Audit, Calendar, Clock, DuplicateMessage, Effects, Hold, MentorDirectory
from assistant.services.accounts.access import Actor
from assistant.services.conversing.message_rate import MessageRate
from assistant.services.conversing.message_text import LONGEST_MESSAGE_ID, is_id, readable, refused_text
from assistant.services.conversing.status_text import StatusText, when
from assistant.services.handing_over.notifications import Notifications
from assistant.services.ledger import Ledger, Plan
from assistant.services.matching.availability import FreeSlots
from assistant.services.results import Refusal, refuse


class Bookings:
    def __init__(
        self, ledger: Ledger, clock: Clock, calendar: Calendar, directory: MentorDirectory, accounts: AccountStore,
        slots: FreeSlots, notices: Notifications, wording: StatusText, rate: MessageRate | None = None,
    ) -> None:  # fmt: skip
        self._ledger, self._clock, self._calendar = ledger, clock, calendar
        self._directory, self._accounts, self._slots = directory, accounts, slots
        self._notices, self._wording, self._rate = notices, wording, rate or MessageRate(0)

    def thread(self, actor: Actor, request_id: str) -> tuple[Message, ...] | Refusal:
        """The messages of the exchange, without the conversation with the assistant."""
        request = self._ledger.read(actor, "thread.read", request_id)
        return request if isinstance(request, Refusal) else request.thread

    def post(self, actor: Actor, request_id: str, message_id: str, words: str) -> Request | Refusal:
        """Posts a message of the mentee or the mentor; repeating a `message_id` changes nothing."""
        refusal = refused_text(words) if is_id(message_id, LONGEST_MESSAGE_ID) else refuse("bad_id")
        if refusal:
            return refusal

        own_id, counted = f"{actor.id}:{message_id}", set[str]()

        def decide(request: Request) -> Plan | Refusal:
            if any(message.id == own_id for message in request.thread):
                return Plan()
            if not isinstance(request.stage, s.Exchanging):
                return self._wording.wrong_stage(request, actor.time_zone)
            if own_id not in counted and (many := self._rate.take(actor)):
                return many
            counted.add(own_id)
            posted = e.ExchangePosted(at=self._clock.now(), actor=actor.id, message_id=own_id, text=readable(words))
            return Plan([posted], Effects(notes=(self._notices.posted(request, actor.id, own_id),)))

        try:
            return self._ledger.change(actor, "thread.post", request_id, decide)
        except DuplicateMessage:
            return self._ledger.read(actor, "thread.post", request_id)

    def hand_back(self, actor: Actor, request_id: str) -> Request | Refusal:
        """Ends the exchange, for the mentor; the debrief is next."""

        def decide(request: Request) -> Plan | Refusal:
            stage = request.stage
            if not isinstance(stage, s.Exchanging):
                return self._wording.wrong_stage(request, actor.time_zone)
            back = e.HandedBack(at=self._clock.now(), actor=actor.id, mentor=stage.mentor)
            return Plan([back], Effects(notes=(self._notices.handed_back(request, stage.mentor),)))

        return self._ledger.change(actor, "thread.hand_back", request_id, decide)

    def move(self, actor: Actor, request_id: str, start: datetime) -> Request | Refusal:
        """Moves the session to another time of the same mentor; the old time is freed only if the new one can be booked."""

        def decide(request: Request) -> Plan | Refusal:
            stage, now = request.stage, self._clock.now()
            if not isinstance(stage, s.Booked):
                return self._wording.wrong_stage(request, actor.time_zone)
            mentor, slot = self._mentor(stage.mentor), TimeSlot(as_utc(start), stage.slot.minutes)
            if not self._slots.offers(mentor, slot, now):
                return refuse("no_such_slot", name=mentor.name)
            week = week_of(slot.start, mentor.time_zone)
            hold = Hold(request.id, mentor.id, request.mentee, week, mentor.capacity, slot)
            audit = Audit(actor.id, "booking.move", request.id, now)
            notes = self._notices.moved(request, mentor.id, slot)
            return Plan([e.Rescheduled(at=now, actor=actor.id, slot=slot)], Effects(notes, (audit,), hold, release=True))

        return self._ledger.change(actor, "booking.move", request_id, decide)

    def cancel(self, actor: Actor, request_id: str, note: str = "") -> Request | Refusal:
        """Cancels the session, for the mentor: frees the time and keeps the brief for the mentee's next choice."""

        def decide(request: Request) -> Plan | Refusal:
            stage, now = request.stage, self._clock.now()
            if not isinstance(stage, s.Booked):
                return self._wording.wrong_stage(request, actor.time_zone)
            cancelled = e.BookingCancelled(at=now, actor=actor.id, mentor=stage.mentor, note=readable(note)[:500])
            audit = Audit(actor.id, "booking.cancel", request.id, now)
            return Plan([cancelled], Effects((self._notices.cancelled(request, stage.mentor),), (audit,), release=True))

        return self._ledger.change(actor, "booking.cancel", request_id, decide)

    def held(self, actor: Actor, request_id: str) -> Request | Refusal:
        """Records that the session took place; refused before its start."""

        def decide(request: Request) -> Plan | Refusal:
            stage, now = request.stage, self._clock.now()
            if not isinstance(stage, s.Booked):
                return self._wording.wrong_stage(request, actor.time_zone)
            if now < stage.slot.start:
                return refuse("not_yet", start=when(stage.slot.start, actor.time_zone))
            return Plan([e.SessionHeld(at=now, actor=actor.id)])

        return self._ledger.change(actor, "booking.held", request_id, decide)

    def over(self, request_id: str) -> Request | Refusal:
        """Due job: moves a past session to the debrief and asks both people for notes."""

        def decide(request: Request) -> Plan | Refusal:
            stage, now = request.stage, self._clock.now()
            if not isinstance(stage, s.Booked) or now < stage.slot.end:
                return Plan()
            return Plan([e.SessionHeld(at=now, actor=e.CLOCK)], Effects(self._notices.over(request, stage.mentor)))

        return self._ledger.run(request_id, decide)

    def invitation(self, actor: Actor, request_id: str) -> bytes | Refusal:
        """The .ics file of the booking."""
        request = self._ledger.read(actor, "booking.read", request_id)
        if isinstance(request, Refusal):
            return request
        stage = request.stage
        if not isinstance(stage, s.Booked):
            return self._wording.wrong_stage(request, actor.time_zone)
        mentee = self._accounts.get(request.mentee)
        people = (mentee.name if mentee else request.mentee, self._mentor(stage.mentor).name)
        return self._calendar.invitation(f"{request.id}@askwell", stage.slot, stage.question, people)

    def _mentor(self, mentor_id: str) -> Mentor:
        found = self._directory.get(mentor_id)
        return found or Mentor(mentor_id, mentor_id, "", "", "", "UTC")
