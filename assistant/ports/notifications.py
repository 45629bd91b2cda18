"""How people hear of what happened: notes on their way, notes found, and whom a change concerns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.ports.request_store import Notification


class Notifier(Protocol):
    def deliver(self, note: Notification) -> None:
        """Bring the note to the person, or raise NotDelivered."""


class OutboxStore(Protocol):
    def lease(self, limit: int, now: datetime) -> tuple[tuple[int, Notification], ...]:
        """Undelivered notes that are due, leased so that two workers do not deliver one note at once."""

    def settle(self, note_id: int, delivered: bool, now: datetime) -> None:
        """Mark delivered, or count the failure and back off; after the last try it is a visible dead letter."""


@dataclass(frozen=True)
class NotificationItem:
    """A note as its recipient finds it: `id` grows with every note, `at` is when it was written, aware and in UTC."""

    id: int
    at: datetime
    request: str
    topic: str
    body: str
    seen: bool


@dataclass(frozen=True)
class Notifications:
    """The newest notes first; `unseen` counts all that were not seen, also those that are not among `items`."""

    unseen: int
    items: tuple[NotificationItem, ...]


class NotificationStore(Protocol):
    """The notes of the outbox for those who look instead of waiting for mail; `addresses` are all of one person's."""

    def news(self, login: str, addresses: Collection[str], limit: int) -> Notifications:
        """The newest `limit` notes to these addresses, delivered or not."""

    def mark_seen(self, login: str, addresses: Collection[str], upto: int) -> None:
        """Remember that the notes to these addresses up to and including this id are seen; never goes backwards.

        Not beyond the newest of them, so that no later note is taken as seen. An unknown login is remembered nowhere.
        """


@dataclass(frozen=True)
class ChangeMark:
    """How far a watcher has looked; only the adapter that made it reads it."""

    at: datetime
    requests: frozenset[tuple[str, int]]
    letters: frozenset[int]
    holders: Mapping[str, str]


class Changes(Protocol):
    """Whom a change concerns, named as notes name people: a login, or "mentor:<id>". Raises StoreUnavailable."""

    def start(self, now: datetime) -> ChangeMark:
        """A mark behind everything written so far."""

    def since(self, mark: ChangeMark, now: datetime) -> tuple[ChangeMark, frozenset[str]]:
        """The next mark, and everybody concerned by what was written since `mark`: each change is told once."""


class NotDelivered(Exception):
    """A note could not be delivered now; it stays in the outbox."""
