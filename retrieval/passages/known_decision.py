"""Whether the base knows, from several signs at once: known, unclear (worth one question), or unknown.

One cosine is a poor judge: an article of the same trade is near to a question that it does not answer. So the strength of
the best article starts as the mean cosine of its nearest passages, mixed with the cosine of the one sentence that is to be
shown: what is answered is usually answered in one sentence. It is moved by how many of the question's words stand in the
best passage, and by whether the words alone would choose the same article; each is counted from what is usual, so that the
strength stays on the scale of a cosine, and the threshold of an embedder remains one number on it.

The weights are few, rounded, and the same for every embedder. They were chosen on the starter base by what requests were told
that the base knows: with its own questions and the dev parts of the golden ones and of `tests/evals/data/knowing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["known", "unclear", "unknown"]

SENTENCE, COVERAGE, AGREEMENT = 0.6, 0.1, 0.1
"""The share of the sentence, and how much the other signs move the strength."""
USUAL_COVERAGE, USUAL_AGREEMENT = 0.35, 0.4
UNCLEAR = 0.7
"""From this share of the threshold on, one question may bring what is missing."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for the best article; all but `near` and `sentence` are 0..1.

    `near` is the mean cosine of its nearest passages, `coverage` the share of the question's content words in the best passage,
    `agreement` whether the words alone choose the same article, `sentence` the cosine of the nearest sentence of the first hit
    (None where sentences have no directions).
    """

    near: float = 0.0
    coverage: float = 0.0
    agreement: float = 0.0
    sentence: float | None = None


NO_SIGNS = Signs()


def strength_of(signs: Signs) -> float:
    """One number on the scale of the cosine, 0..1."""
    start = signs.near if signs.sentence is None else (1 - SENTENCE) * signs.near + SENTENCE * signs.sentence
    moved = COVERAGE * (signs.coverage - USUAL_COVERAGE) + AGREEMENT * (signs.agreement - USUAL_AGREEMENT)
    return min(1.0, max(0.0, start + moved))


def outcome_of(strength: float, threshold: float) -> Outcome:
    """What the base can say at this strength."""
    if strength >= threshold:
        return "known"
    return "unclear" if strength >= UNCLEAR * threshold else "unknown"


def covered(wanted: Sequence[str], there: Sequence[str]) -> float:
    """The share of the wanted words that are there, each counted once; 0 if none is wanted."""
    words = frozenset(wanted)
    return len(words & frozenset(there)) / len(words) if words else 0.0
