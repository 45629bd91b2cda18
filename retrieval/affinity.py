"""How near a body of work is to a text: the mean over the three nearest works, half by meaning and half by words.

One lucky work says little and a long list of others nothing, hence the three best. Meaning is the cosine of embeddings,
words the cosine of tf-idf with stems. Unlike the scores of a ranking these can be compared across texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log, sqrt
from typing import TYPE_CHECKING

from retrieval.text import content_stems

if TYPE_CHECKING:
    from retrieval.ports import Embeddings

BEST = 3
MEANING = 0.5
"""The share of meaning; words have the rest."""

Weights = Mapping[str, float]


class Affinities:
    """Compares texts with the works of people. `works` are texts by person; somebody without works is near to nothing."""

    def __init__(self, works: Mapping[str, Sequence[str]], embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        flat = [text for texts in works.values() for text in texts]
        vectors = embeddings.embed(flat)
        counted = [Counter(content_stems(text)) for text in flat]
        self._size, self._held = len(flat), Counter(stem for stems in counted for stem in stems)
        rows = iter(range(len(flat)))
        own = {person: [next(rows) for _ in texts] for person, texts in works.items()}
        self._vectors = {person: vectors[some] for person, some in own.items() if some}
        self._words = {person: [self._weights(counted[row]) for row in some] for person, some in own.items()}

    def of(self, texts: Mapping[str, str]) -> dict[str, dict[str, float]]:
        """By text and person the affinity, -0.5 to 1, mostly above 0; texts and persons by their ids."""
        vectors = self._embeddings.embed(list(texts.values()))
        words = {key: self._weights(Counter(content_stems(text))) for key, text in texts.items()}
        found: dict[str, dict[str, float]] = {key: {} for key in texts}
        for person, own in self._vectors.items():
            cosines = vectors @ own.T
            for row, key in enumerate(texts):
                shared = (_dot(words[key], mine) for mine in self._words[person])
                both = (MEANING * float(c) + (1 - MEANING) * w for c, w in zip(cosines[row], shared, strict=True))
                best = sorted(both, reverse=True)[:BEST]
                found[key][person] = sum(best) / len(best)
        return found

    def _weights(self, counts: Mapping[str, int]) -> Weights:
        """Tf-idf of length 1, tf damped by its logarithm."""
        raw = {stem: (1 + log(n)) * log((1 + self._size) / (1 + self._held[stem])) for stem, n in counts.items()}
        length = sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {stem: weight / length for stem, weight in raw.items()}


def _dot(one: Weights, other: Weights) -> float:
    few, many = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * many[stem] for stem, weight in few.items() if stem in many)
