"""How alike two texts are written: groups of two to four letters, the rare ones counting more.

Meaning alone is deaf to names, and an embedder makes little of a word that it never saw; groups of letters survive typing
errors ("delivary") and other forms of a word. Weights are those of tf-idf with logarithmic counts (Salton and Buckley,
1988), and texts are compared by the cosine, unknown groups counted, so that a text of unknown words is near to nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

SIZES = (2, 3, 4)
_NO_LETTER = re.compile(r"[\W_]+", re.UNICODE)


class Letters:
    """Known texts, by their groups of letters. Reads only once it is made."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [_groups(text) for text in texts]
        spread = Counter(group for found in counts for group in found)
        self._size = len(texts)
        self._rarity = {group: self._rare(count) for group, count in spread.items()}
        posted: dict[str, tuple[list[int], list[float]]] = {group: ([], []) for group in spread}
        for row, found in enumerate(counts):
            length = self._length(found)
            for group, count in found.items():
                posted[group][0].append(row)
                posted[group][1].append(self._weight(group, count) / length)
        self._posted = {g: (np.array(rows, dtype=np.intp), np.array(weights)) for g, (rows, weights) in posted.items()}

    def nearness(self, text: str) -> NDArray[np.float64]:
        """Shape (known texts,): the cosine of each with this text, 0..1."""
        out = np.zeros(self._size)
        found = _groups(text)
        for group, count in found.items():
            if group in self._posted:
                rows, weights = self._posted[group]
                out[rows] += self._weight(group, count) * weights
        return out / self._length(found)

    def _rare(self, count: float) -> float:
        return math.log(1 + self._size / (count + 0.5))

    def _weight(self, group: str, count: int) -> float:
        return (1 + math.log(count)) * self._rarity.get(group, self._rare(0))

    def _length(self, found: Mapping[str, int]) -> float:
        return math.sqrt(sum(self._weight(group, count) ** 2 for group, count in found.items())) or 1.0


def _groups(text: str) -> Counter[str]:
    """The groups of letters of a text with their counts; a blank marks where words begin and end."""
    plain = f" {_NO_LETTER.sub(' ', text.lower()).strip()} "
    return Counter(plain[start : start + size] for size in SIZES for start in range(len(plain) - size + 1))
