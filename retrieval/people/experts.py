"""A question in, people out, each with the sentence that shows why.

Three views of a person are added: meaning (the whole profile, and its best sentence), words (each counts once), and the
skills that what is said implies. Each is bounded, so no text can lift its person further than by being about the
question; the weights were measured on short skill names and on long questions. What a person did counts beside what the
profile says (see `votes`), the more of it there is; where nothing was done, the profiles alone decide.
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
from retrieval.people.voting import PRODUCT, ContributorScore, ContributorScores, Method, standings
from retrieval.ports import Embeddings, Scored, VectorSearch, WordSearch
from retrieval.text import content_stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Quote = tuple[str, float]
"""A sentence and its cosine with the question."""

POOL = 1_000
"""Parts of profiles asked of the vector index."""
PEOPLE = 300
"""People asked of the lexical index, and compared by skills."""
WHOLE_SHARE = 0.7
"""The share of the whole profile in the dense half; the best sentence has the rest."""
DENSE_WEIGHT = 0.7
SURE = 0.45
"""A best dense score of this much makes the scores count in full; below it they are scaled down."""
WORD_BONUS = 0.08
"""What a shared word adds to the cosine of a sentence when the quote is chosen, up to three times."""

ABOUT = 0.33
"""From this cosine on a quote is about the question."""
NOTHING_SAID = ("", 0.0)


@dataclass(frozen=True, slots=True)
class ExpertHit:
    """A person who may help. `score` is 0..1; `quote` is an exact part of `profile.evidence` ("" if there is none);
    `skills` are those of the profile that the question names.

    What the score was made of: `described` by the profile, `votes` of contributions near the question and `activity` in
    its topics as shares of everybody's (all 0..1), and `recent`, the last day of something near. A contribution itself is
    never shown: `recent` allows to say that somebody helped with this, not with what. `near` is the cosine of the quote with
    the question (0 if it is not among the nearest parts of all profiles).
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
        """Whether the quote is about the question itself, and not only from its surroundings."""
        return self.near >= ABOUT


class ProfileStore(Protocol):
    """Where the found ids are looked up."""

    def profiles(self, ids: Sequence[str]) -> Mapping[str, Profile]:
        """By id; unknown ids are left out."""

    def evidence_of(self, profile_ids: Sequence[str]) -> Mapping[str, ProfileSentence]:
        """All matched parts of these people, by the id of the part."""


class Experts:
    """Finds people. It reads only, may be used by many threads, and gives the same answer to the same question.

    `labels` embeds the name of a skill that no table knows; it must be local, as a paid endpoint is sent questions alone.
    Without it the table and slips of a letter are used.
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
        """The k best people for a question, best first, without those of the excluded ids.

        Excluding somebody does not change the scores of the others. Contributions from `at` on (None: now) are not seen.
        """
        if not question.strip() or k < 1:
            return ()
        vector = self._embeddings.embed([question])[0]
        nearest = self._vectors.search(vector, POOL)
        words = dict(self._lexical.search(question, PEOPLE))
        dense = dense_by_person(nearest)
        text = dict(ranked(fuse(dense, words, DENSE_WEIGHT))[:PEOPLE])
        shown = self._shown(question, vector, at)
        profiles = self._corpus.profiles(sorted(text.keys() | shown.of.keys()))
        scores = with_skills(question, {key: text[key] for key in profiles if key in text}, profiles, self._labels)
        sure = min(1.0, max(0.0, *dense.values()) / SURE) if dense else 1.0
        best = [one for one in _blended(scores, sure, shown) if one[0] in profiles and one[0] not in exclude][:k]
        quotes = self._quotes(question, nearest, [profiles[key] for key, _ in best])
        return tuple(
            _hit(question, profiles[key], score, quotes.get(key, NOTHING_SAID), scores.get(key, 0.0) * sure, shown.of.get(key))
            for key, score in best
        )

    def _shown(self, question: str, vector: NDArray[np.float32], at: datetime | None) -> ContributorScores:
        if self._contributions is None:
            return ContributorScores()
        return standings(self._contributions, question, vector, at or self._clock(), self._method)

    def _quotes(self, question: str, nearest: Sequence[Scored], people: Sequence[Profile]) -> dict[str, Quote]:
        """For each person the sentence that is nearest in meaning and words, with its cosine."""
        cosines, asked = dict(nearest), set(content_stems(question))
        evidence = {profile.id: profile.evidence for profile in people}
        best: dict[str, tuple[float, str, float]] = {}
        for part in self._corpus.evidence_of(sorted(evidence)).values():
            if part.start < part.end:
                shared = len(asked & _stems(part.matched))
                near = cosines.get(part.id, 0.0)
                one = near + WORD_BONUS * min(3, shared), evidence[part.profile_id][part.start : part.end], near
                best[part.profile_id] = max(best.get(part.profile_id, one), one)
        return {key: (quote, near) for key, (_, quote, near) in best.items()}


def _blended(scores: Mapping[str, float], sure: float, shown: ContributorScores) -> list[Scored]:
    """What profiles say and what was done, best first; without contributions the order of the profiles."""
    if not shown.weight:
        return [(key, score * sure) for key, score in ranked(scores)]
    return ranked({
        key: (1 - shown.weight) * sure * scores.get(key, 0.0) + shown.weight * shown.of.get(key, ContributorScore()).score
        for key in scores.keys() | shown.of.keys()
    })  # fmt: skip


def _hit(
    question: str, profile: Profile, score: float, quote: Quote, described: float, shown: ContributorScore | None
) -> ExpertHit:  # fmt: skip
    done, (words, near), named = shown or ContributorScore(), quote, named_skills(question, profile)
    return ExpertHit(profile, score, words, named, described, done.votes, done.activity, done.recent, near)


@lru_cache(maxsize=8_192)
def _stems(matched: str) -> frozenset[str]:
    """The stems of a part of a profile."""
    return frozenset(content_stems(matched))


def dense_by_person(nearest: Sequence[Scored]) -> dict[str, float]:
    """Whole profile and best sentence of each person, weighted; a part that was not found counts as the last found."""
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
