"""Finds people for a question, each with the sentence of the profile that shows why.

The score of a profile is the sum of three bounded parts: vector similarity (of the whole profile and of its best sentence),
BM25 (each word counts once), and the skills that the profile implies (`skill_ranking`). Because each is bounded, a text can
raise its person only by being about the question. The weights were measured on short skill names and on long questions.
Dated contributions (`voting`) are added with a weight that grows with their number; without any, the profiles alone decide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from retrieval.passage import Profile
from retrieval.passages.fuse import fuse, ranked
from retrieval.people.contributions import ContributionSearch
from retrieval.people.profile_text import ProfileSentence
from retrieval.people.skill_ranking import named_skills, with_skills
from retrieval.people.voting import PRODUCT, ContributorScore, ContributorScores, Method, score_contributors
from retrieval.ports import Embeddings, Scored, VectorSearch, WordSearch
from retrieval.text import content_stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Quote = tuple[str, float]
"""A sentence and its cosine with the question."""

POOL = 1_000
"""Candidates from the vector index: whole profiles and sentences."""
PEOPLE = 300
"""Candidates from the lexical index, and people compared by skills."""
WHOLE_SHARE = 0.7
"""The weight of the whole profile in the dense half; the best sentence has the rest."""
DENSE_WEIGHT = 0.7
FULL_SCORE = 0.45
"""If the best dense score is lower than this, all scores are scaled down in proportion."""
WORD_BONUS = 0.08
"""Added to the cosine of a sentence for each word shared with the question (at most three) when the quote is chosen."""

ABOUT = 0.33
"""The cosine from which a quote is about the question."""
NO_QUOTE = ("", 0.0)


@dataclass(frozen=True, slots=True)
class ExpertHit:
    """A person who may help. `score` is 0..1; `quote` is an exact part of `profile.evidence` ("" if there is none);
    `skills` are those of the profile that the question names.

    The parts of the score: `described` by the profile, `votes` of contributions near the question and `activity` in its
    topics as shares of all people's (all 0..1), and `recent`, the day of the latest contribution near the question. A
    contribution itself is never shown; `recent` only says that the person helped with this lately. `near` is the cosine of the
    quote with the question (0 if it is not among the candidates).
    """

    profile: Profile
    score: float
    quote: str
    skills: tuple[str, ...]
    described: float = 0.0
    votes: float = 0.0
    activity: float = 0.0
    recent: date | None = None
    near: float = 0.0

    @property
    def describes(self) -> bool:
        """Whether the quote is about the question."""
        return self.near >= ABOUT


class ProfileStore(Protocol):
    """Reads the found profiles."""

    def profiles(self, ids: Sequence[str]) -> Mapping[str, Profile]:
        """By id; unknown ids are left out."""

    def evidence_of(self, profile_ids: Sequence[str]) -> Mapping[str, ProfileSentence]:
        """All sentences of these people, by id of the sentence."""


class Experts:
    """Finds people. Read-only, deterministic, and safe for many threads.

    `labels` embeds skill names that the taxonomy lacks; it must be local, because an endpoint may receive only questions.
    Without it, skill names are matched by the taxonomy and its spelling correction.
    """

    def __init__(
        self,
        embeddings: Embeddings,
        vectors: VectorSearch,
        lexical: WordSearch,
        corpus: ProfileStore,
        contributions: ContributionSearch | None = None,
        method: Method = PRODUCT,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        labels: Embeddings | None = None,
    ) -> None:
        self._embeddings = embeddings
        self._vectors = vectors
        self._lexical = lexical
        self._corpus = corpus
        self._contributions = contributions
        self._method = method
        self._clock = clock
        self._labels = labels

    def find(
        self, question: str, k: int = 10, exclude: Collection[str] = (), *, at: datetime | None = None
    ) -> tuple[ExpertHit, ...]:
        """The k best people for a question, best first, without the excluded ids.

        Excluding a person does not change the scores of the others. Only contributions known before `at` (None: now) count.
        """
        if not question.strip() or k < 1:
            return ()
        vector = self._embeddings.embed([question])[0]
        nearest = self._vectors.search(vector, POOL)
        words = dict(self._lexical.search(question, PEOPLE))
        dense = dense_by_person(nearest)
        text = dict(ranked(fuse(dense, words, DENSE_WEIGHT))[:PEOPLE])
        contributed = self._contributed(question, vector, at)
        profiles = self._corpus.profiles(sorted(text.keys() | contributed.of.keys()))
        scores = with_skills(question, {key: text[key] for key in profiles if key in text}, profiles, self._labels)
        confidence = min(1.0, max(0.0, *dense.values()) / FULL_SCORE) if dense else 1.0
        blended = _blended(scores, confidence, contributed)
        best = [(key, score) for key, score in blended if key in profiles and key not in exclude][:k]
        quotes = self._quotes(question, nearest, [profiles[key] for key, _ in best])
        described = {key: scores.get(key, 0.0) * confidence for key, _ in best}
        return tuple(
            _hit(question, profiles[key], score, quotes.get(key, NO_QUOTE), described[key], contributed.of.get(key))
            for key, score in best
        )

    def _contributed(self, question: str, vector: NDArray[np.float32], at: datetime | None) -> ContributorScores:
        if self._contributions is None:
            return ContributorScores()
        return score_contributors(self._contributions, question, vector, at or self._clock(), self._method)

    def _quotes(self, question: str, nearest: Sequence[Scored], people: Sequence[Profile]) -> dict[str, Quote]:
        """For each person the sentence nearest to the question, with its cosine."""
        cosines, asked = dict(nearest), set(content_stems(question))
        evidence = {profile.id: profile.evidence for profile in people}
        best: dict[str, tuple[float, str, float]] = {}
        for part in self._corpus.evidence_of(sorted(evidence)).values():
            if part.start < part.end:
                shared = len(asked & _stems(part.matched))
                near = cosines.get(part.id, 0.0)
                candidate = near + WORD_BONUS * min(3, shared), evidence[part.profile_id][part.start : part.end], near
                best[part.profile_id] = max(best.get(part.profile_id, candidate), candidate)
        return {key: (quote, near) for key, (_, quote, near) in best.items()}


def _blended(scores: Mapping[str, float], confidence: float, contributed: ContributorScores) -> list[Scored]:
    """Profile scores and contribution scores added by weight, best first."""
    if not contributed.weight:
        return [(key, score * confidence) for key, score in ranked(scores)]
    weight, known = contributed.weight, contributed.of
    return ranked(
        {
            key: (1 - weight) * confidence * scores.get(key, 0.0) + weight * known.get(key, ContributorScore()).score
            for key in scores.keys() | known.keys()
        }
    )


def _hit(
    question: str, profile: Profile, score: float, quote: Quote, described: float, contributed: ContributorScore | None
) -> ExpertHit:  # fmt: skip
    parts, (words, near), named = contributed or ContributorScore(), quote, named_skills(question, profile)
    return ExpertHit(profile, score, words, named, described, parts.votes, parts.activity, parts.recent, near)


@lru_cache(maxsize=8_192)
def _stems(matched: str) -> frozenset[str]:
    """The stems of a sentence of a profile."""
    return frozenset(content_stems(matched))


def dense_by_person(nearest: Sequence[Scored]) -> dict[str, float]:
    """The weighted sum of whole profile and best sentence of each person; a missing part gets the lowest score found."""
    floor = nearest[-1][1] if nearest else 0.0
    wholes: dict[str, float] = {}
    parts: dict[str, float] = {}
    for key, score in nearest:
        person, _, number = key.rpartition("#")
        (wholes if number == "0" else parts).setdefault(person, score)
    return {
        person: WHOLE_SHARE * wholes.get(person, floor) + (1 - WHOLE_SHARE) * parts.get(person, wholes.get(person, floor))
        for person in wholes.keys() | parts.keys()
    }
