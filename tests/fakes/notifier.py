"""A notifier that keeps what it delivers."""

from __future__ import annotations

from assistant.ports import NotDelivered, Notification


class FakeNotifier:
    """A Notifier that keeps each notification, or raises NotDelivered while `broken`."""

    def __init__(self) -> None:
        self.delivered: list[Notification] = []
        self.broken = False

    def deliver(self, note: Notification) -> None:
        if self.broken:
            raise NotDelivered("the notifier is broken")
        self.delivered.append(note)
