"""The folder of the indexes: one owner, whole generations, and a seal that shows damage.

    folder/lock            held by the owner for as long as it runs (flock): Chroma dies of two
    folder/CURRENT         the name of the generation that counts, replaced in one step
    folder/g7/seal.json    what it was made from, and the hash of every file; missing while it is written to
    folder/g7/vectors/     Chroma, opened when it is needed (see `mirrored_index`)
    folder/g7/passages/    tantivy, and folder/g7/people/ as well

A generation is believed only if its seal fits the corpus, the embedder and every byte. Anything else is rebuilt from
SQL, which is the truth; so nothing here needs to survive, only never to be believed wrongly.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from retrieval.adapters.exact_index import ExactIndex
from retrieval.adapters.mirrored_index import MirroredIndex, Rows
from retrieval.adapters.tantivy_index import TantivyIndex
from retrieval.errors import IndexDamaged
from retrieval.ports import LexicalIndex, VectorIndex

if TYPE_CHECKING:
    from retrieval.adapters.chroma_index import ChromaStore

Stored = Callable[[str], Rows | None]
"""Ids and vectors of "passages" or "people" as the corpus has them; None if they are too many for a copy."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """The four indexes that belong together."""

    passage_vectors: VectorIndex
    passage_words: LexicalIndex
    people_vectors: VectorIndex
    people_words: LexicalIndex
    close: Callable[[], None] = field(default=lambda: None)


@dataclass(frozen=True, slots=True)
class Origin:
    """What indexes were made from. `missing` counts the texts that had no vector yet."""

    corpus: str
    embedder: str
    dimension: int
    missing: int = 0


def in_memory(dimension: int) -> Indexes:
    """Four empty indexes that leave nothing on disk."""
    return Indexes(ExactIndex(dimension), TantivyIndex(), ExactIndex(dimension), TantivyIndex())


class IndexFolder:
    """One folder of indexes. Nothing is read or written before `acquire` has said yes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Takes the lock; False if another process, or another opening in this one, holds it."""
        self._path.mkdir(parents=True, exist_ok=True)
        handle = (self._path / "lock").open("ab")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        self._lock = handle
        return True

    def release(self) -> None:
        """Lets another process own the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def open_current(self, wanted: Origin, stored: Stored) -> tuple[Indexes, Origin] | None:
        """The indexes of the current generation, or None if it does not fit or shows any damage."""
        place, known = self.current(), _Known()
        made = _read_seal(place, known) if place is not None else None
        if place is None or made is None or (made.corpus, made.embedder) != (wanted.corpus, wanted.embedder):
            return None
        try:
            indexes = _open(place, made.embedder, made.dimension, stored)
        except IndexDamaged:
            return None
        _write_seal(place, made, known)
        return indexes, made

    def fresh(self, origin: Origin) -> tuple[Path, Indexes]:
        """A new, empty generation that does not count yet."""
        numbers = [int(p.name[1:]) for p in self._path.glob("g*") if p.name[1:].isdigit()]
        place = self._path / f"g{max(numbers, default=0) + 1}"
        return place, _open(place, origin.embedder, origin.dimension)

    def publish(self, place: Path, origin: Origin, keep: Path | None = None) -> None:
        """Seals a generation, makes it the current one and removes the others, except one that is still read."""
        _write_seal(place, origin)
        _replace(self._path / "CURRENT", place.name)
        for other in self._path.glob("g*"):
            if other not in (place, keep):
                remove_generation(other)

    def unseal(self) -> None:
        """Before writing: from now on the current generation is not believed."""
        place = self.current()
        if place is not None:
            (place / "seal.json").unlink(missing_ok=True)

    def seal(self, origin: Origin) -> None:
        """After writing: the current generation holds what the corpus holds."""
        place = self.current()
        if place is not None:
            _write_seal(place, origin)

    def current(self) -> Path | None:
        """The generation that counts, or None."""
        try:
            name = (self._path / "CURRENT").read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        place = self._path / name
        return place if name[:1] == "g" and name[1:].isdigit() and place.is_dir() else None


def remove_generation(place: Path) -> None:
    """Removes the files of a generation that nobody reads."""
    shutil.rmtree(place, ignore_errors=True)


def _open(place: Path, embedder: str, dimension: int, stored: Stored = lambda name: ()) -> Indexes:
    store = _Store(place / "vectors")
    passages, people = (_mirrored(store, name, embedder, dimension, stored) for name in ("passages", "people"))
    return Indexes(passages, TantivyIndex(place / "passages"), people, TantivyIndex(place / "people"), store.close)


def _mirrored(store: _Store, name: str, embedder: str, dimension: int, stored: Stored) -> MirroredIndex:
    return MirroredIndex(lambda: store.opened().index(name, embedder, dimension), dimension, stored(name))


class _Store:
    """The Chroma of a generation, opened at its first use."""

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
"""Size, time of change and hash of files by name: what did not change since is not hashed again."""


def _read_seal(place: Path, known: _Known) -> Origin | None:
    """What the generation was made from, if every file is as it was sealed."""
    try:
        seal = json.loads((place / "seal.json").read_bytes())
        made = Origin(**seal["made_from"])
        return made if seal["files"] == _hashes(place, known) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_seal(place: Path, origin: Origin, known: _Known | None = None) -> None:
    made_from = {name: getattr(origin, name) for name in origin.__slots__}
    _replace(place / "seal.json", json.dumps({"made_from": made_from, "files": _hashes(place, known or {})}))


def _hashes(place: Path, known: _Known) -> dict[str, str]:
    """The SHA256 of each file that holds content, by its name in the generation; `known` learns what was read."""
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
    """Writes a small file in one step."""
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
