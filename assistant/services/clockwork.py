"""What the clock does: expire offers, close what lies untouched, answer interrupted turns, deliver notes.

Each step looks at the record and acts only on what is due, so running it twice, late, or by two workers changes nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from assistant.ports import Clock, NotDelivered, Notifier, OutboxStore, RequestIndex
from assistant.services.conversation import Conversation
from assistant.services.handoff import Handoff

IDLE = timedelta(days=30)
BATCH = 100


@dataclass(frozen=True)
class Ticked:
    """Counts of one run."""

    recovered: int
    expired: int
    lapsed: int
    delivered: int


class Clockwork:
    def __init__(
        self, clock: Clock, index: RequestIndex, conversation: Conversation, handoff: Handoff, outbox: OutboxStore,
        notifier: Notifier,
    ) -> None:  # fmt: skip
        self._clock, self._index = clock, index
        self._conversation, self._handoff = conversation, handoff
        self._outbox, self._notifier = outbox, notifier

    def tick(self) -> Ticked:
        """One run over everything that is due now."""
        recovered = self._conversation.recover()
        now = self._clock.now()
        expired = lapsed = 0
        for row in self._index.due(now, now - IDLE):
            if row.due is not None and row.due <= now:
                self._handoff.expire(row.id)
                expired += 1
            elif row.changed_at <= now - IDLE:
                self._handoff.lapse(row.id, now - IDLE)
                lapsed += 1
        return Ticked(recovered, expired, lapsed, self.deliver())

    def deliver(self) -> int:
        """Bring out the notes that wait; a failed one stays and is tried again later."""
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
