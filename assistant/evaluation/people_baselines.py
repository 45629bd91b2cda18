"""Baselines for finding people: popularity, recent activity, votes, and BM25 over whole profiles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING

from assistant.evaluation.people_sets import Asked
from retrieval.passage import Profile
from retrieval.passages.fuse import ranked
from retrieval.people.contributions import Contribution, ContributionSearch
from retrieval.people.profile_text import whole
from retrieval.text import content_stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K1, B = 1.2, 0.75
RECENT = 90.0
"""Half-life in days."""
TIE_BREAK = 1e-6
"""The weight of a score that only breaks ties."""
VOTERS, FROM_RANK, DAY = 100, 10, 86_400.0
"""Contributions that vote, the constant of the reciprocal rank 1 / (FROM_RANK + rank), and the seconds of a day."""
MAX_CHARACTERS = 2_000
"""Characters of a text that are indexed."""


def most_active(index: ContributionSearch, asked: Asked, half_life: float = inf) -> list[str]:
    """People by their activity in the topic of a query before its date; ties by their activity in all topics."""
    if asked.at is None:
        return []
    everywhere = index.activity(None, asked.at, [(half_life, 1.0)])
    here = index.activity(asked.topic, asked.at, [(half_life, 1.0)]) if asked.topic else {}
    scores = {person: here.get(person, 0.0) + TIE_BREAK * value for person, value in everywhere.items()}
    return [person for person, _ in ranked(scores) if person not in asked.not_these]


def votes_and_activity(index: ContributionSearch, asked: Asked, vector: NDArray[np.float32]) -> list[str]:
    """The sum of two shares, both decayed with RECENT: reciprocal-rank votes of near contributions, and activity in the topic."""
    if asked.at is None:
        return []
    votes: dict[str, float] = defaultdict(float)
    for rank, found in enumerate(index.near(asked.text, vector, asked.at, VOTERS), start=1):
        age = max(0.0, (asked.at - found.at).total_seconds() / DAY)
        votes[found.person] += found.weight / (FROM_RANK + rank) * 2 ** (-age / RECENT)
    active = index.activity(asked.topic, asked.at, [(RECENT, 1.0)]) if asked.topic else {}
    total = {person: _share(votes, person) + _share(active, person) for person in votes.keys() | active.keys()}
    return [person for person, _ in ranked(total) if person not in asked.not_these]


def by_profile_words(
    profiles: Sequence[Profile], contributions: Sequence[Contribution], asked: Iterable[Asked]
) -> dict[str, list[str]]:
    """The ranking for each query by BM25 over each person's profile and earlier contributions, joined to one text."""
    waiting = sorted(contributions, key=lambda contribution: contribution.seen_from, reverse=True)
    texts = _Texts()
    for profile in profiles:
        texts.add(profile.id, whole(profile))
    found = {}
    for query in sorted(asked, key=lambda query: (query.at is not None, query.at)):
        while waiting and query.at is not None and waiting[-1].seen_from < query.at:
            latest = waiting.pop()
            texts.add(latest.person, latest.text)
        found[query.id] = [person for person, _ in ranked(texts.scores(query.text)) if person not in query.not_these]
    return found


def _share(scores: Mapping[str, float], person: str) -> float:
    return scores.get(person, 0.0) / (sum(scores.values()) or 1.0)


class _Texts:
    """A BM25 index with one text a person, to which text can be added."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self._lengths: Counter[str] = Counter()

    def add(self, person: str, text: str) -> None:
        self._lengths[person] += 0
        for stem in content_stems(text[:MAX_CHARACTERS]):
            self._counts.setdefault(stem, Counter())[person] += 1
            self._lengths[person] += 1

    def scores(self, text: str) -> Mapping[str, float]:
        from math import log1p

        people, mean = len(self._lengths), max(1.0, self._lengths.total() / max(1, len(self._lengths)))
        total: dict[str, float] = {}
        for stem in dict.fromkeys(content_stems(text)):
            held = self._counts.get(stem, Counter())
            rare = log1p((people - len(held) + 0.5) / (len(held) + 0.5))
            for person, often in held.items():
                norm = K1 * (1 - B + B * self._lengths[person] / mean)
                total[person] = total.get(person, 0.0) + rare * often * (K1 + 1) / (often + norm)
        return total
