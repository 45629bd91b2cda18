"""What a reindex would send, and what that costs: said before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.embedding.endpoint import Endpoint
from retrieval.indexing.ingest import texts_waiting

if TYPE_CHECKING:
    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_vectors import SqlVectors


@dataclass(frozen=True, slots=True)
class Cost:
    """`texts` have no vector yet. For an endpoint (`address` is not empty) also their tokens and, where the price of the
    model is known, what they cost in US dollars."""

    embedder: str
    texts: int
    tokens: int = 0
    model: str = ""
    address: str = ""
    dollars: float | None = None


def cost_of(corpus: SqlCorpus, cache: SqlVectors, embedder_id: str, embedder: str, endpoint: Endpoint | None) -> Cost:
    """Counts what has no vector of this embedder; tokens for an endpoint alone. Raises EmbeddingsUnavailable."""
    if endpoint is None:
        return Cost(embedder, cache.count_missing(embedder_id))
    from retrieval.adapters.token_counter import count_tokens
    from retrieval.indexing.calibration import questions, sample

    endpoint.check()
    texts = tokens = 0
    for some in texts_waiting(corpus, cache, embedder_id):
        texts += len(some)
        tokens += count_tokens(some)
    asked = [text for _, text in questions(sample(corpus))] if texts else []
    texts, tokens = texts + len(asked), tokens + count_tokens(asked)
    dollars = None if endpoint.price is None else endpoint.price * tokens / 1_000_000
    return Cost(embedder, texts, tokens, endpoint.model, endpoint.url, dollars)
