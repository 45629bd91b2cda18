"""Inputs and outputs of the `Language` port.

Inputs carry a plain wording where there is one; an adapter returns it unchanged if it cannot improve it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from assistant.domain.debrief import Item
from assistant.domain.need import Need
from assistant.domain.reply import Asks, Sentence

OnPartial = Callable[[tuple[Sentence, ...]], None]
"""Called repeatedly with everything that can be shown of an answer so far; a later call may take back earlier text."""


def ignore_partial(answer: tuple[Sentence, ...]) -> None:
    """An `OnPartial` for callers that only need the final answer."""


@dataclass(frozen=True)
class QuestionToAsk:
    """A chosen question: what it asks for, its plain wording, its options, and what the mentee said so far."""

    asks: Asks
    plain: str
    options: tuple[str, ...] = ()
    said: str = ""
    need: Need = field(default_factory=Need)


@dataclass(frozen=True)
class Excerpt:
    """A passage to answer from, numbered from 1 by its place. Its text begins at `start` in its article."""

    title: str
    text: str
    start: int = 0


@dataclass(frozen=True)
class SuggestedPerson:
    """A suggested mentor with their evidence; `plain` is the reason worded without a model.

    `mentor` is the profile's id; quote and skills come from the profile.
    """

    mentor: str
    name: str
    plain: str
    quote: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class SessionOutcome:
    """A session with its debrief items, for a thank-you note or an article; names are display names."""

    question: str
    mentee: str
    mentor: str
    items: tuple[Item, ...]
    on: date | None = None


@dataclass(frozen=True)
class ArticleDraft:
    """A draft for the knowledge base: Markdown without front matter and without names."""

    title: str
    summary: str
    body: str
