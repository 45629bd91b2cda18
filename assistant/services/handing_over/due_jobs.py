"""Due jobs: recover interrupted turns, expire offers, end sessions, close idle requests, deliver notifications.

Each job acts only on what is due in the store, so running it twice, late or in two workers has no further effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from assistant.domain.request import Request
from assistant.ports import Clock, NotDelivered, Notifier, OutboxStore, RequestIndex, Summary, UsageStore
from assistant.services.conversing.conversation import Conversation
from assistant.services.handing_over.bookings import Bookings
from assistant.services.handing_over.handoff import Handoff
from assistant.services.results import Refusal

IDLE = timedelta(days=30)
BATCH = 100
AT_ONCE = timedelta(0)


@dataclass(frozen=True)
class JobsDone:
    """The counts of one run."""

    recovered: int
    expired: int
    over: int
    lapsed: int
    delivered: int


class DueJobs:
    def __init__(
        self, clock: Clock, index: RequestIndex, conversation: Conversation, handoff: Handoff, sessions: Bookings,
        outbox: OutboxStore, notifier: Notifier, usage: UsageStore | None = None,
    ) -> None:  # fmt: skip
        self._clock, self._index = clock, index
        self._conversation, self._handoff, self._sessions = conversation, handoff, sessions
        self._outbox, self._notifier, self._usage = outbox, notifier, usage

    def tick(self, patience: timedelta = AT_ONCE) -> JobsDone:
        """Runs everything that is due now; a turn counts as interrupted after waiting for `patience`."""
        recovered = self._conversation.recover(patience)
        now = self._clock.now()
        if self._usage:
            self._usage.forget(now)
        expired = over = lapsed = 0
        for row in self._index.due(now, now - IDLE):
            if row.due is not None and row.due <= now and row.stage == "booked":
                over += self._changed(row, self._sessions.over(row.id))
            elif row.due is not None and row.due <= now:
                expired += self._changed(row, self._handoff.expire(row.id))
            elif row.changed_at <= now - IDLE:
                lapsed += self._changed(row, self._handoff.lapse(row.id, now - IDLE))
        return JobsDone(recovered, expired, over, lapsed, self.deliver())

    def _changed(self, row: Summary, after: Request | Refusal) -> bool:
        return not isinstance(after, Refusal) and after.version != row.version

    def deliver(self) -> int:
        """Delivers due notifications and returns their number; a failed one stays and is retried later."""
        delivered = 0
        for note_id, note in self._outbox.lease(BATCH, self._clock.now()):
            try:
                self._notifier.deliver(note)
            except NotDelivered:
                self._outbox.settle(note_id, delivered=False, now=self._clock.now())
            else:
                self._outbox.settle(note_id, delivered=True, now=self._clock.now())
                delivered += 1
        return delivered
