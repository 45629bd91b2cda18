"""Delivers notifications to a terminal, one line each; for a single machine and for the demo."""

from __future__ import annotations

import sys
from typing import TextIO

from assistant.ports import NotDelivered, Notification


class ConsoleNotifier:
    """Implements `ports.Notifier`; writes to `stream`, by default standard output."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def deliver(self, note: Notification) -> None:
        """Raises NotDelivered if the stream is closed or cannot encode the text."""
        line = _printable(f"To {note.to}: {note.body} ({note.topic}, request {note.request})")
        try:
            print(line, file=self._stream or sys.stdout, flush=True)
        except (OSError, ValueError) as error:
            raise NotDelivered("the terminal cannot be written") from error


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
