"""Usage of the language model in tokens, without any text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

TAKEN = ""
"""The outcome of a call whose result was used; any other is a `Fallback` code or AFTERWARDS."""
AFTERWARDS = "afterwards"
"""The outcome of a call that finished after it had been given up; its tokens count, but not as a call."""


@dataclass(frozen=True)
class Spent:
    """One call to the model, including its repair. `counted`: the tokens are our own count, not the endpoint's."""

    at: datetime
    person: str
    task: str
    model: str = ""
    prompt_version: str = ""
    prompt: int = 0
    completion: int = 0
    cached: int = 0
    counted: bool = False
    milliseconds: int = 0
    outcome: str = TAKEN

    @property
    def tokens(self) -> int:
        return self.prompt + self.completion


@dataclass(frozen=True)
class Tally:
    """Totals of one task, model and outcome over a period."""

    task: str
    model: str
    outcome: str
    calls: int
    prompt: int
    completion: int
    cached: int
    milliseconds: int
