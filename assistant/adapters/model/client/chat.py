"""The interface to a chat model: one call for a structured answer, and one that streams.

A failed call raises only ModelFailed, with a code as its reason and never the vendor's message.
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
    """One call of the model.

    `task` names the prompt and may select its own model; `seconds` is the time limit including repairs; `most_tokens` limits the
    answer.
    """

    task: str
    system: str
    user: str
    seconds: float
    most_tokens: int = 800


@dataclass(frozen=True)
class Usage:
    """The tokens of a call, as reported by the endpoint, or estimated if it reports nothing (`counted`)."""

    model: str
    prompt: int = 0
    completion: int = 0
    cached: int = 0
    counted: bool = False


Spend = Callable[[Usage], None]
"""Called once for every request that reached the endpoint, even if its answer was unusable."""


class ModelFailed(Exception):
    """The model gave nothing usable. `why` is a code; `wait` is the Retry-After of the endpoint in seconds, or 0.

    `detail` says what was wrong with an answer that its sources do not support.
    """

    def __init__(self, why: Fallback, wait: float = 0.0, detail: str = "") -> None:
        super().__init__(why)
        self.why: Fallback = why
        self.wait, self.detail = wait, detail


class Chat(Protocol):
    def structured(self, call: Call, shape: type[T], spend: Spend) -> T:
        """The answer, validated as this type. Raises ModelFailed."""

    def stream(self, call: Call, spend: Spend) -> Iterator[str]:
        """The answer in pieces as they arrive. Raises ModelFailed, also after some pieces."""
