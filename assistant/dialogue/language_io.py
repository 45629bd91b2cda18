"""What a language adapter is given to put into words, and what comes back: all data, all of it a proposal.

Every piece holds the wording that needs no model; who cannot do better gives that back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from assistant.domain.debrief import Item
from assistant.domain.need import Need
from assistant.domain.reply import Asks, Sentence

OnPartial = Callable[[tuple[Sentence, ...]], None]
"""Told, again and again, all that can be shown of an answer so far; what was told once may be taken back while it grows."""


def ignore_partial(answer: tuple[Sentence, ...]) -> None:
    """For callers who wait for the whole."""


@dataclass(frozen=True)
class QuestionToAsk:
    """A question whose choice is made: what it asks, its plain wording, its options, and what the mentee said so far."""

    asks: Asks
    plain: str
    options: tuple[str, ...] = ()
    said: str = ""
    need: Need = field(default_factory=Need)


@dataclass(frozen=True)
class Excerpt:
    """A passage that may be used for an answer; its number is its place, from 1. Its text begins at `start` in its article."""

    title: str
    text: str
    start: int = 0


@dataclass(frozen=True)
class SuggestedPerson:
    """A suggested person with the evidence that found them; `plain` is the reason as it stands without a model.

    `mentor` is the profile's id; name, quote and skills are the person's own and their profile's words.
    """

    mentor: str
    name: str
    plain: str
    quote: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class SessionOutcome:
    """What came of a session, for a note of thanks or an article: names are display names, items are as confirmed."""

    question: str
    mentee: str
    mentor: str
    items: tuple[Item, ...]
    on: date | None = None


@dataclass(frozen=True)
class ArticleDraft:
    """A draft for the knowledge base: Markdown without front matter, nobody's name in it."""

    title: str
    summary: str
    body: str
