"""Opens, rebuilds and swaps the search indexes.

    owner of the folder, index up to date   → the folder's indexes
    owner, index lost, damaged or old       → rebuilt from the database; a large one in the background, with indexes in
                                              memory meanwhile
    another process owns the folder         → indexes in memory, read from the database; nothing may be written

`vectors` and `words` return ports that always use the current indexes of one embedder, so a rebuild needs no rewiring. After
a `switch` to another embedder the old ports keep using the old indexes, which are closed when no port refers to them any
more: a vector of one embedder is never searched in the index of another. Nothing is embedded here: `missing` counts the
texts without a vector, which an ingest or a reindex embeds.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrieval.errors import IndexLocked, IndexMismatch
from retrieval.indexing.lexical_entries import passage_words, profile_words
from retrieval.indexing.live_indexes import IndexGeneration, LiveVectors, LiveWords
from retrieval.ports import Indexes, IndexOrigin, LexicalIndex, VectorSearch, WordSearch

if TYPE_CHECKING:
    from retrieval.embedding.embedder_choice import EmbedderChoice
    from retrieval.ports import FolderLock, IndexedCorpus, IndexStorage, StoredIndexes, UnitKind, VectorRows, VectorStore
    from retrieval.ports.indexes import OpenInMemory

LARGE = 5_000
"""With more vectors than this, a lost index is rebuilt in the background."""
WORDS_BATCH = 2_000

log = logging.getLogger(__name__)


class IndexManager:
    """The indexes of one folder. May be used by many threads; close it when the process ends."""

    def __init__(
        self, lock: FolderLock, storage: IndexStorage, memory: OpenInMemory, corpus: IndexedCorpus, cache: VectorStore,
        choice: EmbedderChoice,
    ) -> None:  # fmt: skip
        self._lock, self._storage, self._memory = lock, storage, memory
        self._corpus = corpus
        self._cache = cache
        self._writing = threading.RLock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._retired: list[weakref.finalize[[Indexes, StoredIndexes | None], IndexGeneration]] = []
        self.owner = lock.acquire()
        self._generation = IndexGeneration(choice.id, choice.dimension)
        self._open()

    @property
    def indexes(self) -> Indexes:
        """The current indexes."""
        return self._generation.indexes

    @property
    def missing(self) -> int:
        """How many texts have no vector in them yet."""
        return self._generation.missing

    def vectors(self, name: str) -> VectorSearch:
        """A port to "passage_vectors" or "people_vectors" of the current indexes."""
        return LiveVectors(self._generation, name, self._recover)

    def words(self, name: str) -> WordSearch:
        """A port to "passage_words" or "people_words" of the current indexes."""
        return LiveWords(self._generation, name, self._recover)

    @contextmanager
    def writing(self, embedder: str) -> Iterator[Indexes]:
        """The indexes to write to. They are sealed if all goes well; after an error they are rebuilt at the next start.

        Raises IndexLocked if another process owns the folder, IndexMismatch if the indexes belong to another embedder by now.
        """
        if not self.owner:
            raise IndexLocked(self._lock.path)
        if self._thread is not None:
            self._thread.join()
        with self._writing:
            if embedder != self._generation.embedder:
                raise IndexMismatch(self._generation.embedder, embedder)
            stored = self._generation.stored
            if stored is not None:
                stored.unseal()
            yield self.indexes
            self._generation.missing = self._cache.count_missing(embedder)
            if stored is not None:
                stored.seal(self._origin(self._generation))

    def rebuild(self) -> None:
        """Builds a new generation from the database and swaps it in when complete. Raises IndexLocked if not the owner."""
        if not self.owner:
            raise IndexLocked(self._lock.path)
        with self._writing:
            before = getattr(self._generation, "indexes", None)
            if self._build(self._generation) and before is not None:
                before.close()

    def switch(self, choice: EmbedderChoice) -> bool:
        """Builds indexes of another embedder and swaps them in when complete: in the folder if owner, else in memory.

        Existing ports keep using the old indexes. False if the build was stopped.
        """
        with self._writing:
            fresh = IndexGeneration(choice.id, choice.dimension)
            if not self._build(fresh, self._generation.stored):
                return False
            before, self._generation = self._generation, fresh
            self._retired = [retire for retire in self._retired if retire.alive]
            self._retired.append(weakref.finalize(before, _retire, before.indexes, before.stored))
            return True

    def _recover(self, generation: IndexGeneration, broken: Indexes) -> None:
        """Replaces indexes that failed while being read by indexes in memory, and rebuilds the folder in the background."""
        with self._writing:
            if generation.indexes is not broken or generation is not self._generation:
                return
            log.warning("The index cannot be read; it is rebuilt from the database.")
            generation.indexes, generation.stored = self._in_memory(generation), None
            if self.owner:
                self._rebuild_later()

    def wait(self) -> None:
        """Waits for a rebuild in the background."""
        if self._thread is not None:
            self._thread.join()

    def stop(self) -> None:
        """Asks a running build to end without a result."""
        self._stop.set()

    def close(self) -> None:
        """Stops a rebuild, closes the files and releases the folder."""
        self.stop()
        self.wait()
        for retire in self._retired:
            retire()
        self.indexes.close()
        self._lock.release()

    def _open(self) -> None:
        generation = self._generation
        opened = self._storage.open_current(self._origin(generation), self._stored) if self.owner else None
        if opened is not None:
            generation.stored, made = opened
            generation.indexes, generation.missing = generation.stored.indexes, made.missing
        elif self.owner and self._corpus.count_units() <= LARGE:
            self._build(generation)
        else:
            generation.indexes = self._in_memory(generation)
            if self.owner:
                self._rebuild_later()

    def _stored(self, kind: UnitKind, limit: int) -> VectorRows | None:
        """The stored vectors of a kind, or None if there are more units than the limit."""
        few = self._corpus.count_units(kind) <= limit
        return self._cache.stored(kind, self._generation.embedder) if few else None

    def _rebuild_later(self) -> None:
        self._thread = threading.Thread(target=self.rebuild, name="askwell-reindex", daemon=True)
        self._thread.start()

    def _build(self, generation: IndexGeneration, keep: StoredIndexes | None = None) -> bool:
        """Fills the generation's indexes: on disk if owner, else in memory; False if it was stopped.

        The generation `keep` is not removed, because it is still read.
        """
        if not self.owner:
            generation.indexes = self._in_memory(generation)
            return not self._stop.is_set()
        generation.missing = self._cache.count_missing(generation.embedder)
        origin = self._origin(generation)
        fresh = self._storage.fresh(origin)
        try:
            complete = self._fill(fresh.indexes, generation.embedder)
        except BaseException:
            fresh.indexes.close()
            raise
        if not complete:
            fresh.indexes.close()
            return False
        generation.indexes, generation.stored = fresh.indexes, fresh
        self._storage.publish(fresh, origin, keep)
        return True

    def _in_memory(self, generation: IndexGeneration) -> Indexes:
        indexes = self._memory(generation.dimension)
        generation.missing = self._cache.count_missing(generation.embedder)
        self._fill(indexes, generation.embedder)
        return indexes

    def _origin(self, generation: IndexGeneration) -> IndexOrigin:
        return IndexOrigin(self._corpus.fingerprint(), generation.embedder, generation.dimension, generation.missing)

    def _fill(self, indexes: Indexes, embedder: str) -> bool:
        """Copies the database into empty indexes; False if it was stopped."""
        kinds: tuple[UnitKind, UnitKind] = ("passages", "evidence")
        for target, kind in zip((indexes.passage_vectors, indexes.people_vectors), kinds, strict=True):
            for ids, vectors in self._cache.stored(kind, embedder):
                if self._stop.is_set():
                    return False
                target.upsert(ids, vectors)
        passages = self._corpus.passages().values()
        _upsert_in_batches([passage_words(p) for p in passages], indexes.passage_words)
        people = self._corpus.profiles().values()
        _upsert_in_batches([profile_words(p) for p in people], indexes.people_words)
        return not self._stop.is_set()


def _retire(indexes: Indexes, stored: StoredIndexes | None) -> None:
    """Closes indexes that no port uses any more, and removes their files."""
    if stored is None:
        indexes.close()
    else:
        stored.remove()


def _upsert_in_batches(texts: Sequence[tuple[str, str, str]], index: LexicalIndex) -> None:
    for start in range(0, len(texts), WORDS_BATCH):
        index.upsert(texts[start : start + WORDS_BATCH])
