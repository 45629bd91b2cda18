"""Vectors of the bench's texts, computed once and kept in a file by the hash of their text: every system is given the same.

An interruption costs at most one batch, a smaller base shares the vectors of a larger one, and what computing took is known,
so that it can be told apart from building an index.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.ports import Embeddings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RUN = 500
"""Texts that are computed between two saves."""

Tell = Callable[[int, int], None]


class Remembered:
    """The same embeddings; each text is computed once in the life of the file. `seconds` is what computing took here."""

    def __init__(self, embeddings: Embeddings, folder: Path) -> None:
        self.id, self.dimension = embeddings.id, embeddings.dimension
        self.seconds = 0.0
        self._embeddings = embeddings
        folder.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(folder / f"{embeddings.id}.vectors", timeout=60, check_same_thread=False)
        for pragma in ("cache_size=-64000", "synchronous=off"):
            self._file.execute(f"pragma {pragma}")
        self._file.execute("create table if not exists vectors (text blob primary key, vector blob not null) without rowid")

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of length 1."""
        import numpy as np

        keys = [_digest(text) for text in texts]
        found = self._known(keys)
        unknown = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if unknown:
            found.update(self._computed(unknown))
        rows = b"".join(found[key] for key in keys)
        return np.frombuffer(rows, dtype=np.float32).reshape(len(texts), self.dimension).copy()

    def warm(self, texts: Sequence[str], tell: Tell = lambda done, total: None) -> None:
        """Computes and keeps what is not known yet."""
        for start in range(0, len(texts), RUN):
            self.embed(texts[start : start + RUN])
            tell(min(start + RUN, len(texts)), len(texts))

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        ask = "select vector from vectors where text = ?"
        rows = ((key, self._file.execute(ask, (key,)).fetchone()) for key in dict.fromkeys(keys))
        return {key: row[0] for key, row in rows if row}

    def _computed(self, unknown: dict[bytes, str]) -> dict[bytes, bytes]:
        begun = time.perf_counter()
        made = self._embeddings.embed(list(unknown.values()))
        self.seconds += time.perf_counter() - begun
        rows = {key: vector.tobytes() for key, vector in zip(unknown, made, strict=True)}
        with self._file:
            self._file.executemany("insert or ignore into vectors values (?, ?)", rows.items())
        return rows


class Sketched:
    """Stand-ins for MiniLM's vectors where only time and room are measured: wordllama's, turned into as many numbers.

    They follow the texts and cost a hundredth; what is found with them says nothing about quality.
    """

    def __init__(self, like: Embeddings) -> None:
        import numpy as np

        from retrieval.embedders import make_embeddings

        self.id, self.dimension = like.id, like.dimension
        self._words = make_embeddings("wordllama")
        self._turn = np.random.default_rng(5).normal(size=(self._words.dimension, self.dimension)).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of length 1."""
        import numpy as np

        made = self._words.embed(texts) @ self._turn
        turned: NDArray[np.float32] = np.ascontiguousarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)
        return turned


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
