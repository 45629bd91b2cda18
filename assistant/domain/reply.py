"""One reply of the assistant as data; pages and the terminal only render it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from assistant.domain.mentor import Citation, Match
from assistant.domain.provenance import OFFLINE, Provenance


class Kind(StrEnum):
    """The kind of a request, judged from everything said so far."""

    VAGUE = "vague"
    SPECIFIC = "specific"
    TRAJECTORY = "trajectory"
    OUT_OF_SCOPE = "out_of_scope"
    WANTS_PERSON = "wants_person"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Asks:
    """What a question asks for: an empty slot, or a facet that divides the articles and mentors found."""

    kind: Literal["slot", "facet"]
    name: str


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer; `cites` are numbers of the reply's citations, from 1."""

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True)
class Reply:
    """A reply to the messages with the client ids `to` (a burst is one turn).

    `why` explains the question asked. `answer` words what the cited passages say; each sentence cites. `delayed` marks a reply
    given after a restart.
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
