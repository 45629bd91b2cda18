"""The port to the notifications that a person sees on the pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class NotificationItem:
    """A notification as its recipient sees it: ids increase, `at` is when it was written (UTC)."""

    id: int
    at: datetime
    request: str
    topic: str
    body: str
    seen: bool


@dataclass(frozen=True)
class Notifications:
    """The newest notifications first; `unseen` counts all unseen ones, also those not among `items`."""

    unseen: int
    items: tuple[NotificationItem, ...]


class NotificationStore(Protocol):
    """Reads the outbox for one person; `addresses` are all addresses of that person."""

    def news(self, login: str, addresses: Collection[str], limit: int) -> Notifications:
        """The newest `limit` notifications to these addresses, delivered or not."""

    def mark_seen(self, login: str, addresses: Collection[str], upto: int) -> None:
        """Marks the notifications to these addresses up to and including this id as seen; never moves backwards.

        The mark is capped at the newest existing id, so that later ones stay unseen. An unknown login is ignored.
        """
