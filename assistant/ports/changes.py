"""The port that reports whose view changed, for live updates of open pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ChangeMark:
    """A position in the stream of changes; opaque except to the adapter that made it."""

    at: datetime
    requests: frozenset[tuple[str, int]]
    letters: frozenset[int]
    holders: Mapping[str, str]


class Changes(Protocol):
    """The people concerned by changes, addressed as notifications are: a login or "mentor:<id>". Raises StoreUnavailable."""

    def start(self, now: datetime) -> ChangeMark:
        """A mark after everything written so far."""

    def since(self, mark: ChangeMark, now: datetime) -> tuple[ChangeMark, frozenset[str]]:
        """The next mark, and everybody concerned by what was written since `mark`; each change is reported once."""
