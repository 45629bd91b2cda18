"""Reads the system clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Implements `ports.Clock`; times are in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)
