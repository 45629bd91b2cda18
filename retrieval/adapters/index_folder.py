"""Stores the indexes of one owner process in a folder, as complete generations whose seal detects damage.

    folder/lock            held by the owner (see `file_lock`), because two processes would damage Chroma's files
    folder/CURRENT         the name of the current generation, replaced atomically
    folder/g7/seal.json    what the generation was built from (see `index_seal`); absent while it is written to
    folder/g7/vectors/     Chroma, opened when it is needed (see `mirrored_index`)
    folder/g7/passages/    tantivy, and folder/g7/people/ as well

A generation is used only if its seal matches the corpus, the embedder and the bytes of every file. Otherwise the indexes are
rebuilt from the database, so losing this folder loses nothing.
"""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.adapters import mirrored_index
from retrieval.adapters.exact_index import ExactIndex
from retrieval.adapters.index_seal import SEAL, KnownHashes, read_seal, replace_file, write_seal
from retrieval.adapters.mirrored_index import MirroredIndex
from retrieval.adapters.tantivy_index import TantivyIndex
from retrieval.errors import IndexDamaged
from retrieval.ports import Indexes, IndexOrigin, StoredIndexes, UnitKind

if TYPE_CHECKING:
    from retrieval.adapters.chroma_index import ChromaStore
    from retrieval.ports.indexes import ReadRows


def in_memory(dimension: int) -> Indexes:
    """Empty indexes that write nothing to disk."""
    return Indexes(ExactIndex(dimension), TantivyIndex(), ExactIndex(dimension), TantivyIndex())


class FolderIndexes:
    """The StoredIndexes of one folder."""

    def __init__(self, place: Path, embedder: str, dimension: int, read_rows: ReadRows = lambda kind, limit: ()) -> None:
        self.name, self._place = place.name, place
        self.indexes = _open(place, embedder, dimension, read_rows)

    def unseal(self) -> None:
        """Removes the seal before writing: a generation without a seal is not opened."""
        (self._place / SEAL).unlink(missing_ok=True)

    def seal(self, origin: IndexOrigin) -> None:
        """Seals the generation after writing."""
        if self._place.is_dir():
            write_seal(self._place, origin)

    def remove(self) -> None:
        """Closes the indexes and deletes their files."""
        self.indexes.close()
        shutil.rmtree(self._place, ignore_errors=True)


class IndexFolder:
    """An IndexStorage in one folder, for the process that holds its lock."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open_current(self, wanted: IndexOrigin, read_rows: ReadRows) -> tuple[FolderIndexes, IndexOrigin] | None:
        """The current generation; None if it is damaged or was built from something else."""
        known = KnownHashes()
        place = self._current()
        made = read_seal(place, known) if place is not None else None
        if place is None or made is None or (made.corpus, made.embedder) != (wanted.corpus, wanted.embedder):
            return None
        try:
            stored = FolderIndexes(place, made.embedder, made.dimension, read_rows)
        except IndexDamaged:
            return None
        write_seal(place, made, known)
        return stored, made

    def fresh(self, origin: IndexOrigin) -> FolderIndexes:
        """A new, empty generation that is not current yet."""
        numbers = [int(p.name[1:]) for p in self._path.glob("g*") if p.name[1:].isdigit()]
        return FolderIndexes(self._path / f"g{max(numbers, default=0) + 1}", origin.embedder, origin.dimension)

    def publish(self, stored: StoredIndexes, origin: IndexOrigin, keep: StoredIndexes | None = None) -> None:
        """Seals a generation, makes it current and removes the others, except `keep`, which is still read."""
        stored.seal(origin)
        replace_file(self._path / "CURRENT", stored.name)
        for other in self._path.glob("g*"):
            if other.name not in (stored.name, keep and keep.name):
                shutil.rmtree(other, ignore_errors=True)

    def _current(self) -> Path | None:
        """The folder of the current generation, or None."""
        try:
            name = (self._path / "CURRENT").read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        place = self._path / name
        return place if name[:1] == "g" and name[1:].isdigit() and place.is_dir() else None


def _open(place: Path, embedder: str, dimension: int, read_rows: ReadRows) -> Indexes:
    store = _Store(place / "vectors")
    passages = _mirrored(store, "passages", "passages", embedder, dimension, read_rows)
    people = _mirrored(store, "people", "evidence", embedder, dimension, read_rows)
    return Indexes(passages, TantivyIndex(place / "passages"), people, TantivyIndex(place / "people"), store.close)


def _mirrored(
    store: _Store, name: str, kind: UnitKind, embedder: str, dimension: int, read_rows: ReadRows
) -> MirroredIndex:  # fmt: skip
    rows = read_rows(kind, mirrored_index.SMALL)
    return MirroredIndex(lambda: store.opened().index(name, embedder, dimension), dimension, rows)


class _Store:
    """The Chroma store of a generation, opened at its first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store: ChromaStore | None = None
        self._opening = threading.Lock()

    def opened(self) -> ChromaStore:
        from retrieval.adapters.chroma_index import ChromaStore

        with self._opening:
            if self._store is None:
                self._store = ChromaStore(self._folder)
            return self._store

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
