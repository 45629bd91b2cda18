"""The notifier of the pages, whose bell reads the outbox itself."""

from __future__ import annotations

import pytest

from assistant.adapters.bell_notifier import BellNotifier
from tests.contract.notifier.contract import NotifierContract


class TestBellNotifier(NotifierContract):
    @pytest.fixture
    def notifier(self) -> BellNotifier:
        return BellNotifier()
