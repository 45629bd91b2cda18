"""Which answer belongs to a question, when each answer is known by examples of its questions; and when none does.

Two readings of the same likeness, half in meaning (the embedder) and half in spelling, are added. The near one is the mean
of the NEAREST examples of a class, which finds what was asked before in almost the same words. The learned one is a least
squares separation of each class from all others (kernel ridge regression; Rifkin and Klautau, 2004), which knows which
examples tell classes apart. Either alone rejects worse than both.

The line between known and unknown is drawn from the examples alone, without any labelled question: each is taken out and
asked (which needs no second fit, as the left-out value follows in closed form), and the line lets KEEP of those pass that
are then answered rightly.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.abstain import KEEP, NEAREST, threshold_keeping
from retrieval.letters import Letters
from retrieval.ports import Embeddings

SPELLED = 0.5
"""The share of spelling in the likeness of two texts. Measured: 0.3 to 0.5 are equally good."""
RIDGE = 1.0
"""How much the learned reading is smoothed. Measured: 0.5 to 2 are equally good."""
NEAR = 2.0
"""The weight of the near reading against the learned one. Measured: 2 to 3 are equally good."""

Floats = NDArray[np.float64]


class Examples:
    """Example questions and the names of what answers them. Memory grows with their square: made for some thousand.

    The same example of the same owner counts once, or the left-out twin would find itself.

    Raises ValueError without any example.
    """

    def __init__(self, owners: Sequence[str], texts: Sequence[str], embeddings: Embeddings) -> None:
        if not texts or len(owners) != len(texts):
            raise ValueError("Each example needs an owner, and there must be one at least.")
        once = {(owner, text.strip().casefold()): text for owner, text in zip(owners, texts, strict=True)}
        owners, texts = [owner for owner, _ in once], list(once.values())
        self.owners = tuple(sorted(set(owners)))
        place = {owner: n for n, owner in enumerate(self.owners)}
        self._members = np.array([[place[owner] == n for n in range(len(place))] for owner in owners])
        self._embeddings, self._letters = embeddings, Letters(texts)
        self._vectors = embeddings.embed(texts)
        self._between = self._likeness(texts, self._vectors)
        self._inverse = np.linalg.inv(self._between + RIDGE * np.eye(len(texts)))
        self._learned = self._inverse @ self._members

    @cached_property
    def threshold(self) -> float:
        """From which strength a class is the answer."""
        return threshold_keeping([strength for owner, best, strength in self.left_out() if owner == best], KEEP)

    def answer(self, question: str) -> str | None:
        """The owner that answers, or None if none does."""
        ((owner, strength),) = self.strongest([question])
        return owner if strength >= self.threshold else None

    def strongest(self, questions: Sequence[str]) -> list[tuple[str, float]]:
        """For each question the nearest owner and its strength (about 0 to 1), ties by name."""
        if not questions:
            return []
        likeness = self._likeness(questions, self._embeddings.embed(questions))
        return self._best(self._strengths(likeness, likeness @ self._learned))

    def left_out(self) -> list[tuple[str, str, float]]:
        """For each example its owner, the owner found without it, and that one's strength."""
        likeness = self._between.copy()
        np.fill_diagonal(likeness, -np.inf)
        learned = self._members - self._learned / np.diag(self._inverse)[:, None]
        found = self._best(self._strengths(likeness, learned))
        return [(self.owners[int(row.argmax())], *pair) for row, pair in zip(self._members, found, strict=True)]

    def _likeness(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> Floats:
        """Shape (texts, examples)."""
        spelled = np.stack([self._letters.nearness(text) for text in texts])
        likeness: Floats = (1 - SPELLED) * (vectors @ self._vectors.T).astype(np.float64) + SPELLED * spelled
        return likeness

    def _strengths(self, likeness: Floats, learned: Floats) -> Floats:
        """Shape (questions, owners): both readings on one scale, about 0 to 1. A likeness of -inf is not looked at."""
        near = np.empty_like(learned)
        for n in range(len(self.owners)):
            best = -np.sort(-likeness[:, self._members[:, n]], axis=1)[:, :NEAREST]
            seen = np.isfinite(best)
            near[:, n] = np.where(seen, best, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
        strengths: Floats = (NEAR * near + learned) / (NEAR + 1)
        return strengths

    def _best(self, strengths: Floats) -> list[tuple[str, float]]:
        best = strengths.argmax(axis=1)
        return [(self.owners[owner], float(row[owner])) for owner, row in zip(best, strengths, strict=True)]
