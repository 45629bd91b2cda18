"""Dated contributions: what people did that shows what they know.

A contribution is a question answered, an article kept up to date, or a competency attested; asking is none. Its text is matched
and never shown, because an answered question belongs to the person who asked it: a card may only say that somebody helped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["answer", "article", "debrief"]
Fading = Sequence[tuple[float, float]]
"""Half-lives in days with their weights, which add up to 1: how a contribution decays with age."""
WEIGHTS: Mapping[Kind, float] = {"answer": 1.0, "article": 1.0, "debrief": 1.0}
MATCHED = 500
"""Characters of a text that are matched: its subject is named at the beginning."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One thing that a person did. `at` has a time zone; `topic` may be empty; a `weight` of 1 is usual.

    It counts from the moment it is `known` (None: from `at`), by its age since `at`. The id names the source ("request:…",
    "article:…"), so that erasing the source can erase the contribution.
    """

    id: str
    person: str
    at: datetime
    kind: Kind
    topic: str
    text: str
    weight: float = 1.0
    known: datetime | None = None

    @property
    def seen_from(self) -> datetime:
        """The moment from which it counts."""
        return self.known or self.at

    @property
    def matched(self) -> str:
        """The text that is embedded and indexed."""
        return self.text[:MATCHED]


@dataclass(frozen=True, slots=True)
class Near:
    """A contribution found for a question: `score` is the fused one, 0..1; `cosine` is that of its text with the question."""

    id: str
    person: str
    at: datetime
    topic: str
    weight: float
    score: float
    cosine: float


class ContributionSearch(Protocol):
    """The reading half of an index of contributions. Only contributions known before `before` are seen."""

    def near(self, question: str, vector: NDArray[np.float32], before: datetime, k: int) -> Sequence[Near]:
        """The k nearest by meaning and words, best first, ties by id."""

    def activity(self, topic: str | None, before: datetime, fading: Fading) -> Mapping[str, float]:
        """The decayed weights in a topic (None: in all topics), summed by person."""


def of_article(key: str, owner: str, reviewed_on: date, topic: str, head: str) -> Contribution:
    """The contribution of an article's owner, dated by the last review; `head` is title and summary."""
    return Contribution(article_key(key), owner, _moment(reviewed_on), "article", topic, head, WEIGHTS["article"])


def of_answer(request_id: str, mentor: str, on: date | datetime, topic: str, question: str) -> Contribution:
    """The contribution of a mentor who held the session of a request. It is deleted with the request."""
    return Contribution(request_key(request_id), mentor, _moment(on), "answer", topic, question, WEIGHTS["answer"])


def of_debrief(request_id: str, number: int, mentor: str, on: datetime, competency: str) -> Contribution:
    """The contribution of a mentor who attested a competency; `number` distinguishes those of one request."""
    return Contribution(f"{request_key(request_id)}:{number}", mentor, on, "debrief", "", competency, WEIGHTS["debrief"])


def request_key(request_id: str) -> str:
    """The id of the contribution for a request."""
    return f"request:{request_id}"


def article_key(key: str) -> str:
    """The id of the contribution for an article."""
    return f"article:{key}"


def _moment(on: date | datetime) -> datetime:
    return on if isinstance(on, datetime) else datetime.combine(on, time(), UTC)
