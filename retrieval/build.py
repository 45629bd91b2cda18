"""Wires retrieval: opens the database, the index folder and the embedder, and builds search and ingest on top of them.

Vendors are imported when they are needed, so importing this module is cheap. The embedder in use is recorded in a file beside
the indexes (see `embedding.embedder_choice`). When that file changes, every process that has the folder open builds the new
indexes in the background and switches when they are complete.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval import embedders
from retrieval.embedding.embedder_choice import NAME, EmbedderChoice, keep_choice, read_choice, stamp
from retrieval.embedding.endpoint import Endpoint
from retrieval.errors import IndexLocked, RetrievalError
from retrieval.indexing import calibration
from retrieval.indexing.cost import Cost, endpoint_cost, local_cost
from retrieval.indexing.index_manager import IndexManager
from retrieval.indexing.ingest import Ingest
from retrieval.indexing.sentence_embedding import embed_missing_sentences
from retrieval.indexing.unit_embedding import Progress, embed_missing
from retrieval.passages.search import Search
from retrieval.people.experts import Experts

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from retrieval.adapters.langchain_retriever import AskwellRetriever
    from retrieval.passages.sentence_vectors import SentenceVectorWriter
    from retrieval.people.contributions import ContributionSearch
    from retrieval.ports import Embeddings, VectorCache

    OpenContributions = Callable[[Embeddings, VectorCache], ContributionSearch]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Services:
    """The objects that depend on the embedder and are replaced together."""

    choice: EmbedderChoice
    embeddings: Embeddings
    search: Search
    experts: Experts
    ingest: Ingest


class Retrieval:
    """All of retrieval, wired. Close it when the process ends.

    Read `search`, `experts` and `ingest` anew for each use: they are replaced together when the embedder changes.
    """

    def __init__(
        self, engine: Engine, folder: Path, choice: EmbedderChoice, threshold: float | None, endpoint: Endpoint,
        contributions: OpenContributions | None,
    ) -> None:  # fmt: skip
        from retrieval.adapters.index_folder import IndexFolder
        from retrieval.adapters.sql_corpus import SqlCorpus
        from retrieval.adapters.sql_vectors import SqlVectors

        self.corpus, self.cache = SqlCorpus(engine), SqlVectors(engine)
        self.engine, self._contributions = engine, contributions
        self._threshold, self._endpoint = threshold, endpoint
        self._file = folder.with_name(NAME)
        self._stamp = stamp(self._file)
        self._switching = threading.Lock()
        self._thread: threading.Thread | None = None
        self.index_manager = IndexManager(IndexFolder(folder), self.corpus, self.cache, choice.id, choice.dimension)
        self._services = self._wire(choice)

    @property
    def search(self) -> Search:
        """Finds passages, with the embedder in use."""
        self._follow_choice()
        return self._services.search

    @property
    def experts(self) -> Experts:
        """Finds people, with the embedder in use."""
        self._follow_choice()
        return self._services.experts

    @property
    def ingest(self) -> Ingest:
        """Writes content, with the embedder in use."""
        return self._services.ingest

    @property
    def embeddings(self) -> Embeddings:
        """Embeds questions; gives zero vectors while an endpoint fails."""
        return self._services.embeddings

    @property
    def embedder(self) -> str:
        """The name of the embedder in use."""
        return self._services.choice.embedder

    @property
    def label_embeddings(self) -> Embeddings:
        """Embeds short labels (topics, skills) with a local embedder."""
        return embedders.label_embeddings(self.embedder, self.embeddings)

    def langchain(self, k: int = 5, *, even_if_unknown: bool = False) -> AskwellRetriever:
        """This search as a LangChain BaseRetriever of k documents (see `adapters.langchain_retriever`)."""
        from retrieval.adapters.langchain_retriever import AskwellRetriever

        return AskwellRetriever(retrieval=self, k=k, even_if_unknown=even_if_unknown)

    def cost(self, embedder: str | None = None) -> Cost:
        """What a reindex would send to an endpoint. Raises EmbeddingsUnavailable for an endpoint that is not set up."""
        choice = self._chosen(embedder)
        if choice.embedder != embedders.REMOTE:
            return local_cost(self.cache, choice.id, choice.embedder)
        from retrieval.adapters.token_counter import count_tokens

        endpoint = embedders.endpoint_of(choice, self._endpoint)
        return endpoint_cost(self.corpus, self.cache, choice.embedder, endpoint, count_tokens)

    def reindex(self, progress: Progress = lambda stage, done, total: None, embedder: str | None = None) -> bool:
        """Embeds what has no vector yet, then builds a new index generation and swaps it in when it is complete.

        Searches continue meanwhile, with the old embedder until the swap. Vectors are cached, so an interrupted run
        continues where it stopped. Returns True if the new indexes are in use; False if another process owns the folder and
        will build and use them. Raises IndexLocked if another process owns the folder and the embedder stays the same,
        EmbeddingsUnavailable if an endpoint fails.
        """
        choice, other_owner = self._chosen(embedder), not self.index_manager.owner
        if other_owner and choice.id == self._services.choice.id:
            raise IndexLocked(self._file.parent)
        embeddings = embedders.embeddings_of(choice, self._endpoint)
        embed_missing(self.corpus, self.cache, embeddings, progress)
        sentences = self._sentences(choice)
        if sentences is not None:
            embed_missing_sentences(self.corpus, sentences, embeddings, progress)
        if calibration.threshold_of(choice.id) is None:
            choice = replace(choice, threshold=calibration.calibrate(self.corpus, self.cache, embeddings))
        if not other_owner:
            progress("index", 0, 1)
            self._change(choice)
            progress("index", 1, 1)
        self.keep(choice)
        return not other_owner

    def keep(self, choice: EmbedderChoice) -> None:
        """Records the choice for the next start, and for other processes that have the folder open."""
        keep_choice(self._file, choice)
        if self.index_manager.owner:
            self._stamp = stamp(self._file)

    def wait(self) -> None:
        """Waits for a switch that another process asked for."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Stops background work and releases the index folder."""
        self.index_manager.stop()
        self.wait()
        self.index_manager.close()

    def _chosen(self, embedder: str | None) -> EmbedderChoice:
        """The embedder in use, or the named one as the settings describe it."""
        return self._services.choice if embedder is None else embedders.choice_of(embedder, self._endpoint)

    def _change(self, choice: EmbedderChoice) -> None:
        """Builds new indexes, then replaces everything that depends on them in one step."""
        if choice.id == self._services.choice.id:
            self.index_manager.rebuild()
        elif not self.index_manager.switch(choice.id, choice.dimension):
            return
        self._services = self._wire(choice)
        if self.index_manager.owner and self.index_manager.missing:
            self._services.ingest.run()

    def _wire(self, choice: EmbedderChoice) -> _Services:
        embeddings = embedders.embeddings_of(choice, self._endpoint)
        asked = embedders.question_embeddings(choice, self._endpoint, embeddings)
        manager, sentences = self.index_manager, self._sentences(choice)
        thresholds = (self._threshold, calibration.threshold_of(choice.id), choice.threshold)
        threshold = next((one for one in thresholds if one is not None), calibration.usual_threshold())
        passage_indexes = manager.vectors("passage_vectors"), manager.words("passage_words")
        people_indexes = manager.vectors("people_vectors"), manager.words("people_words")
        contributions = self._contributions(embeddings, self.cache) if self._contributions else None
        labels = embedders.label_embeddings(choice.embedder, asked)
        return _Services(
            choice,
            asked,
            Search(asked, *passage_indexes, self.corpus, threshold, calibration.weight_of(choice.id), sentences),
            Experts(asked, *people_indexes, self.corpus, contributions, labels=labels),
            Ingest(self.corpus, self.cache, embeddings, manager, sentences),
        )

    def _sentences(self, choice: EmbedderChoice) -> SentenceVectorWriter | None:
        """Sentence vectors; none for an endpoint, which would charge for each sentence."""
        from retrieval.adapters.sql_sentence_vectors import SqlSentenceVectors

        useful = choice.embedder != embedders.REMOTE and calibration.uses_sentences(choice.id)
        return SqlSentenceVectors(self.engine, choice.id) if useful else None

    def _follow_choice(self) -> None:
        """Starts the switch in the background if another process changed the choice."""
        seen = stamp(self._file)
        if seen == self._stamp or not self._switching.acquire(blocking=False):
            return
        self._stamp = seen
        self._thread = threading.Thread(target=self._adopt_choice, name="askwell-embedder", daemon=True)
        self._thread.start()

    def _adopt_choice(self) -> None:
        try:
            choice = read_choice(self._file)
            if choice is None or choice == self._services.choice:
                return
            if choice.embedder == embedders.REMOTE:
                embedders.endpoint_of(choice, self._endpoint).check()
            if choice.id == self._services.choice.id:
                self._services = self._wire(choice)
            else:
                self._change(choice)
        except RetrievalError as error:
            log.warning("The embedder stays as it is. %s", error)
        finally:
            self._switching.release()


def open_retrieval(
    engine: Engine,
    index_folder: Path,
    embedder: str = "minilm",
    threshold: float | None = None,
    endpoint: Endpoint | None = None,
    contributions: OpenContributions | None = None,
) -> Retrieval:
    """Opens retrieval over a database whose tables exist (see `adapters.sql_tables.metadata`). Nothing is embedded.

    `embedder` is used for a new folder; later the folder's recorded choice is, until a reindex with another embedder.
    A lost, damaged or outdated index is rebuilt from the database; if another process owns the index, a copy in memory is
    used. `threshold` (0..1) overrides the calibrated one of the embedder; `contributions` opens the search for what people
    did. Raises ValueError for an unknown embedder, EmbeddingsUnavailable for an endpoint of unknown dimension.
    """
    folder, endpoint = Path(index_folder), endpoint or Endpoint()
    known = read_choice(folder.with_name(NAME))
    recorded = known is not None and known.embedder in embedders.EMBEDDERS
    choice = _refreshed(known, endpoint) if known and recorded else embedders.choice_of(embedder, endpoint)
    opened = Retrieval(engine, folder, choice, threshold, endpoint, contributions)
    if known is None and opened.index_manager.owner:
        opened.keep(choice)
    return opened


def _refreshed(known: EmbedderChoice, endpoint: Endpoint) -> EmbedderChoice:
    """The recorded choice; a local embedder may have a newer version, the model of an endpoint stays as recorded."""
    if known.embedder in embedders.LOCAL:
        now = embedders.choice_of(known.embedder, endpoint)
        return replace(now, threshold=known.threshold if now.id == known.id else None)
    if known.model != endpoint.model:
        log.warning("The index was made with the model %s, which stays in use. To change it: askwell reindex --embedder openai",
                    known.model)  # fmt: skip
    return known
