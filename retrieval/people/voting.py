"""Scores people by their dated contributions: votes of contributions near the question, and recent activity in its topics.

Every contribution near the question votes for its person, and people active in the topic are likely to help again. Both decay
with several half-lives at once, because it is not known in advance how fast a topic changes: the short ones dominate while
there is recent evidence, the long one otherwise. Votes and activity are shares of the total, so they can be added. Votes are
summed (CombSUM: Macdonald and Ounis, "Voting for candidates", 2006).
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
MIN_TOPIC_SHARE = 0.03
"""Topics with a smaller share of the votes are ignored."""
NEARBY, SAME = 0.3, 0.7
"""The cosines at which a contribution is counted as about the question by 0 and by 1; linear in between."""
ENOUGH = 1.0
"""With so many recent contributions about the question, contributions weigh as much as profiles."""
PEOPLE = 300
"""People that are scored."""
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Method:
    """Parameters of the scoring. `fading` are half-lives in days with the weight of each."""

    fading: Fading = ((10.0, 0.52), (30.0, 0.3), (90.0, 0.18))
    votes: float = 1.0
    activity: float = 1.0


@dataclass(frozen=True, slots=True)
class ContributorScore:
    """The score of a person: shares of votes and of activity, and the day of the latest contribution near the question."""

    score: float = 0.0
    votes: float = 0.0
    activity: float = 0.0
    recent: date | None = None


@dataclass(frozen=True, slots=True)
class ContributorScores:
    """Scores by person. `weight`, 0..1, is the amount of evidence, 0 without any."""

    of: Mapping[str, ContributorScore] = field(default_factory=dict)
    weight: float = 0.0


PRODUCT = Method()


def score_contributors(
    index: ContributionSearch, question: str, vector: NDArray[np.float32], at: datetime, method: Method = PRODUCT
) -> ContributorScores:
    """Scores people by the contributions known before `at`. Scores are 0..1, the best person has 1."""
    near = index.near(question, vector, at, TOP)
    votes = shares(votes_by_person(near, at, method))
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
    about = sum(contribution.weight * _about(contribution) * decayed(_age(contribution, at), slow) for contribution in near)
    return ContributorScores(of, about / (about + ENOUGH))


def votes_by_person(near: Sequence[Near], at: datetime, method: Method = PRODUCT) -> dict[str, float]:
    """The decayed votes of contributions near the question, summed by person."""
    votes: dict[str, float] = defaultdict(float)
    for contribution in near:
        votes[contribution.person] += contribution.score * contribution.weight * decayed(_age(contribution, at), method.fading)
    return dict(votes)


def topic_shares(near: Sequence[Near]) -> dict[str, float]:
    """The share of each topic in a question, by the topics of near contributions."""
    found: dict[str, float] = defaultdict(float)
    for contribution in near:
        if contribution.topic:
            found[contribution.topic] += contribution.score
    return {name: share for name, share in shares(found).items() if share >= MIN_TOPIC_SHARE}


def decayed(age: float, fading: Fading) -> float:
    """The remaining weight of a contribution after `age` days."""
    return float(sum(share * 2 ** (-age / half_life) for half_life, share in fading))


def shares(values: Mapping[str, float]) -> dict[str, float]:
    """The values divided by their sum; empty if the sum is 0."""
    total = sum(values.values())
    return {key: value / total for key, value in values.items()} if total > 0 else {}


def _about(contribution: Near) -> float:
    """How much a contribution is about the question, 0..1 by its cosine."""
    return min(1.0, max(0.0, (contribution.cosine - NEARBY) / (SAME - NEARBY)))


def _age(contribution: Near, at: datetime) -> float:
    return max(0.0, (at - contribution.at).total_seconds() / DAY)


def _add(total: dict[str, float], values: Mapping[str, float], weight: float) -> None:
    for key, value in values.items():
        total[key] += weight * value


def _recent(near: Sequence[Near]) -> dict[str, date]:
    """By person the day of the latest contribution about the question."""
    days: dict[str, date] = {}
    for contribution in near:
        if _about(contribution) > 0:
            days[contribution.person] = max(days.get(contribution.person, date.min), contribution.at.date())
    return days
