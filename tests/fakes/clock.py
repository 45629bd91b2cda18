"""A clock that a test sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class SettableClock:
    """A Clock that only moves when a test moves it."""

    def __init__(self, start: datetime = MONDAY) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment

    def forward(self, **by: float) -> datetime:
        """Moves ahead by `hours`, `days`, `minutes` or `seconds`."""
        self._now += timedelta(**by)
        return self._now
