"""What dated contributions say about who can help: votes of what is near the question, and who is active in its topics.

Every contribution near the question votes for its person, and whoever did much in the topic lately is likely to be there
again. Both fade: several half-lives at once, because a topic that moves quickly and one that rests are not known
beforehand (the short ones count most while there is fresh evidence, and leave the field to the long one when there is
none). Votes and activity are shares of all there is, so they can be added. Votes are summed (CombSUM: Macdonald and Ounis,
"Voting for candidates", 2006).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from retrieval.passages.fuse import ranked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.people.contributions import ContributionSearch, Fading, Near

TOP = 100
"""Contributions that vote."""
FAINT = 0.03
"""A topic with a smaller share of the votes is left out."""
NEARBY, SAME = 0.3, 0.7
"""Cosines from which a contribution begins to be about the question, and from which it is wholly."""
ENOUGH = 1.0
"""So many fresh contributions about the question count as much as the profiles."""
PEOPLE = 300
"""People that are given a standing."""
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Method:
    """How contributions become a standing. `fading` are half-lives in days with the share of each."""

    fading: Fading = ((10.0, 0.52), (30.0, 0.3), (90.0, 0.18))
    votes: float = 1.0
    activity: float = 1.0


@dataclass(frozen=True, slots=True)
class ContributorScore:
    """What contributions show of a person: shares of the votes and of the activity, and the last day of something near."""

    score: float = 0.0
    votes: float = 0.0
    activity: float = 0.0
    recent: date | None = None


@dataclass(frozen=True, slots=True)
class ContributorScores:
    """By person. `weight` is how much there is to go by, 0 (nothing) to 1."""

    of: Mapping[str, ContributorScore] = field(default_factory=dict)
    weight: float = 0.0


PRODUCT = Method()


def standings(
    index: ContributionSearch, question: str, vector: NDArray[np.float32], at: datetime, method: Method = PRODUCT
) -> ContributorScores:
    """What is known before `at`. Scores are 0..1, the best person has 1."""
    near = index.near(question, vector, at, TOP)
    votes = shares(voted(near, at, method))
    activity: dict[str, float] = defaultdict(float)
    for name, share in topic_shares(near).items():
        _add(activity, shares(index.activity(name, at, method.fading)), share)
    total: dict[str, float] = defaultdict(float)
    _add(total, votes, method.votes)
    _add(total, activity, method.activity)
    best, recent = max(total.values(), default=0.0), _recent(near)
    of = {
        person: ContributorScore(score / best, votes.get(person, 0.0), activity.get(person, 0.0), recent.get(person))
        for person, score in ranked(total)[:PEOPLE]
        if score > 0
    }
    slow = [(max(half_life for half_life, _ in method.fading), 1.0)]
    about = sum(one.weight * _about(one) * fresh(_age(one, at), slow) for one in near)
    return ContributorScores(of, about / (about + ENOUGH))


def voted(near: Sequence[Near], at: datetime, method: Method = PRODUCT) -> dict[str, float]:
    """The votes by person of contributions near the question, each faded by its age."""
    votes: dict[str, float] = defaultdict(float)
    for one in near:
        votes[one.person] += one.score * one.weight * fresh(_age(one, at), method.fading)
    return dict(votes)


def topic_shares(near: Sequence[Near]) -> dict[str, float]:
    """How much of a question is about each topic, by the topics of near contributions."""
    found: dict[str, float] = defaultdict(float)
    for one in near:
        if one.topic:
            found[one.topic] += one.score
    return {name: share for name, share in shares(found).items() if share >= FAINT}


def fresh(age: float, fading: Fading) -> float:
    """What is left of a contribution of so many days."""
    return float(sum(share * 2 ** (-age / half_life) for half_life, share in fading))


def shares(of: Mapping[str, float]) -> dict[str, float]:
    """Values that add up to 1; nothing if there is nothing."""
    total = sum(of.values())
    return {key: value / total for key, value in of.items()} if total > 0 else {}


def _about(one: Near) -> float:
    """How far a contribution is about the question at all, whatever else there is: 0..1 by its cosine."""
    return min(1.0, max(0.0, (one.cosine - NEARBY) / (SAME - NEARBY)))


def _age(one: Near, at: datetime) -> float:
    return max(0.0, (at - one.at).total_seconds() / DAY)


def _add(total: dict[str, float], some: Mapping[str, float], weight: float) -> None:
    for key, value in some.items():
        total[key] += weight * value


def _recent(near: Sequence[Near]) -> dict[str, date]:
    """By person the last day of a contribution that is about the question."""
    days: dict[str, date] = {}
    for one in near:
        if _about(one) > 0:
            days[one.person] = max(days.get(one.person, date.min), one.at.date())
    return days
