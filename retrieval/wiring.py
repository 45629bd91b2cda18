"""Wires what depends on the embedder: search, experts and ingest over one choice of embedder, replaced together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval import embedders
from retrieval.indexing import calibration
from retrieval.indexing.ingest import Ingest
from retrieval.passages.search import Search
from retrieval.people.experts import Experts

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_vectors import SqlVectors
    from retrieval.embedding.embedder_choice import EmbedderChoice
    from retrieval.embedding.endpoint import Endpoint
    from retrieval.indexing.index_manager import IndexManager
    from retrieval.passages.sentence_vectors import SentenceVectorWriter
    from retrieval.people.contributions import ContributionSearch
    from retrieval.ports import Embeddings, VectorCache

    OpenContributions = Callable[[Embeddings, VectorCache], ContributionSearch]


@dataclass(frozen=True, slots=True)
class SearchServices:
    """The objects that depend on the embedder."""

    choice: EmbedderChoice
    embeddings: Embeddings
    search: Search
    experts: Experts
    ingest: Ingest


@dataclass(frozen=True, slots=True)
class Wiring:
    """What does not depend on the embedder. `threshold` overrides the calibrated one, `contributions` opens its search."""

    engine: Engine
    corpus: SqlCorpus
    cache: SqlVectors
    threshold: float | None
    contributions: OpenContributions | None

    def services(self, choice: EmbedderChoice, endpoint: Endpoint, manager: IndexManager) -> SearchServices:
        """The services over the present indexes of the manager."""
        embeddings = embedders.embeddings_of(choice, endpoint)
        asked = embedders.question_embeddings(choice, endpoint, embeddings)
        labels, sentences = embedders.label_embeddings(choice.embedder, asked), self.sentences(choice)
        passage_indexes = manager.vectors("passage_vectors"), manager.words("passage_words")
        people_indexes = manager.vectors("people_vectors"), manager.words("people_words")
        contributions = self.contributions(embeddings, self.cache) if self.contributions else None
        weight = calibration.weight_of(choice.id)
        return SearchServices(
            choice,
            asked,
            Search(asked, *passage_indexes, self.corpus, self._threshold_of(choice), weight, sentences),
            Experts(asked, *people_indexes, self.corpus, contributions, labels=labels),
            Ingest(self.corpus, self.cache, embeddings, manager, sentences),
        )

    def sentences(self, choice: EmbedderChoice) -> SentenceVectorWriter | None:
        """Sentence vectors; none for an endpoint, which would charge for each sentence."""
        from retrieval.adapters.sql_sentence_vectors import SqlSentenceVectors

        useful = choice.embedder != embedders.REMOTE and calibration.uses_sentences(choice.id)
        return SqlSentenceVectors(self.engine, choice.id) if useful else None

    def _threshold_of(self, choice: EmbedderChoice) -> float:
        """The one that was set, else that of the embedder, else that of the base itself."""
        known = (self.threshold, calibration.threshold_of(choice.id), choice.threshold)
        return next((one for one in known if one is not None), calibration.usual_threshold())
