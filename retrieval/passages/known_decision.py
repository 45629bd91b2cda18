"""Decides from several signals whether the base answers a question: known, unclear (worth one clarifying question), or unknown.

One cosine is not enough: an article on the same subject is near to questions that it does not answer. The strength is the mean
cosine of the nearest passages of the best article, mixed with the cosine of the sentence to show, since what is answered is
usually answered in one sentence. It is then moved by the share of the question's words in the best passage, and by whether
keyword search alone finds the same article. Both are counted from their usual values, so the strength stays on the scale of a
cosine and one threshold an embedder is enough.

The weights are few, rounded, and the same for every embedder. They were chosen on the starter base by precision and recall of
"known": on its own questions and the dev parts of the golden ones and of `tests/evals/data/knowing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["known", "unclear", "unknown"]

SENTENCE, COVERAGE, AGREEMENT = 0.6, 0.1, 0.1
"""The weight of the sentence, and how much the other signals move the strength."""
USUAL_COVERAGE, USUAL_AGREEMENT = 0.35, 0.4
UNCLEAR = 0.7
"""From this share of the threshold on, a clarifying question may help."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The signals for the best article; `coverage` and `agreement` are 0..1, the others cosines.

    `near` is the mean cosine of its nearest passages, `coverage` the share of the question's content words in the best passage,
    `agreement` whether keyword search alone chooses the same article, `sentence` the cosine of the nearest sentence of the first
    hit (None without sentence vectors).
    """

    near: float = 0.0
    coverage: float = 0.0
    agreement: float = 0.0
    sentence: float | None = None


NO_SIGNS = Signs()


def strength_of(signs: Signs) -> float:
    """One number on the scale of a cosine, 0..1."""
    start = signs.near if signs.sentence is None else (1 - SENTENCE) * signs.near + SENTENCE * signs.sentence
    moved = COVERAGE * (signs.coverage - USUAL_COVERAGE) + AGREEMENT * (signs.agreement - USUAL_AGREEMENT)
    return min(1.0, max(0.0, start + moved))


def outcome_of(strength: float, threshold: float) -> Outcome:
    """Compares a strength with the threshold of the embedder."""
    if strength >= threshold:
        return "known"
    return "unclear" if strength >= UNCLEAR * threshold else "unknown"


def covered(wanted: Sequence[str], found: Sequence[str]) -> float:
    """The share of the distinct wanted words that were found; 0 if none is wanted."""
    words = frozenset(wanted)
    return len(words & frozenset(found)) / len(words) if words else 0.0
