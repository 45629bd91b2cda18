"""The notifier of the terminal: each notification is one plain line."""

from __future__ import annotations

from io import BytesIO, StringIO, TextIOWrapper

import pytest

from assistant.adapters.console_notifier import ConsoleNotifier
from assistant.ports import NotDelivered, Notification
from tests.contract.notifier.contract import NOTE, FailingNotifierContract, NotifierContract


class TestConsoleNotifier(NotifierContract, FailingNotifierContract):
    @pytest.fixture
    def notifier(self) -> ConsoleNotifier:
        return ConsoleNotifier(StringIO())

    @pytest.fixture
    def broken(self) -> ConsoleNotifier:
        stream = StringIO()
        stream.close()
        return ConsoleNotifier(stream)


def test_a_notification_is_one_line_without_control_characters() -> None:
    stream = StringIO()
    ConsoleNotifier(stream).deliver(Notification("k", "ben", "r1", "offer", "An offer\nwaits \x1b[2J for you."))
    assert stream.getvalue() == "To ben: An offer waits  [2J for you. (offer, request r1)\n"


def test_it_writes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleNotifier().deliver(Notification("k", "ben", "r1", "offer", "Grüße"))
    assert capsys.readouterr().out.startswith("To ben: Grüße")


def test_a_terminal_that_cannot_show_the_text_is_not_delivered() -> None:
    with pytest.raises(NotDelivered):
        ConsoleNotifier(TextIOWrapper(BytesIO(), "ascii")).deliver(Notification("k", "ben", "r1", "offer", "Grüße"))


def test_the_line_names_recipient_topic_and_request() -> None:
    stream = StringIO()
    ConsoleNotifier(stream).deliver(NOTE)
    assert stream.getvalue() == "To mentor:ada: An offer waits for you. (offer, request r1)\n"
