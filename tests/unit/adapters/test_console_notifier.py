"""A note on the terminal is one plain line, or it stays in the outbox."""

from __future__ import annotations

from io import StringIO

import pytest

from assistant.adapters.console_notifier import ConsoleNotifier
from assistant.ports import NotDelivered, Notification


def test_a_note_is_one_line() -> None:
    stream = StringIO()
    ConsoleNotifier(stream).deliver(Notification("k", "ben", "r1", "offer", "An offer\nwaits \x1b[2J for you."))
    assert stream.getvalue() == "To ben: An offer waits  [2J for you. (offer, request r1)\n"


def test_it_writes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleNotifier().deliver(Notification("k", "ben", "r1", "offer", "Grüße"))
    assert capsys.readouterr().out.startswith("To ben: Grüße")


def test_a_closed_terminal_is_not_delivered() -> None:
    stream = StringIO()
    stream.close()
    with pytest.raises(NotDelivered):
        ConsoleNotifier(stream).deliver(Notification("k", "ben", "r1", "offer", "An offer."))
