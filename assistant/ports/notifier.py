"""The port that delivers a notification to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Notification:
    """One message to one person about one request.

    `to` is a login or "mentor:<id>". `key` deduplicates. `body` never quotes a conversation.
    """

    key: str
    to: str
    request: str
    topic: str
    body: str


class NotDelivered(Exception):
    """A notification could not be delivered now; it stays in the outbox."""


class Notifier(Protocol):
    def deliver(self, note: Notification) -> None:
        """Delivers the notification or raises NotDelivered."""
