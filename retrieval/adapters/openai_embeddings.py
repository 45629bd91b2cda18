"""Embeds through an OpenAI-compatible endpoint, with LangChain's `OpenAIEmbeddings`.

Texts are sent as text, in batches. Each batch has a time budget, within which temporary faults (429, 5xx, no connection, a
truncated response) are retried with growing pauses. The caller gets vectors of length 1, or an EmbeddingsUnavailable.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from retrieval.adapters.openai_faults import fault_of
from retrieval.adapters.token_counter import cut
from retrieval.embedding.endpoint import Endpoint
from retrieval.errors import EmbeddingsUnavailable

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

MAX_TOKENS = 8_000
"""Texts are cut after so many tokens; the models accept 8,191."""
BATCH_TEXTS, BATCH_BYTES = 128, 200_000
"""Limits of a request: a token has at least one byte, and a request may have 300,000 tokens."""
CONNECT_SECONDS, READ_SECONDS = 3.0, 20.0
SHORTEST_SECONDS = 0.1
"""The least time of a request, for a first question whose time was spent on loading the client."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0
NOTHING = "-"
"""Sent instead of an empty text, which endpoints refuse."""


class OpenAIEndpoint:
    """Embeds with one model of one endpoint. Imports and connects at the first text; safe for many threads."""

    def __init__(self, endpoint: Endpoint, budget: float = 60.0) -> None:
        """`budget`: seconds for one batch with its retries. Raises EmbeddingsUnavailable for an unknown dimension."""
        self.id, self.dimension = endpoint.id, endpoint.length
        self._endpoint = endpoint
        self._budget = budget
        self._making = Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of length 1. Raises EmbeddingsUnavailable."""
        self._endpoint.check()
        sendable = [cut(text, MAX_TOKENS) if text.strip() else NOTHING for text in texts]
        parts = [self._checked(self._tried(batch), len(batch)) for batch in _batches(sendable)]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimension), dtype=np.float32)

    def _tried(self, texts: list[str]) -> NDArray[np.float32]:
        """Embeds one batch, with retries. Reports the first fault, since the last try may only have run out of time."""
        end, pause = time.monotonic() + self._budget, FIRST_PAUSE
        first = ""
        while True:
            try:
                return self._asked(texts, end - time.monotonic())
            except Exception as error:  # the SDK raises many types; each becomes a Fault
                fault = fault_of(error, self._endpoint.model)
                wait, first = max(pause, fault.wait), first or fault.sentence
                if not fault.passing or time.monotonic() + wait >= end:
                    raise EmbeddingsUnavailable(first if fault.passing else fault.sentence) from error
            time.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _asked(self, texts: list[str], seconds: float) -> NDArray[np.float32]:
        from openai import Timeout

        with self._making:
            model = self._model
        seconds = max(seconds, SHORTEST_SECONDS)
        timeout = Timeout(min(READ_SECONDS, seconds), connect=min(CONNECT_SECONDS, seconds))
        return np.asarray(model.embed_documents(texts, timeout=timeout), dtype=np.float32)

    @cached_property
    def _model(self) -> OpenAIEmbeddings:
        from langchain_openai import OpenAIEmbeddings
        from pydantic import SecretStr

        from retrieval.adapters.bounded_http import bounded_client

        client = bounded_client()
        finalize(self, client.close)
        return OpenAIEmbeddings(
            model=self._endpoint.model,
            dimensions=self._endpoint.asked_length,
            openai_api_base=self._endpoint.url,
            openai_api_key=SecretStr(self._endpoint.api_key or "none"),
            check_embedding_ctx_length=False,
            chunk_size=BATCH_TEXTS,
            max_retries=0,
            http_client=client,
            model_kwargs={"encoding_format": "float"},
        )

    def _checked(self, raw: NDArray[np.float32], count: int) -> NDArray[np.float32]:
        """The rows normalised to length 1. Raises EmbeddingsUnavailable if their number, dimension or values are invalid."""
        if raw.ndim != 2 or len(raw) != count:
            raise EmbeddingsUnavailable(f"The embedding endpoint gave {len(raw)} vectors for {count} texts.")
        if raw.shape[1] != self.dimension:
            raise EmbeddingsUnavailable(
                f"The model {self._endpoint.model!r} gives {raw.shape[1]} numbers a text, not {self.dimension}. "
                "Set ASKWELL_EMBEDDING_DIMENSION and run: askwell reindex --embedder openai"
            )
        norm = np.linalg.norm(raw, axis=1, keepdims=True)
        if not np.isfinite(norm).all() or (norm < 1e-9).any():
            raise EmbeddingsUnavailable("The embedding endpoint gave vectors that point nowhere.")
        return np.ascontiguousarray(raw / norm, dtype=np.float32)


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        length = len(text.encode("utf-8", "replace"))
        if batch and (len(batch) == BATCH_TEXTS or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += length
    if batch:
        yield batch
