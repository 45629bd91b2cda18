"""How near short labels (topics, skills) are to a question in meaning. Vectors of labels are kept, there are few of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from retrieval.ports import Embeddings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


MOST_KEPT = 20_000


class LabelSimilarity:
    """Reads only; the same question and labels give the same numbers."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._known: dict[str, NDArray[np.float32]] = {}

    def relevance(self, question: str, labels: Sequence[str]) -> list[float]:
        """The cosine (-1 to 1) of each label with the question, in the order of the labels."""
        known = {label: vector for label in labels if (vector := self._known.get(label)) is not None}
        new = [label for label in dict.fromkeys(labels) if label not in known]
        if new:
            known.update(zip(new, self._embeddings.embed(new), strict=True))
            self._keep({label: known[label] for label in new})
        vector = self._embeddings.embed([question])[0]
        return [float(known[label] @ vector) for label in labels]

    def _keep(self, new: Mapping[str, NDArray[np.float32]]) -> None:
        """Another thread may keep at the same time: whoever comes too late embeds once more, and nothing is missing."""
        if len(self._known) + len(new) > MOST_KEPT:
            self._known.clear()
        self._known.update(new)
