"""Estimates what a reindex would send to an embedding endpoint, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.indexing.calibration import questions, sample
from retrieval.indexing.unit_embedding import texts_waiting

if TYPE_CHECKING:
    from retrieval.embedding.endpoint import Endpoint
    from retrieval.ports import IndexedCorpus, VectorStore

CountTokens = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Cost:
    """`texts` have no vector yet. For an endpoint (`address` is not empty) also their tokens and, if the price of the
    model is known, the cost in US dollars."""

    embedder: str
    texts: int
    tokens: int = 0
    model: str = ""
    address: str = ""
    dollars: float | None = None


def local_cost(store: VectorStore, embedder_id: str, embedder: str) -> Cost:
    """Counts the texts that a local embedder would embed."""
    return Cost(embedder, store.count_missing(embedder_id))


def endpoint_cost(
    corpus: IndexedCorpus, store: VectorStore, embedder: str, endpoint: Endpoint, count_tokens: CountTokens
) -> Cost:
    """Counts the texts and tokens that would be sent to an endpoint. Raises EmbeddingsUnavailable if it is not set up."""
    endpoint.check()
    texts = tokens = 0
    for batch in texts_waiting(corpus, store, endpoint.id):
        texts += len(batch)
        tokens += count_tokens(batch)
    headings = [text for _, text in questions(sample(corpus))] if texts else []
    texts, tokens = texts + len(headings), tokens + count_tokens(headings)
    dollars = None if endpoint.price is None else endpoint.price * tokens / 1_000_000
    return Cost(embedder, texts, tokens, endpoint.model, endpoint.url, dollars)
