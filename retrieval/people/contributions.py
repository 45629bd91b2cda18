"""What people did that shows what they know: each a dated fact with a kind, a topic, a text and a weight.

A question answered, an article kept up to date, a competency attested. Asking is no contribution. The text is matched and
never quoted: an answered question belongs to the person who asked it, and a card may only say that somebody helped.
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
"""Half-lives in days, each with its share of what a fresh contribution counts."""
WEIGHTS: Mapping[Kind, float] = {"answer": 1.0, "article": 1.0, "debrief": 1.0}
MATCHED = 500
"""Characters of a text that are matched; what it is about stands at its beginning."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One thing that a person did. `at` has a time zone; `topic` may be empty; `weight` counts against others (1 is usual).

    It counts from the moment it is `known` (None: at once), by its age since `at`. The id says where it came from
    ("request:…", "article:…"), so that what is erased there can be erased here.
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
        """Questions after this moment may count it."""
        return self.known or self.at

    @property
    def matched(self) -> str:
        """What is embedded and searched for words."""
        return self.text[:MATCHED]


@dataclass(frozen=True, slots=True)
class Near:
    """A contribution that is near a question: whose, when, on what, how near among the others (0..1), and its cosine."""

    id: str
    person: str
    at: datetime
    topic: str
    weight: float
    score: float
    cosine: float


class ContributionSearch(Protocol):
    """The reading half of an index of contributions. Nothing from `before` on is seen."""

    def near(self, question: str, vector: NDArray[np.float32], before: datetime, k: int) -> Sequence[Near]:
        """The k nearest by meaning and words, best first, ties by id."""

    def activity(self, topic: str | None, before: datetime, fading: Fading) -> Mapping[str, float]:
        """By person the weights in a topic (None: in all), each faded by its age."""


def of_article(key: str, owner: str, reviewed_on: date, topic: str, head: str) -> Contribution:
    """That somebody keeps an article: dated by its last review; `head` says what it is about."""
    return Contribution(article_key(key), owner, _moment(reviewed_on), "article", topic, head, WEIGHTS["article"])


def of_answer(request_id: str, mentor: str, on: date | datetime, topic: str, question: str) -> Contribution:
    """That a mentor held the session of a request. The question is matched only while the request is kept."""
    return Contribution(request_key(request_id), mentor, _moment(on), "answer", topic, question, WEIGHTS["answer"])


def of_debrief(request_id: str, number: int, mentor: str, on: datetime, competency: str) -> Contribution:
    """That a mentor brought somebody to a competency and attested it; `number` tells those of one request apart."""
    return Contribution(f"{request_key(request_id)}:{number}", mentor, on, "debrief", "", competency, WEIGHTS["debrief"])


def request_key(request_id: str) -> str:
    """The id under which the answer to a request is kept."""
    return f"request:{request_id}"


def article_key(key: str) -> str:
    """The id under which the keeping of an article is kept."""
    return f"article:{key}"


def _moment(on: date | datetime) -> datetime:
    return on if isinstance(on, datetime) else datetime.combine(on, time(), UTC)
