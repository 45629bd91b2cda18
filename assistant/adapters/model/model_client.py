"""Calls the model for every task: redacts the data, cuts it to the context window, fences it, and restores names in the answer.

The code of a fence is random for each call. Answers are not verified here.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from assistant.adapters.model.client.chat import Call, Chat, ModelFailed, Usage
from assistant.adapters.model.tasks.shapes import Shape
from assistant.dialogue.grounding.entailment import Near
from assistant.dialogue.privacy.redaction import Redaction
from assistant.dialogue.privacy.token_window import Count, WindowPiece, fitted
from assistant.ports import TokenCounter
from prompts.tasks import fence, prompt

T = TypeVar("T", bound=Shape)
FENCE_TOKENS = 30
FENCE_DIGITS = 6
"""Length of the random code of a fence; digits take fewer tokens than letters."""
_UNFINISHED = re.compile(r"\w+$")


@dataclass(frozen=True)
class ModelClient:
    """Shared by the tasks of one turn. `context` is the model's window in tokens, including its answer."""

    chat: Chat
    seconds: Callable[[], float]
    spend: Callable[[str, Usage], None]
    redaction: Redaction
    near: Near | None
    counter: TokenCounter
    context: int = 8192

    def structured(self, task: str, shape: type[T], most: int, data: Sequence[str], **known: str) -> T:
        """A structured answer of at most `most` tokens. `data` are untrusted texts, `known` are our own values for the prompt.

        The texts go into one fence, the most important first; those that do not fit the window are left out. Raises ModelFailed.
        """
        found = self.chat.structured(self._call(task, most, data, known), shape, lambda usage: self.spend(task, usage))
        return type(found).model_validate(_each_text(found.model_dump(), self.redaction.restore))

    def streamed(self, task: str, most: int, data: Sequence[str], **known: str) -> Generator[str]:
        """The answer piece by piece with names restored; an unfinished word is held back. Raises ModelFailed."""
        held = ""
        for piece in self.chat.stream(self._call(task, most, data, known), lambda usage: self.spend(task, usage)):
            held += piece
            open_word = _UNFINISHED.search(held)
            ready = held[: open_word.start()] if open_word else held
            held = held[len(ready) :]
            if ready:
                yield self.redaction.restore(ready)
        if held:
            yield self.redaction.restore(held)

    def room(self, task: str, most: int, texts: Iterable[str]) -> tuple[int, Count]:
        """The room for these texts beside the prompt and the answer, and the function that measures it: in bytes or in tokens.

        A text never has more tokens than bytes, so if the bytes fit, tokens are not counted.
        """
        template, context = prompt(task), self.context - most - FENCE_TOKENS
        count = _bytes if sum(map(_bytes, (template.system, template.user, *texts))) < context else self.counter.count
        return context - count(template.system) - count(template.user), count

    def _call(self, task: str, most: int, data: Sequence[str], known: Mapping[str, str]) -> Call:
        seconds = self.seconds()
        if seconds <= 0:
            raise ModelFailed("late")
        template = prompt(task)
        fenced = fence("\n".join(self._fitted(task, most, data)), f"{secrets.randbelow(10**FENCE_DIGITS):0{FENCE_DIGITS}}")
        return Call(task, template.system, template.filled(data=fenced, **known), seconds, most)

    def _fitted(self, task: str, most: int, data: Sequence[str]) -> list[str]:
        """The redacted texts, as many as fit."""
        texts = [self.redaction.hide(text) for text in data]
        room, count = self.room(task, most, [f"{text} " for text in texts])
        kept = fitted([WindowPiece(text, place) for place, text in enumerate(texts)], room, count, each=1)
        if not kept or not kept[0]:
            raise ModelFailed("too_large")
        return [text for text in kept if text]


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(item, change) for key, item in value.items()}
    return [_each_text(item, change) for item in value] if isinstance(value, list) else value
