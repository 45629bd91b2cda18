"""Composes the notifications about events, each with a key for deduplication.

A mentor learns the sharp question and the deadline, never the conversation. Notifications are rows of the outbox, written in the
same transaction as their event.
"""

from __future__ import annotations

from datetime import datetime

from assistant.domain import stages as s
from assistant.domain.mentor import Mentor
from assistant.domain.request import Request
from assistant.domain.schedule import TimeSlot
from assistant.ports import AccountStore, MentorDirectory, Notification
from assistant.services.conversing.status_text import say, when


class Notifications:
    def __init__(self, directory: MentorDirectory, accounts: AccountStore) -> None:
        self._directory, self._accounts = directory, accounts

    def offer(self, request: Request, question: str, mentor: str, due: datetime) -> Notification:
        return self._to_mentor(request, mentor, "offer", mentee=self._mentee(request), question=question,
                               due=when(due, self._zone(mentor)))  # fmt: skip

    def accepted(self, request: Request, mentor: Mentor, slot: TimeSlot | None) -> tuple[Notification, ...]:
        name = mentor.name
        if slot is None:
            return (self._to_mentee(request, "accepted_exchange", name=name),)
        return (
            self._to_mentee(request, "accepted_booked", name=name, start=when(slot.start, request.time_zone),
                            minutes=slot.minutes),
            self._to_mentor(request, mentor.id, "booked_mentor", mentee=self._mentee(request),
                            start=when(slot.start, mentor.time_zone), minutes=slot.minutes),
        )  # fmt: skip

    def rerouted(self, request: Request, how: str, mentor: str, to: str | None, due: datetime | None) -> tuple[Notification, ...]:
        """After `how` ("passed" or "expired"): a notification to the mentee, and the offer to the next mentor, if any."""
        name = self._name(mentor)
        if to is None or due is None:
            return (self._to_mentee(request, f"{how}_last", name=name),)
        to_mentee = self._to_mentee(request, how, name=name, next=self._name(to), due=when(due, request.time_zone))
        return (to_mentee, self.offer(request, request.question, to, due))

    def expired(self, request: Request, mentor: str) -> Notification:
        return self._to_mentor(request, mentor, "expired_mentor")

    def more_asked(self, request: Request, mentor: str, ask: str) -> Notification:
        return self._to_mentee(request, "more_asked", name=self._name(mentor), ask=ask)

    def more_unanswered(self, request: Request, mentor: str) -> tuple[Notification, ...]:
        to_mentee = self._to_mentee(request, "more_lapsed", name=self._name(mentor))
        return (to_mentee, self._to_mentor(request, mentor, "more_unanswered"))

    def withdrawn(self, request: Request) -> tuple[Notification, ...]:
        holder = s.mentor_of(request.stage)
        return (self._to_mentor(request, holder, "withdrawn"),) if holder else ()

    def posted(self, request: Request, by: str, message_id: str) -> Notification:
        """A new message of the exchange, for the other person."""
        holder = s.mentor_of(request.stage)
        to = f"mentor:{holder}" if by == request.mentee else request.mentee
        return Notification(f"thread:{request.id}:{message_id}", to, request.id, "message", say("notify.message"))

    def handed_back(self, request: Request, mentor: str) -> Notification:
        return self._to_mentee(request, "handed_back", name=self._name(mentor))

    def moved(self, request: Request, mentor: str, slot: TimeSlot) -> tuple[Notification, ...]:
        return (
            self._to_mentee(request, "rescheduled", start=when(slot.start, request.time_zone)),
            self._to_mentor(request, mentor, "rescheduled", start=when(slot.start, self._zone(mentor))),
        )

    def cancelled(self, request: Request, mentor: str) -> Notification:
        return self._to_mentee(request, "cancelled", name=self._name(mentor))

    def over(self, request: Request, mentor: str) -> tuple[Notification, ...]:
        """The session is over: both people are asked for notes."""
        to_mentee = self._to_mentee(request, "over", name=self._name(mentor))
        return (to_mentee, self._to_mentor(request, mentor, "over", name=self._mentee(request)))

    def debriefed(self, request: Request, mentor: str, by: str) -> Notification:
        if by == request.mentee:
            return self._to_mentor(request, mentor, "debriefed")
        return self._to_mentee(request, "debriefed")

    def attested(self, request: Request, mentor: str, text: str) -> Notification:
        return self._to_mentee(request, "attested", name=self._name(mentor), text=text)

    def closed(self, request: Request, mentor: str) -> Notification:
        return self._to_mentor(request, mentor, "closed")

    def _to_mentee(self, request: Request, topic: str, /, **values: object) -> Notification:
        return Notification(f"{request.id}:{request.version}:{topic}:mentee", request.mentee, request.id, topic,
                    say(f"notify.{topic}", **values))  # fmt: skip

    def _to_mentor(self, request: Request, mentor: str, topic: str, /, **values: object) -> Notification:
        return Notification(f"{request.id}:{request.version}:{topic}:{mentor}", f"mentor:{mentor}", request.id, topic,
                    say(f"notify.{topic}", **values))  # fmt: skip

    def _name(self, mentor: str) -> str:
        found = self._directory.get(mentor)
        return found.name if found else mentor

    def _zone(self, mentor: str) -> str:
        found = self._directory.get(mentor)
        return found.time_zone if found else "UTC"

    def _mentee(self, request: Request) -> str:
        account = self._accounts.get(request.mentee)
        return account.name if account else request.mentee
