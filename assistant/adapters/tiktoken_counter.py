"""Counts tokens without a network, with the model's own encoding if it is known, else with the newest one."""

from __future__ import annotations

from functools import cached_property

from retrieval.adapters.token_counter import CL100K, O200K, count_tokens


class TiktokenCounter:
    """Implements `ports.TokenCounter`. The encoding is loaded at the first count. Safe for many threads."""

    def __init__(self, model: str = "") -> None:
        self._model = model

    def count(self, text: str) -> int:
        return count_tokens([text], self.encoding)

    @cached_property
    def encoding(self) -> str:
        """The name of the encoding; unknown models use the newest one."""
        try:
            from tiktoken import encoding_name_for_model
        except ImportError:
            return O200K
        try:
            name = encoding_name_for_model(self._model)
        except KeyError:
            return O200K
        return name if name in (CL100K, O200K) else O200K
