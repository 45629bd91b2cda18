"""The port that counts a language model's tokens."""

from __future__ import annotations

from typing import Protocol


class TokenCounter(Protocol):
    def count(self, text: str) -> int:
        """The number of tokens of a text for the configured model; an estimate errs on the high side."""
