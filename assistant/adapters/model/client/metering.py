"""What one request to the model cost: as the endpoint says, else counted. Told once, when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.adapters.model.client.chat import ModelFailed, Spend, Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

UNSPENT = ("unreachable", "refused", "no_model", "busy", "quota", "fault")
"""After these nothing was read and nothing written, as long as no word came."""


MOST_COUNTED = 20_000
"""Characters; a longer text is estimated, since counting a hostile one takes seconds."""


def count(text: str) -> int:
    """Tokens of a text."""
    from retrieval.adapters.token_counter import count_tokens, estimate

    return count_tokens([text]) if len(text) <= MOST_COUNTED else estimate(text)


class Meter:
    """Gathers an answer in its pieces. `text` is what came so far, `finish` why it ended (empty: it did not say)."""

    def __init__(self, model: str, said: Sequence[tuple[str, str]], spend: Spend) -> None:
        self._model, self._said, self._spend = model, said, spend
        self._pieces: list[str] = []
        self._usage: Usage | None = None
        self._over = self._free = False
        self.finish = ""

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def add(self, message: AIMessage) -> str:
        """The words of this piece."""
        piece = message.content if isinstance(message.content, str) else ""
        piece = piece.encode("utf-8", "replace").decode().replace("\0", "")
        self._pieces.append(piece)
        self.finish = str(message.response_metadata.get("finish_reason") or self.finish)
        used = message.usage_metadata
        if used and used["input_tokens"] + used["output_tokens"]:
            cached = (used.get("input_token_details") or {}).get("cache_read") or 0
            self._usage = Usage(self._model, used["input_tokens"], used["output_tokens"], cached)
        return piece

    def broke(self, failure: ModelFailed) -> None:
        """The request failed; if that cost nothing, nothing is told."""
        self._free = failure.why in UNSPENT and not self._pieces
        self.settle()

    def settle(self) -> None:
        """Tells what it cost, once."""
        if not self._over and not self._free:
            self._spend(self._usage or self._counted())
        self._over = True

    def _counted(self) -> Usage:
        sent = sum(count(text) for _, text in self._said)
        return Usage(self._model, sent, count(self.text), counted=True)
