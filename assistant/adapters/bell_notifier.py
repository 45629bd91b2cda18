"""Delivers notifications to the bell of the web pages. The bell reads the outbox itself, so nothing is sent."""

from __future__ import annotations

from assistant.ports import Notification


class BellNotifier:
    """Implements `ports.Notifier` without doing anything."""

    def deliver(self, note: Notification) -> None:
        """Counts as delivered: the bell shows it from the outbox."""
