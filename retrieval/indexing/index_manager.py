"""The indexes that are in use now, wherever they come from.

    owner of the folder, and it fits        → the folder's (Chroma with a copy in memory while it is small, tantivy)
    owner, but it is lost, damaged or old   → rebuilt from SQL; a large one in the background, memory serves meanwhile
    another process owns the folder         → memory (exact vectors, tantivy), read from SQL; nothing may be written

`vectors` and `words` give ports that follow whatever is in use for one embedder, so a rebuild needs no rewiring. After a
`switch` to another embedder the old ports go on with the old indexes, which are closed when nobody holds such a port any
more: a vector of one embedder never meets the index of another. Nothing here embeds: texts without a vector are counted
in `missing` and wait for an ingest or a reindex.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from retrieval.errors import IndexDamaged, IndexLocked, IndexMismatch
from retrieval.indexing.ingest import passage_words, profile_words
from retrieval.ports import LexicalIndex, Scored, VectorSearch, WordSearch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.adapters.index_folder import Indexes, Origin
    from retrieval.adapters.mirrored_index import Rows
    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_vectors import SqlVectors

LARGE = 5_000
"""From so many vectors on, a lost index is rebuilt in the background."""
WORDS_BATCH = 2_000

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class IndexGeneration:
    """The indexes in use for one embedder, and how many texts have no vector of it."""

    def __init__(self, embedder: str, dimension: int) -> None:
        self.embedder, self.dimension = embedder, dimension
        self.missing = 0
        self.indexes: Indexes


class IndexManager:
    """Opens, rebuilds and swaps the indexes of one folder."""

    def __init__(self, folder: Path, corpus: SqlCorpus, cache: SqlVectors, embedder: str, dimension: int) -> None:
        from retrieval.adapters.index_folder import IndexFolder

        self._path = folder
        self._folder = IndexFolder(folder)
        self._corpus = corpus
        self._cache = cache
        self._writing = threading.RLock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._retired: list[weakref.finalize[[Indexes, Path | None], IndexGeneration]] = []
        self.owner = self._folder.acquire()
        self._line = IndexGeneration(embedder, dimension)
        self._first()

    @property
    def indexes(self) -> Indexes:
        """Those in use now."""
        return self._line.indexes

    @property
    def missing(self) -> int:
        """How many texts have no vector in them yet."""
        return self._line.missing

    def vectors(self, name: str) -> VectorSearch:
        """A port to "passage_vectors" or "people_vectors", whichever indexes are in use."""
        return _LiveVectors(self, self._line, name)

    def words(self, name: str) -> WordSearch:
        """A port to "passage_words" or "people_words", whichever indexes are in use."""
        return _LiveWords(self, self._line, name)

    @contextmanager
    def writing(self, embedder: str) -> Iterator[Indexes]:
        """The indexes to write to; sealed if all goes well, not believed any more if not.

        Raises IndexLocked if another process owns the folder, IndexMismatch if another embedder is in use by now.
        """
        if not self.owner:
            raise IndexLocked(self._path)
        if self._thread is not None:
            self._thread.join()
        with self._writing:
            if embedder != self._line.embedder:
                raise IndexMismatch(self._line.embedder, embedder)
            self._folder.unseal()
            yield self.indexes
            self._line.missing = self._cache.count_missing(embedder)
            self._folder.seal(self._origin(self._line))

    def rebuild(self) -> None:
        """A fresh generation from SQL, in use once it is complete. Raises IndexLocked if not the owner."""
        if not self.owner:
            raise IndexLocked(self._path)
        with self._writing:
            before = getattr(self._line, "indexes", None)
            if self._build(self._line) and before is not None:
                before.close()

    def switch(self, embedder: str, dimension: int) -> bool:
        """Fresh indexes of another embedder, in use once they are complete: in the folder if owner, else in memory.

        The old ports answer with the old indexes meanwhile and afterwards. False if it was stopped.
        """
        with self._writing:
            line, place = IndexGeneration(embedder, dimension), self._folder.current() if self.owner else None
            if not self._build(line, place):
                return False
            before, self._line = self._line, line
            self._retired = [retire for retire in self._retired if retire.alive]
            self._retired.append(weakref.finalize(before, _retire, before.indexes, place))
            return True

    def recover(self, line: IndexGeneration, broken: Indexes) -> None:
        """An index failed while it was read: memory takes over, and the folder is rebuilt."""
        with self._writing:
            if line.indexes is not broken or line is not self._line:
                return
            log.warning("The index cannot be read; it is rebuilt from the database.")
            line.indexes = self._memory(line)
            if self.owner:
                self._rebuild_later()

    def wait(self) -> None:
        """Until a rebuild in the background is done."""
        if self._thread is not None:
            self._thread.join()

    def stop(self) -> None:
        """A build that is under way ends without a result."""
        self._stop.set()

    def close(self) -> None:
        """Stops a rebuild, closes the files and lets another process own the folder."""
        self.stop()
        self.wait()
        for retire in self._retired:
            retire()
        self.indexes.close()
        self._folder.release()

    def _first(self) -> None:
        line = self._line
        opened = self._folder.open_current(self._origin(line), self._stored) if self.owner else None
        if opened is not None:
            line.indexes, line.missing = opened[0], opened[1].missing
        elif self.owner and self._corpus.count_units() <= LARGE:
            self._build(line)
        else:
            line.indexes = self._memory(line)
            if self.owner:
                self._rebuild_later()

    def _stored(self, name: str) -> Rows | None:
        from retrieval.adapters import mirrored_index
        from retrieval.adapters import sql_tables as tables

        units = tables.passages if name == "passages" else tables.evidence
        few = self._corpus.count_units(units) <= mirrored_index.SMALL
        return self._cache.stored(units, self._line.embedder) if few else None

    def _rebuild_later(self) -> None:
        self._thread = threading.Thread(target=self.rebuild, name="askwell-reindex", daemon=True)
        self._thread.start()

    def _build(self, line: IndexGeneration, keep: Path | None = None) -> bool:
        """Gives the line complete indexes: a fresh generation if owner, else in memory; False if it was stopped.

        The generation `keep` is left where it is, because it is still read.
        """
        if not self.owner:
            line.indexes = self._memory(line)
            return not self._stop.is_set()
        line.missing = self._cache.count_missing(line.embedder)
        origin = self._origin(line)
        place, fresh = self._folder.fresh(origin)
        try:
            complete = self._fill(fresh, line.embedder)
        except BaseException:
            fresh.close()
            raise
        if not complete:
            fresh.close()
            return False
        line.indexes = fresh
        self._folder.publish(place, origin, keep)
        return True

    def _memory(self, line: IndexGeneration) -> Indexes:
        from retrieval.adapters.index_folder import in_memory

        indexes = in_memory(line.dimension)
        line.missing = self._cache.count_missing(line.embedder)
        self._fill(indexes, line.embedder)
        return indexes

    def _origin(self, line: IndexGeneration) -> Origin:
        from retrieval.adapters.index_folder import Origin

        return Origin(self._corpus.fingerprint(), line.embedder, line.dimension, line.missing)

    def _fill(self, indexes: Indexes, embedder: str) -> bool:
        """Puts everything of SQL into empty indexes; False if it was stopped."""
        from retrieval.adapters import sql_tables as tables

        for target, units in ((indexes.passage_vectors, tables.passages), (indexes.people_vectors, tables.evidence)):
            for ids, vectors in self._cache.stored(units, embedder):
                if self._stop.is_set():
                    return False
                target.upsert(ids, vectors)
        passages = self._corpus.passages().values()
        _in_batches([passage_words(p) for p in passages], indexes.passage_words)
        people = self._corpus.profiles().values()
        _in_batches([profile_words(p) for p in people], indexes.people_words)
        return not self._stop.is_set()


class _LiveVectors:
    def __init__(self, index_manager: IndexManager, line: IndexGeneration, name: str) -> None:
        self._index_manager, self._line, self._name = index_manager, line, name

    def search(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """The nearest; nothing for a vector of zeros, which is what a failed endpoint gives."""
        if not vector.any():
            return []
        return _try_twice(self._index_manager, self._line, lambda now: getattr(now, self._name).search(vector, k))


class _LiveWords:
    def __init__(self, index_manager: IndexManager, line: IndexGeneration, name: str) -> None:
        self._index_manager, self._line, self._name = index_manager, line, name

    def search(self, text: str, k: int) -> list[Scored]:
        return _try_twice(self._index_manager, self._line, lambda now: getattr(now, self._name).search(text, k))


def _try_twice(index_manager: IndexManager, line: IndexGeneration, ask: Callable[[Indexes], Result]) -> Result:
    """Asks the indexes in use; if they are damaged, asks those that take over."""
    now = line.indexes
    try:
        return ask(now)
    except IndexDamaged:
        index_manager.recover(line, now)
        return ask(line.indexes)


def _retire(indexes: Indexes, place: Path | None) -> None:
    """Nobody asks these any more."""
    from retrieval.adapters.index_folder import remove_generation

    indexes.close()
    if place is not None:
        remove_generation(place)


def _in_batches(texts: Sequence[tuple[str, str, str]], index: LexicalIndex) -> None:
    for start in range(0, len(texts), WORDS_BATCH):
        index.upsert(texts[start : start + WORDS_BATCH])
