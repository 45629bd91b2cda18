"""Processor time that one reading may take, checked between its steps, each of which is linear in the text."""

from __future__ import annotations

from collections.abc import Callable


class BudgetSpent(Exception):
    """The reading took as much time as it may."""


class ReadingBudget:
    """Counts from its making; `clock` tells seconds of processor time."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._clock, self._end = clock, clock() + seconds

    def check(self) -> None:
        """Raises BudgetSpent once the time is used up."""
        if self._clock() >= self._end:
            raise BudgetSpent
