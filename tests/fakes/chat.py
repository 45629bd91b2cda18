"""A chat model made of a function from the call to an answer, a failure, or the pieces of a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from assistant.adapters.model.client.chat import Call, ModelFailed, Spend, Usage

T = TypeVar("T", bound=BaseModel)


@dataclass
class FakeChat:
    """Implements `chat.Chat`; `calls` records every call."""

    answer: Callable[[Call], object]
    calls: list[Call] = field(default_factory=list)

    def structured(self, call: Call, shape: type[T], spend: Spend) -> T:
        """Validates the function's answer as strictly as the adapter does."""
        self.calls.append(call)
        said = self.answer(call)
        spend(Usage("fake", 1, 1))
        if isinstance(said, ModelFailed):
            raise said
        try:
            return shape.model_validate(said)
        except ValidationError:
            raise ModelFailed("wrong_shape") from None

    def stream(self, call: Call, spend: Spend) -> Iterator[str]:
        """Streams a text letter by letter, or a list of pieces; a ModelFailed among them is raised at its place."""
        self.calls.append(call)
        said = self.answer(call)
        spend(Usage("fake", 1, 1))
        for piece in [said] if isinstance(said, ModelFailed) else said:  # type: ignore[attr-defined]
            if isinstance(piece, ModelFailed):
                raise piece
            yield piece
