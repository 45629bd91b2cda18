"""Semantic similarity of short labels (topics, skills) to a question. The vectors of labels are cached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from retrieval.ports import Embeddings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


MAX_CACHED = 20_000


class LabelSimilarity:
    """Scores labels against questions. May be used by many threads."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._cached: dict[str, NDArray[np.float32]] = {}

    def relevance(self, question: str, labels: Sequence[str]) -> list[float]:
        """The cosine (-1 to 1) of each label with the question, in the order of the labels."""
        known = {label: vector for label in labels if (vector := self._cached.get(label)) is not None}
        new = [label for label in dict.fromkeys(labels) if label not in known]
        if new:
            known.update(zip(new, self._embeddings.embed(new), strict=True))
            self._cache({label: known[label] for label in new})
        vector = self._embeddings.embed([question])[0]
        return [float(known[label] @ vector) for label in labels]

    def _cache(self, new: Mapping[str, NDArray[np.float32]]) -> None:
        """Threads may do this at the same time; a label lost from the cache is only embedded again."""
        if len(self._cached) + len(new) > MAX_CACHED:
            self._cached.clear()
        self._cached.update(new)
