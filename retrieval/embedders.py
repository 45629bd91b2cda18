"""Creates the embedders by name. Models are loaded, and endpoints connected, at the first use."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from retrieval.embedding.cached import CachedEmbeddings
from retrieval.embedding.embedder_choice import EmbedderChoice
from retrieval.embedding.endpoint import Endpoint
from retrieval.embedding.fallback import FallbackEmbeddings

if TYPE_CHECKING:
    from retrieval.ports import Embeddings

LABELS = "minilm"
"""The local embedder of short labels where questions are embedded by an endpoint."""
LOCAL, REMOTE = ("minilm", "wordllama"), "openai"
EMBEDDERS = (*LOCAL, REMOTE)
QUESTION_SECONDS = 3.0
"""Time limit of an endpoint for embedding a question; after it only keyword search is used."""


@cache
def make_embeddings(embedder: str, endpoint: Endpoint | None = None) -> Embeddings:
    """The embedder of that name, one instance a process. Raises ValueError for an unknown name."""
    if embedder == "minilm":
        from retrieval.adapters.minilm_embeddings import MiniLMEmbeddings

        return MiniLMEmbeddings()
    if embedder == "wordllama":
        from retrieval.adapters.wordllama_embeddings import WordLlamaEmbeddings

        return WordLlamaEmbeddings()
    if embedder == REMOTE and endpoint is not None:
        from retrieval.adapters.openai_embeddings import OpenAIEndpoint

        return OpenAIEndpoint(endpoint)
    raise ValueError(f"There is no embedder {embedder!r}. Choose one of {', '.join(EMBEDDERS)}.")


def embeddings_of(choice: EmbedderChoice, endpoint: Endpoint) -> Embeddings:
    """The embedder of a choice, for content."""
    if choice.embedder == REMOTE:
        return make_embeddings(REMOTE, endpoint_of(choice, endpoint))
    return make_embeddings(choice.embedder)


def question_embeddings(choice: EmbedderChoice, endpoint: Endpoint, embeddings: Embeddings) -> Embeddings:
    """The same for questions: cached, and for an endpoint with a short time limit and zero vectors when it fails."""
    if choice.embedder != REMOTE:
        return CachedEmbeddings(embeddings)
    from retrieval.adapters.openai_embeddings import OpenAIEndpoint

    return FallbackEmbeddings(CachedEmbeddings(OpenAIEndpoint(endpoint_of(choice, endpoint), QUESTION_SECONDS)))


def label_embeddings(embedder: str, questions: Embeddings) -> Embeddings:
    """For short labels (topics, skills): always a local embedder, so that an endpoint receives only the question."""
    return questions if embedder in LOCAL else make_embeddings(LABELS)


def choice_of(embedder: str, endpoint: Endpoint) -> EmbedderChoice:
    """The embedder of that name as it is set up now. Raises ValueError for an unknown name, EmbeddingsUnavailable for an
    endpoint of unknown dimension."""
    if embedder == REMOTE:
        return EmbedderChoice(REMOTE, endpoint.id, endpoint.length, endpoint.model)
    local = make_embeddings(embedder)
    return EmbedderChoice(embedder, local.id, local.dimension)


def endpoint_of(choice: EmbedderChoice, endpoint: Endpoint) -> Endpoint:
    """The endpoint of the settings with the model of the choice."""
    return replace(endpoint, model=choice.model, dimension=choice.dimension)
