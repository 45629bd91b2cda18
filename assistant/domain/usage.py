"""What the language model was asked for and what that cost, in tokens: never a word of what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

TAKEN = ""
"""The outcome of a question whose answer was used; every other outcome is the code of a fallback, or AFTERWARDS."""
AFTERWARDS = "afterwards"
"""Tokens of a call whose question had been given up before: a cost, and no question of its own."""


@dataclass(frozen=True)
class Spent:
    """One question to the model, its repair included. `counted`: the tokens are our own count, not the endpoint's word."""

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
    """All questions of one task, model and outcome in a period; `calls` is their number."""

    task: str
    model: str
    outcome: str
    calls: int
    prompt: int
    completion: int
    cached: int
    milliseconds: int
