"""A limit on the processor time of one reading, checked between its steps (each linear in the text)."""

from __future__ import annotations

from collections.abc import Callable


class BudgetSpent(Exception):
    """The reading has used up its processor time."""


class ReadingBudget:
    """Starts when constructed; `clock` returns processor time in seconds."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._clock, self._end = clock, clock() + seconds

    def check(self) -> None:
        """Raises BudgetSpent if the time is used up."""
        if self._clock() >= self._end:
            raise BudgetSpent
