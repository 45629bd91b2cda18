"""The indexes that are in use now, wherever they come from.

    owner of the folder, and it fits        → the folder's (Chroma, tantivy)
    owner, but it is lost, damaged or old   → rebuilt from SQL; a large one in the background, memory serves meanwhile
    another process owns the folder         → memory (exact vectors, tantivy), read from SQL; nothing may be written

`vectors` and `words` give ports that follow whatever is in use, so a rebuild needs no rewiring. Nothing here embeds:
texts without a vector are counted in `missing` and wait for an ingest or a reindex.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from retrieval.errors import IndexDamaged, IndexLocked
from retrieval.ingest import passage_words, profile_words
from retrieval.ports import LexicalIndex, Scored, VectorSearch, WordSearch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.adapters.index_folder import Indexes, Origin
    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_vectors import SqlVectors

LARGE = 5_000
"""From so many vectors on, a lost index is rebuilt in the background."""
WORDS_BATCH = 2_000

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class Shelf:
    """Opens, rebuilds and swaps the indexes of one folder."""

    def __init__(self, folder: Path, corpus: SqlCorpus, cache: SqlVectors, embedder: str, dimension: int) -> None:
        from retrieval.adapters.index_folder import IndexFolder

        self._path = folder
        self._folder = IndexFolder(folder)
        self._corpus = corpus
        self._cache = cache
        self._embedder = embedder
        self._dimension = dimension
        self._writing = threading.RLock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.owner = self._folder.acquire()
        self.missing = 0
        self.indexes = self._first()

    def vectors(self, name: str) -> VectorSearch:
        """A port to "passage_vectors" or "people_vectors", whichever indexes are in use."""
        return _LiveVectors(self, name)

    def words(self, name: str) -> WordSearch:
        """A port to "passage_words" or "people_words", whichever indexes are in use."""
        return _LiveWords(self, name)

    @contextmanager
    def writing(self) -> Iterator[Indexes]:
        """The indexes to write to; sealed if all goes well, not believed any more if not.

        Raises IndexLocked if another process owns the folder.
        """
        if not self.owner:
            raise IndexLocked(self._path)
        if self._thread is not None:
            self._thread.join()
        with self._writing:
            self._folder.unseal()
            yield self.indexes
            self.missing = self._cache.count_missing(self._embedder)
            self._folder.seal(self._origin())

    def rebuild(self) -> None:
        """A fresh generation from SQL, in use once it is complete. Raises IndexLocked if not the owner."""
        if not self.owner:
            raise IndexLocked(self._path)
        with self._writing:
            self.missing = self._cache.count_missing(self._embedder)
            origin = self._origin()
            place, fresh = self._folder.fresh(origin)
            if not self._fill(fresh):
                fresh.close()
                return
            before, self.indexes = getattr(self, "indexes", None), fresh
            self._folder.publish(place, origin)
            if before is not None:
                before.close()

    def recover(self, broken: Indexes) -> None:
        """An index failed while it was read: memory takes over, and the folder is rebuilt."""
        with self._writing:
            if self.indexes is not broken:
                return
            log.warning("The index cannot be read; it is rebuilt from the database.")
            self.indexes = self._memory()
            if self.owner:
                self._rebuild_later()

    def wait(self) -> None:
        """Until a rebuild in the background is done."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Stops a rebuild, closes the files and lets another process own the folder."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self.indexes.close()
        self._folder.release()

    def _first(self) -> Indexes:
        if not self.owner:
            return self._memory()
        opened = self._folder.open_current(self._origin())
        if opened is not None:
            self.missing = opened[1].missing
            return opened[0]
        if self._corpus.count_units() > LARGE:
            self.indexes = self._memory()
            self._rebuild_later()
        else:
            self.rebuild()
        return self.indexes

    def _rebuild_later(self) -> None:
        self._thread = threading.Thread(target=self.rebuild, name="askwell-reindex", daemon=True)
        self._thread.start()

    def _memory(self) -> Indexes:
        from retrieval.adapters.index_folder import in_memory

        indexes = in_memory(self._dimension)
        self.missing = self._cache.count_missing(self._embedder)
        self._fill(indexes)
        return indexes

    def _origin(self) -> Origin:
        from retrieval.adapters.index_folder import Origin

        return Origin(self._corpus.fingerprint(), self._embedder, self._dimension, self.missing)

    def _fill(self, indexes: Indexes) -> bool:
        """Puts everything of SQL into empty indexes; False if it was stopped."""
        from retrieval.adapters import sql_tables as tables

        for target, units in ((indexes.passage_vectors, tables.passages), (indexes.people_vectors, tables.evidence)):
            for ids, vectors in self._cache.stored(units, self._embedder):
                if self._stop.is_set():
                    return False
                target.upsert(ids, vectors)
        passages = self._corpus.passages().values()
        _in_batches([passage_words(p) for p in passages], indexes.passage_words)
        people = self._corpus.profiles().values()
        _in_batches([profile_words(p) for p in people], indexes.people_words)
        return not self._stop.is_set()


class _LiveVectors:
    def __init__(self, shelf: Shelf, name: str) -> None:
        self._shelf, self._name = shelf, name

    def search(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        return _try_twice(self._shelf, lambda now: getattr(now, self._name).search(vector, k))


class _LiveWords:
    def __init__(self, shelf: Shelf, name: str) -> None:
        self._shelf, self._name = shelf, name

    def search(self, text: str, k: int) -> list[Scored]:
        return _try_twice(self._shelf, lambda now: getattr(now, self._name).search(text, k))


def _try_twice(shelf: Shelf, ask: Callable[[Indexes], Result]) -> Result:
    """Asks the indexes in use; if they are damaged, asks those that take over."""
    now = shelf.indexes
    try:
        return ask(now)
    except IndexDamaged:
        shelf.recover(now)
        return ask(shelf.indexes)


def _in_batches(texts: Sequence[tuple[str, str, str]], index: LexicalIndex) -> None:
    for start in range(0, len(texts), WORDS_BATCH):
        index.upsert(texts[start : start + WORDS_BATCH])
