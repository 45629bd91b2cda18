"""A chat model that is a function: from the call to its answer, a failure, or the pieces of a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from assistant.adapters.model.client.chat import Call, ModelFailed, Spend, Usage

T = TypeVar("T", bound=BaseModel)


@dataclass
class FakeChat:
    """Implements `chat.Chat`; `calls` holds all that it was asked."""

    answer: Callable[[Call], object]
    calls: list[Call] = field(default_factory=list)

    def structured(self, call: Call, shape: type[T], spend: Spend) -> T:
        """What the function says as this shape, as strictly as an adapter does it."""
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
        """A text letter by letter, or a list of pieces in which a ModelFailed is raised where it stands."""
        self.calls.append(call)
        said = self.answer(call)
        spend(Usage("fake", 1, 1))
        for piece in [said] if isinstance(said, ModelFailed) else said:  # type: ignore[attr-defined]
            if isinstance(piece, ModelFailed):
                raise piece
            yield piece
