"""Whether the base knows, from several signs at once: known, unclear (worth one question), or unknown.

One cosine is a poor judge: an article of the same trade is near to a question that it does not answer. So the strength of
the best article starts as the mean cosine of its nearest passages, mixed with the cosine of the one sentence that is to be
shown: what is answered is usually answered in one sentence. It is moved by how many of the question's words stand in the
best passage, and by whether the words alone would choose the same article; each is counted from what is usual, so that the
strength stays on the scale of a cosine, and the threshold of an embedder remains one number on it.

The weights are few, rounded, and the same for every embedder. They were chosen on the starter base with its own questions
and the golden ones of the dev part: at 4% of foreign questions taken for known, 96% instead of 94% of the own questions and
57% instead of 40% of the (much harder) golden ones are known, and fewer of those that the base nearly answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["known", "unclear", "unknown"]

SENTENCE, COVERAGE, AGREEMENT = 0.6, 0.1, 0.03
"""The share of the sentence, and how much the other signs move the strength."""
USUAL_COVERAGE, USUAL_AGREEMENT = 0.35, 0.4
UNCLEAR = 0.7
"""From this share of the threshold on, one question may bring what is missing."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for the best article; all but `near` and `sentence` are 0..1.

    `near` is the mean cosine of its nearest passages, `sentence` the cosine of the nearest sentence of the first hit (None
    where sentences have no directions), `margin` what it is ahead of the second, `coverage` the share of the question's
    content words in the best passage, `agreement` whether the words alone choose the same article, `coherence` the share of
    the shown passages that are of one article.
    """

    near: float = 0.0
    margin: float = 0.0
    coverage: float = 0.0
    agreement: float = 0.0
    coherence: float = 0.0
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


def margin_of(strengths: Mapping[str, float]) -> float:
    """How far the best is ahead of the second; of one alone, its whole strength, and 0 of none."""
    first, second = (*sorted(strengths.values(), reverse=True), 0.0, 0.0)[:2]
    return min(1.0, max(0.0, first - max(0.0, second)))


def covered(wanted: Sequence[str], there: Sequence[str]) -> float:
    """The share of the wanted words that are there, each counted once; 0 if none is wanted."""
    words = frozenset(wanted)
    return len(words & frozenset(there)) / len(words) if words else 0.0
