"""Notes that a person finds under the bell of the pages: the outbox is what the bell shows, so they are there already."""

from __future__ import annotations

from assistant.ports import Notification


class BellNotifier:
    """A Notifier that has nothing left to do."""

    def deliver(self, note: Notification) -> None:
        """Accepts every note."""
