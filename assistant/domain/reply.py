"""One answer of the assistant, as data: what is said, what is asked, what is shown. Pages and terminals only render it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from assistant.domain.mentor import Citation, Match
from assistant.domain.provenance import OFFLINE, Provenance


class Kind(StrEnum):
    """What sort of request this is, judged from what was said so far."""

    VAGUE = "vague"
    SPECIFIC = "specific"
    TRAJECTORY = "trajectory"
    OUT_OF_SCOPE = "out_of_scope"
    WANTS_PERSON = "wants_person"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Asks:
    """What a question is about: an empty slot, or a facet on which articles and mentors differ."""

    kind: Literal["slot", "facet"]
    name: str


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer out of passages; `cites` are places among the citations beside it, from 1."""

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True)
class Reply:
    """`to` are the client message ids it answers (a burst is one turn); `why` says why it asks; `delayed` admits a restart.

    `answer` is what the cited passages say to the question, if it was put into words; each sentence cites.
    """

    to: tuple[str, ...]
    say: str
    question: str = ""
    asks: Asks | None = None
    options: tuple[str, ...] = ()
    why: str = ""
    sharp_question: str = ""
    citations: tuple[Citation, ...] = ()
    matches: tuple[Match, ...] = ()
    next_step: str = ""
    delayed: bool = False
    answer: tuple[Sentence, ...] = ()
    provenance: Provenance = OFFLINE
