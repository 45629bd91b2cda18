"""Measures the token usage of one request: as reported by the endpoint, else counted. Reports it once, at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.adapters.model.client.chat import ModelFailed, Spend, Usage
from assistant.adapters.model.client.odd_answers import DECLINED, THOUGHT

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

UNSPENT = ("unreachable", "refused", "no_model", "busy", "quota", "fault")
"""After these failures nothing was spent, if no text arrived."""


OPENING, CLOSING = "<think>", "</think>"
HELD = 4096
"""Characters of thinking that are kept, to find its end."""
MOST_COUNTED = 20_000
"""Characters; longer texts are estimated, since counting a hostile text takes seconds."""


def count(text: str) -> int:
    """Number of tokens of a text, estimated for long ones."""
    from retrieval.adapters.token_counter import count_tokens, estimate

    return count_tokens([text]) if len(text) <= MOST_COUNTED else estimate(text)


class Thoughts:
    """Takes what stands between <think> tags at the beginning out of a stream; `any` says whether there was some."""

    def __init__(self) -> None:
        self._held, self._inside, self._over, self._blank = "", False, False, False
        self.any = False

    def feed(self, piece: str) -> str:
        """What of the answer may be shown after this piece."""
        if self._over:
            piece = piece.lstrip() if self._blank else piece
            self._blank = self._blank and not piece
            return piece
        self._held += piece
        opening = self._held.lstrip()
        if not self._inside and not opening.startswith(OPENING):
            if OPENING.startswith(opening):
                return ""
            self._over = True
            return self._held
        self._inside = self.any = True
        _, closed, rest = self._held[-HELD:].partition(CLOSING) if len(self._held) > HELD else self._held.partition(CLOSING)
        if not closed:
            self._held = self._held[-HELD:]
            return ""
        self._over, self._blank = True, not rest.strip()
        return rest.lstrip()


class Meter:
    """Collects the pieces of an answer. `text` is the answer so far without thinking; `finish` is the finish reason, or empty.

    `thought` says whether the model thought before it answered, `declined` whether it declined to answer.
    """

    def __init__(self, model: str, messages: Sequence[tuple[str, str]], spend: Spend) -> None:
        self._model, self._messages, self._spend = model, messages, spend
        self._pieces: list[str] = []
        self._written = ""
        self._usage: Usage | None = None
        self._over = self._free = False
        self._thoughts = Thoughts()
        self.finish = ""
        self.thought = self.declined = False

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def only_thought(self) -> bool:
        """Whether the room for the answer was used up by thinking, shown or hidden."""
        return not self.text.strip() and (self.thought or self.finish == "length")

    def add(self, message: AIMessage) -> str:
        """Adds a piece and returns its text without thinking."""
        piece = message.content if isinstance(message.content, str) else ""
        beside = message.additional_kwargs
        self._written += piece
        piece = self._thoughts.feed(piece)
        self.thought = self.thought or bool(beside.get(THOUGHT)) or self._thoughts.any
        self.declined = self.declined or bool(beside.get(DECLINED))
        piece = piece.encode("utf-8", "replace").decode().replace("\0", "")
        self._pieces.append(piece)
        self.finish = str(message.response_metadata.get("finish_reason") or self.finish)
        used = message.usage_metadata
        if used and used["input_tokens"] + used["output_tokens"]:
            details = used.get("output_token_details") or {}
            self.thought = self.thought or bool(details.get("reasoning"))
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
        return Usage(self._model, sent, count(self._written), counted=True)
