"""What the language adapter needs of a chat model, in our own words: one call with a structured answer, one that streams.

A call that fails raises ModelFailed and nothing else, whatever the endpoint did; the reason is a code, never the vendor's words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from assistant.domain.provenance import Fallback

if TYPE_CHECKING:
    from pydantic import BaseModel

T = TypeVar("T", bound="BaseModel")


@dataclass(frozen=True)
class Call:
    """One question to the model. `task` names the prompt (and may choose a model of its own); `seconds` is all the time it has,
    its repair included; `most_tokens` limits the answer."""

    task: str
    system: str
    user: str
    seconds: float
    most_tokens: int = 800


@dataclass(frozen=True)
class Usage:
    """What a call cost, in tokens: as the endpoint says, or counted by us where it says nothing (`counted`)."""

    model: str
    prompt: int = 0
    completion: int = 0
    cached: int = 0
    counted: bool = False


Spend = Callable[[Usage], None]
"""Told once for every call that reached the endpoint, also where its answer was of no use."""


class ModelFailed(Exception):
    """The model gave nothing to use. `why` is a code; `wait` is how many seconds the endpoint asks to be left alone (0: none)."""

    def __init__(self, why: Fallback, wait: float = 0.0) -> None:
        super().__init__(why)
        self.why: Fallback = why
        self.wait = wait


class Chat(Protocol):
    def structured(self, call: Call, shape: type[T], spend: Spend) -> T:
        """The answer as this shape, validated. Raises ModelFailed."""

    def stream(self, call: Call, spend: Spend) -> Iterator[str]:
        """The answer in the pieces in which it comes. Raises ModelFailed, also in the middle."""
