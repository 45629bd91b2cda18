"""The notifier of the tests keeps the contract of the real ones."""

from __future__ import annotations

import pytest

from tests.contract.notifier.contract import NOTE, FailingNotifierContract, NotifierContract
from tests.fakes import FakeNotifier


class TestFakeNotifier(NotifierContract, FailingNotifierContract):
    @pytest.fixture
    def notifier(self) -> FakeNotifier:
        return FakeNotifier()

    @pytest.fixture
    def broken(self) -> FakeNotifier:
        notifier = FakeNotifier()
        notifier.broken = True
        return notifier

    def test_it_keeps_what_it_delivered(self, notifier: FakeNotifier) -> None:
        notifier.deliver(NOTE)
        assert notifier.delivered == [NOTE]
