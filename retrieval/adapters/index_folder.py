"""Stores the indexes of one owner process in a folder, as complete generations whose seal detects damage.

    folder/lock            locked (flock) by the owner while it runs, because two processes would damage Chroma's files
    folder/CURRENT         the name of the current generation, replaced atomically
    folder/g7/seal.json    what the generation was built from, and the hash of every file; absent while it is written to
    folder/g7/vectors/     Chroma, opened when it is needed (see `mirrored_index`)
    folder/g7/passages/    tantivy, and folder/g7/people/ as well

A generation is used only if its seal matches the corpus, the embedder and the bytes of every file. Otherwise the indexes are
rebuilt from the database, so losing this folder loses nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from retrieval.adapters import mirrored_index
from retrieval.adapters.exact_index import ExactIndex
from retrieval.adapters.mirrored_index import MirroredIndex
from retrieval.adapters.tantivy_index import TantivyIndex
from retrieval.errors import IndexDamaged
from retrieval.ports import Indexes, IndexOrigin, UnitKind, VectorRows

if TYPE_CHECKING:
    from retrieval.adapters.chroma_index import ChromaStore

ReadRows = Callable[[UnitKind, int], VectorRows | None]
"""The stored vectors of a kind, or None if there are more than the limit."""


class IndexFolder:
    """An IndexStorage in one folder. Call `acquire` before anything else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Takes the lock; False if another process, or another IndexFolder of this one, holds it."""
        self.path.mkdir(parents=True, exist_ok=True)
        handle = (self.path / "lock").open("ab")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        self._lock = handle
        return True

    def release(self) -> None:
        """Releases the lock, so that another process can own the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def open_current(self, wanted: IndexOrigin, read_rows: ReadRows) -> tuple[Indexes, IndexOrigin] | None:
        """The indexes of the current generation; None if it is damaged or was built from something else."""
        place, known = self.current(), _Known()
        made = _read_seal(place, known) if place is not None else None
        if place is None or made is None or (made.corpus, made.embedder) != (wanted.corpus, wanted.embedder):
            return None
        try:
            indexes = _open(place, made.embedder, made.dimension, read_rows)
        except IndexDamaged:
            return None
        _write_seal(place, made, known)
        return indexes, made

    def fresh(self, origin: IndexOrigin) -> tuple[Path, Indexes]:
        """A new, empty generation that is not current yet."""
        numbers = [int(p.name[1:]) for p in self.path.glob("g*") if p.name[1:].isdigit()]
        place = self.path / f"g{max(numbers, default=0) + 1}"
        return place, _open(place, origin.embedder, origin.dimension)

    def publish(self, place: Path, origin: IndexOrigin, keep: Path | None = None) -> None:
        """Seals a generation, makes it current and removes the others, except `keep`, which is still read."""
        _write_seal(place, origin)
        _replace(self.path / "CURRENT", place.name)
        for other in self.path.glob("g*"):
            if other not in (place, keep):
                self.remove(other)

    def unseal(self) -> None:
        """Removes the seal before writing: a generation without a seal is not opened."""
        place = self.current()
        if place is not None:
            (place / "seal.json").unlink(missing_ok=True)

    def seal(self, origin: IndexOrigin) -> None:
        """Seals the current generation after writing."""
        place = self.current()
        if place is not None:
            _write_seal(place, origin)

    def remove(self, place: Path) -> None:
        """Deletes a generation that is not read any more."""
        shutil.rmtree(place, ignore_errors=True)

    def in_memory(self, dimension: int) -> Indexes:
        """Empty indexes that write nothing to disk."""
        return Indexes(ExactIndex(dimension), TantivyIndex(), ExactIndex(dimension), TantivyIndex())

    def current(self) -> Path | None:
        """The current generation, or None."""
        try:
            name = (self.path / "CURRENT").read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        place = self.path / name
        return place if name[:1] == "g" and name[1:].isdigit() and place.is_dir() else None


def _open(place: Path, embedder: str, dimension: int, read_rows: ReadRows = lambda kind, limit: ()) -> Indexes:
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


_Known = dict[str, tuple[tuple[int, int], str]]
"""(size, modification time) and hash of files by name, so that unchanged files are not hashed again."""


def _read_seal(place: Path, known: _Known) -> IndexOrigin | None:
    """What the generation was built from; None if a file differs from the seal."""
    try:
        seal = json.loads((place / "seal.json").read_bytes())
        made = IndexOrigin(**seal["made_from"])
        return made if seal["files"] == _hashes(place, known) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_seal(place: Path, origin: IndexOrigin, known: _Known | None = None) -> None:
    made_from = {name: getattr(origin, name) for name in origin.__slots__}
    _replace(place / "seal.json", json.dumps({"made_from": made_from, "files": _hashes(place, known or {})}))


def _hashes(place: Path, known: _Known) -> dict[str, str]:
    """The SHA256 of each content file by its name in the generation; adds new hashes to `known`."""
    found = {}
    for path in sorted(place.rglob("*")):
        if path.is_file() and path.name != "seal.json" and not path.name.endswith((".lock", ".tmp")):
            name, now = str(path.relative_to(place)), path.stat()
            stamp = (now.st_size, now.st_mtime_ns)
            if name not in known or known[name][0] != stamp:
                with path.open("rb") as handle:
                    known[name] = (stamp, hashlib.file_digest(handle, "sha256").hexdigest())
            found[name] = known[name][1]
    return found


def _replace(path: Path, text: str) -> None:
    """Writes a small file atomically."""
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
