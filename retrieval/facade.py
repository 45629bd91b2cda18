"""All of retrieval as one object, which embeds anew on demand and changes the embedder without a restart.

The embedder in use is recorded in a file beside the indexes (see `embedding.embedder_choice`). When that file changes, every
process that has the folder open builds the new indexes in the background and switches when they are complete.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval import embedders
from retrieval.embedding.embedder_choice import EmbedderChoice, keep_choice, read_choice, stamp
from retrieval.embedding.endpoint import Endpoint
from retrieval.errors import IndexLocked, RetrievalError
from retrieval.indexing import calibration
from retrieval.indexing.cost import Cost, endpoint_cost, local_cost
from retrieval.indexing.index_manager import IndexManager
from retrieval.indexing.sentence_embedding import embed_missing_sentences
from retrieval.indexing.unit_embedding import Progress, embed_missing
from retrieval.wiring import SearchServices, Wiring

if TYPE_CHECKING:
    from retrieval.adapters.langchain_retriever import AskwellRetriever
    from retrieval.indexing.ingest import Ingest
    from retrieval.passages.search import Search
    from retrieval.people.experts import Experts
    from retrieval.ports import Embeddings

log = logging.getLogger(__name__)


class Retrieval:
    """All of retrieval, wired. Close it when the process ends.

    Read `search`, `experts` and `ingest` anew for each use: they are replaced together when the embedder changes.
    """

    def __init__(
        self, wiring: Wiring, index_manager: IndexManager, choice: EmbedderChoice, file: Path, endpoint: Endpoint
    ) -> None:
        self.index_manager = index_manager
        self.engine, self.corpus, self.cache = wiring.engine, wiring.corpus, wiring.cache
        self._wiring, self._endpoint = wiring, endpoint
        self._file, self._stamp = file, stamp(file)
        self._switching = threading.Lock()
        self._thread: threading.Thread | None = None
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
        sentences = self._wiring.sentences(choice)
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
        elif not self.index_manager.switch(choice):
            return
        self._services = self._wire(choice)
        if self.index_manager.owner and self.index_manager.missing:
            self._services.ingest.run()

    def _wire(self, choice: EmbedderChoice) -> SearchServices:
        return self._wiring.services(choice, self._endpoint, self.index_manager)

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
