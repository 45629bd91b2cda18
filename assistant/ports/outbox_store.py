"""The port to the outbox: notifications stored with the event they are about, until they are delivered."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from assistant.ports.notifier import Notification


class OutboxStore(Protocol):
    def lease(self, limit: int, now: datetime) -> tuple[tuple[int, Notification], ...]:
        """Undelivered notifications that are due, with their ids, leased so that only one worker delivers each."""

    def settle(self, note_id: int, delivered: bool, now: datetime) -> None:
        """Marks a notification delivered, or counts the failure and backs off; after the last try it is a dead letter."""
