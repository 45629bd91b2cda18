"""Wires retrieval, once, by hand. The only place that knows which vendor stands behind which port.

Vendors are imported when they are needed: importing this module costs nothing. Which embedder is in use stands in a file
beside the indexes (see `choice`); when it changes there, whoever has the folder open builds the new indexes in the
background and changes over when they are complete.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.embedding.cached import CachedEmbeddings
from retrieval.embedding.cost import Cost, cost_of
from retrieval.embedding.embedder_choice import NAME, EmbedderChoice, keep_choice, read_choice, stamp
from retrieval.embedding.endpoint import Endpoint
from retrieval.embedding.fallback import FallbackEmbeddings
from retrieval.errors import IndexLocked, RetrievalError
from retrieval.indexing import calibration
from retrieval.indexing.index_manager import IndexManager
from retrieval.indexing.ingest import Ingest, Progress, embed_missing
from retrieval.indexing.sentence_job import refine
from retrieval.passages.search import Search
from retrieval.people.experts import Experts

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from retrieval.adapters.langchain_retriever import AskwellRetriever
    from retrieval.adapters.sql_sentence_vectors import SqlSentenceVectors
    from retrieval.people.contributions import ContributionSearch
    from retrieval.ports import Embeddings, VectorCache

    Done = Callable[[Embeddings, VectorCache], ContributionSearch]

LOCAL, REMOTE = ("minilm", "wordllama"), "openai"
EMBEDDERS = (*LOCAL, REMOTE)
QUESTION_SECONDS = 3.0
"""What an endpoint may take for a question; beyond it words alone are searched."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Wired:
    """What belongs to one embedder and changes together."""

    choice: EmbedderChoice
    embeddings: Embeddings
    search: Search
    experts: Experts
    ingest: Ingest


class Retrieval:
    """All of retrieval, wired. Close it when the process ends.

    Take `search`, `experts` and `ingest` anew for each use: they change together when the embedder does.
    """

    def __init__(
        self, engine: Engine, folder: Path, choice: EmbedderChoice, threshold: float | None, endpoint: Endpoint, done: Done | None
    ) -> None:
        from retrieval.adapters.sql_corpus import SqlCorpus
        from retrieval.adapters.sql_vectors import SqlVectors

        self.corpus, self.cache = SqlCorpus(engine), SqlVectors(engine)
        self.engine, self._done = engine, done
        self._threshold, self._endpoint = threshold, endpoint
        self._file = folder.with_name(NAME)
        self._stamp = stamp(self._file)
        self._following = threading.Lock()
        self._thread: threading.Thread | None = None
        self.index_manager = IndexManager(folder, self.corpus, self.cache, choice.id, choice.dimension)
        self._now = self._wire(choice)

    @property
    def search(self) -> Search:
        """Finds passages, with the embedder in use."""
        self._follow()
        return self._now.search

    @property
    def experts(self) -> Experts:
        """Finds people, with the embedder in use."""
        self._follow()
        return self._now.experts

    @property
    def ingest(self) -> Ingest:
        """Brings content in, for the embedder in use."""
        return self._now.ingest

    @property
    def embeddings(self) -> Embeddings:
        """Those of questions; zeros while an endpoint fails."""
        return self._now.embeddings

    @property
    def embedder(self) -> str:
        """The name of the embedder in use."""
        return self._now.choice.embedder

    def langchain(self, k: int = 5, *, even_if_unknown: bool = False) -> AskwellRetriever:
        """This search as a LangChain BaseRetriever of k documents (see `adapters.langchain_retriever`)."""
        from retrieval.adapters.langchain_retriever import AskwellRetriever

        return AskwellRetriever(retrieval=self, k=k, even_if_unknown=even_if_unknown)

    def cost(self, embedder: str | None = None) -> Cost:
        """What a reindex would send to whom. Raises EmbeddingsUnavailable for an endpoint that is not set up."""
        choice = self._chosen(embedder)
        endpoint = _at(self._endpoint, choice) if choice.embedder == REMOTE else None
        return cost_of(self.corpus, self.cache, choice.id, choice.embedder, endpoint)

    def reindex(self, progress: Progress = lambda stage, done, total: None, embedder: str | None = None) -> bool:
        """Embeds what has no vector yet, then builds a fresh index folder and swaps it in when it is complete.

        Searches go on meanwhile, with the old embedder until the swap. What is embedded is kept, so after an interruption
        the next run goes on there. True if the new indexes are in use; False if another process owns the folder and has
        been told to build and use them. Raises IndexLocked if another process owns it and the embedder stays the same,
        EmbeddingsUnavailable if an endpoint fails.
        """
        choice, other = self._chosen(embedder), not self.index_manager.owner
        if other and choice.id == self._now.choice.id:
            raise IndexLocked(self._file.parent)
        embeddings = self._embedder(choice)
        embed_missing(self.corpus, self.cache, embeddings, progress)
        windows = self._windows(choice)
        if windows is not None:
            refine(self.corpus, windows, embeddings, progress)
        if calibration.threshold_of(choice.id) is None:
            choice = replace(choice, threshold=calibration.calibrate(self.corpus, self.cache, embeddings))
        if not other:
            progress("index", 0, 1)
            self._change(choice)
            progress("index", 1, 1)
        self.keep(choice)
        return not other

    def keep(self, choice: EmbedderChoice) -> None:
        """Remembers the choice for the next start, and for other processes that have the folder open."""
        keep_choice(self._file, choice)
        if self.index_manager.owner:
            self._stamp = stamp(self._file)

    def wait(self) -> None:
        """Until a change that another process asked for is done."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Lets go of the index folder."""
        self.index_manager.stop()
        self.wait()
        self.index_manager.close()

    def _chosen(self, embedder: str | None) -> EmbedderChoice:
        """The embedder in use, or the one that is wanted as the settings describe it."""
        return self._now.choice if embedder is None else choice_of(embedder, self._endpoint)

    def _embedder(self, choice: EmbedderChoice) -> Embeddings:
        if choice.embedder == REMOTE:
            return make_embeddings(REMOTE, _at(self._endpoint, choice))
        return make_embeddings(choice.embedder)

    def _change(self, choice: EmbedderChoice) -> None:
        """Fresh indexes, then everything that belongs to them in one step."""
        if choice.id == self._now.choice.id:
            self.index_manager.rebuild()
        elif not self.index_manager.switch(choice.id, choice.dimension):
            return
        self._now = self._wire(choice)
        if self.index_manager.owner and self.index_manager.missing:
            self._now.ingest.run()

    def _asked(self, choice: EmbedderChoice, embeddings: Embeddings) -> Embeddings:
        """The same for questions: remembered for a moment, and in little time if an endpoint is asked."""
        if choice.embedder != REMOTE:
            return CachedEmbeddings(embeddings)
        from retrieval.adapters.openai_embeddings import OpenAIEndpoint

        return FallbackEmbeddings(CachedEmbeddings(OpenAIEndpoint(_at(self._endpoint, choice), QUESTION_SECONDS)))

    def _wire(self, choice: EmbedderChoice) -> _Wired:
        embeddings = self._embedder(choice)
        asked = self._asked(choice, embeddings)
        index_manager, measured = self.index_manager, calibration.threshold_of(choice.id)
        found = next((n for n in (self._threshold, measured, choice.threshold) if n is not None), calibration.usual_threshold())
        vectors, words, weight = (
            index_manager.vectors("passage_vectors"),
            index_manager.words("passage_words"),
            calibration.weight_of(choice.id),
        )
        windows, people = self._windows(choice), (index_manager.vectors("people_vectors"), index_manager.words("people_words"))
        done = self._done(embeddings, self.cache) if self._done else None
        return _Wired(
            choice,
            asked,
            Search(asked, vectors, words, self.corpus, found, weight, windows),
            Experts(asked, *people, self.corpus, done, labels=asked if choice.embedder in LOCAL else make_embeddings("minilm")),
            Ingest(self.corpus, self.cache, embeddings, index_manager, windows),
        )

    def _windows(self, choice: EmbedderChoice) -> SqlSentenceVectors | None:
        """The sentences of the passages; none for an endpoint, which would be paid for each of them."""
        from retrieval.adapters.sql_sentence_vectors import SqlSentenceVectors

        worth = choice.embedder != REMOTE and calibration.uses_sentences(choice.id)
        return SqlSentenceVectors(self.engine, choice.id) if worth else None

    def _follow(self) -> None:
        """If the choice was changed by another process, the change begins in the background."""
        seen = stamp(self._file)
        if seen == self._stamp or not self._following.acquire(blocking=False):
            return
        self._stamp = seen
        self._thread = threading.Thread(target=self._adopt, name="askwell-embedder", daemon=True)
        self._thread.start()

    def _adopt(self) -> None:
        try:
            choice = read_choice(self._file)
            if choice is None or choice == self._now.choice:
                return
            if choice.embedder == REMOTE:
                _at(self._endpoint, choice).check()
            if choice.id == self._now.choice.id:
                self._now = self._wire(choice)
            else:
                self._change(choice)
        except RetrievalError as error:
            log.warning("The embedder stays as it is. %s", error)
        finally:
            self._following.release()


def open_retrieval(
    engine: Engine,
    index_folder: Path,
    embedder: str = "minilm",
    threshold: float | None = None,
    endpoint: Endpoint | None = None,
    done: Done | None = None,
) -> Retrieval:
    """Opens retrieval over a database whose tables exist (see `adapters.sql_tables.metadata`).

    Never embeds. `embedder` counts for a fresh folder; later the folder's own choice does, until a reindex with another.
    An index that is lost, damaged or old is rebuilt from the database; one that another process owns is replaced by a
    copy in memory. `threshold` overrides the calibrated one of the embedder (0..1); `done` knows what people did.
    Raises ValueError for an unknown embedder, EmbeddingsUnavailable for an endpoint of unknown dimension.
    """
    folder, endpoint = Path(index_folder), endpoint or Endpoint()
    known = read_choice(folder.with_name(NAME))
    choice = _still_valid(known, endpoint) if known and known.embedder in EMBEDDERS else choice_of(embedder, endpoint)
    opened = Retrieval(engine, folder, choice, threshold, endpoint, done)
    if known is None and opened.index_manager.owner:
        opened.keep(choice)
    return opened


def choice_of(embedder: str, endpoint: Endpoint) -> EmbedderChoice:
    """The embedder of that name as it is set up now. Raises ValueError, and EmbeddingsUnavailable for an unknown length."""
    if embedder == REMOTE:
        return EmbedderChoice(REMOTE, endpoint.id, endpoint.length, endpoint.model)
    local = make_embeddings(embedder)
    return EmbedderChoice(embedder, local.id, local.dimension)


@cache
def make_embeddings(embedder: str, endpoint: Endpoint | None = None) -> Embeddings:
    """The embedder of that name: one a process. A model is loaded, and an endpoint connected, at the first use."""
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


def label_embeddings(retrieval: Retrieval) -> Embeddings:
    """For short labels (topics, skills): always a local embedder, so that a turn sends no more than its question."""
    return retrieval.embeddings if retrieval.embedder in LOCAL else make_embeddings("minilm")


def _still_valid(known: EmbedderChoice, endpoint: Endpoint) -> EmbedderChoice:
    """The folder's choice; a local embedder may have come in a newer version, an endpoint's model stays what it was."""
    if known.embedder in LOCAL:
        now = choice_of(known.embedder, endpoint)
        return replace(now, threshold=known.threshold if now.id == known.id else None)
    if known.model != endpoint.model:
        log.warning("The index was made with the model %s and goes on with it. To change: askwell reindex --embedder openai",
                    known.model)  # fmt: skip
    return known


def _at(endpoint: Endpoint, choice: EmbedderChoice) -> Endpoint:
    """The endpoint of the settings, asked for the model of the choice."""
    return replace(endpoint, model=choice.model, dimension=choice.dimension)
