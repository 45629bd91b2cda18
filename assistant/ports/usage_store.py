"""The port to the record of language model usage: tokens by person and task, without any text."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from assistant.domain.usage import Spent, Tally


class UsageStore(Protocol):
    """Records token usage; every figure counts from `since` on."""

    def record(self, *spent: Spent) -> None: ...

    def spent(self, person: str, since: datetime) -> int:
        """Tokens used for one person."""

    def total(self, since: datetime) -> int:
        """Tokens used for everybody."""

    def people(self, since: datetime) -> int:
        """The number of people for whom tokens were used."""

    def by_task(self, since: datetime) -> tuple[Tally, ...]:
        """Totals by task, model and outcome, sorted by them."""

    def forget(self, now: datetime) -> None:
        """Replaces entries older than 40 days by totals without names; `record` does this too, once a day."""
