"""The contract of `assistant.ports.Clock`, for the machine's clock and for the fake."""

from __future__ import annotations

from datetime import UTC

import pytest

from assistant.adapters.system_clock import SystemClock
from assistant.ports import Clock
from tests.fakes import SettableClock


@pytest.fixture(params=[SystemClock, SettableClock])
def any_clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param()
    return made


def test_it_gives_aware_utc(any_clock: Clock) -> None:
    assert any_clock.now().tzinfo is UTC


def test_it_does_not_go_back(any_clock: Clock) -> None:
    assert any_clock.now() <= any_clock.now()
