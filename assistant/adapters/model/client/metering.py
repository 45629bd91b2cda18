"""Measures the token usage of one request: as reported by the endpoint, else counted. Reports it once, at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.adapters.model.client.chat import ModelFailed, Spend, Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

UNSPENT = ("unreachable", "refused", "no_model", "busy", "quota", "fault")
"""After these failures nothing was spent, if no text arrived."""


MOST_COUNTED = 20_000
"""Characters; longer texts are estimated, since counting a hostile text takes seconds."""


def count(text: str) -> int:
    """Number of tokens of a text, estimated for long ones."""
    from retrieval.adapters.token_counter import count_tokens, estimate

    return count_tokens([text]) if len(text) <= MOST_COUNTED else estimate(text)


class Meter:
    """Collects the pieces of an answer. `text` is the answer so far; `finish` is the finish reason, or empty."""

    def __init__(self, model: str, messages: Sequence[tuple[str, str]], spend: Spend) -> None:
        self._model, self._messages, self._spend = model, messages, spend
        self._pieces: list[str] = []
        self._usage: Usage | None = None
        self._over = self._free = False
        self.finish = ""

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def add(self, message: AIMessage) -> str:
        """Adds a piece and returns its text."""
        piece = message.content if isinstance(message.content, str) else ""
        piece = piece.encode("utf-8", "replace").decode().replace("\0", "")
        self._pieces.append(piece)
        self.finish = str(message.response_metadata.get("finish_reason") or self.finish)
        used = message.usage_metadata
        if used and used["input_tokens"] + used["output_tokens"]:
            cached = (used.get("input_token_details") or {}).get("cache_read") or 0
            self._usage = Usage(self._model, used["input_tokens"], used["output_tokens"], cached)
        return piece

    def failed(self, failure: ModelFailed) -> None:
        """The request failed; reports usage only if something was spent."""
        self._free = failure.why in UNSPENT and not self._pieces
        self.settle()

    def settle(self) -> None:
        """Reports the usage, once."""
        if not self._over and not self._free:
            self._spend(self._usage or self._counted())
        self._over = True

    def _counted(self) -> Usage:
        sent = sum(count(text) for _, text in self._messages)
        return Usage(self._model, sent, count(self.text), counted=True)
