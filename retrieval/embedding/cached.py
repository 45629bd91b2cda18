"""Caches the vectors of the last questions, because one question is searched in several indexes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from retrieval.ports import Embeddings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT = 64
"""Texts in the cache."""


class CachedEmbeddings:
    """Embeddings that cache the vectors of the last KEPT single texts. May be used by many threads."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self.id, self.dimension = embeddings.id, embeddings.dimension
        self._kept: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of length 1."""
        if len(texts) != 1:
            return self._embeddings.embed(texts)
        with self._lock:
            known = self._kept.get(texts[0])
        if known is not None:
            return known.copy()
        made = self._embeddings.embed(texts)
        with self._lock:
            self._kept[texts[0]] = made.copy()
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made
