"""What the assistant may do in one turn. A move is a decision, not yet a sentence: wording it is another module's job."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.reply import Asks


@dataclass(frozen=True)
class Ask:
    """One question, about a slot or a facet; `options` come from what was found."""

    asks: Asks
    options: tuple[str, ...] = ()


class Because(StrEnum):
    """Why something is proposed now; also names the sentence that leads in."""

    QUESTION = "question"
    SPECIFIC = "specific"
    TRAJECTORY = "trajectory"
    PERSON = "person"
    PERSON_UNTOLD = "person_untold"
    """A person is wished for, and nothing was told that people could be found by."""

    @property
    def wants_person(self) -> bool:
        """Whether the mentee asked for a person, so that no passages are shown."""
        return self in (Because.PERSON, Because.PERSON_UNTOLD)


@dataclass(frozen=True)
class Propose:
    """Compose the sharp question and show what was found."""

    because: Because


@dataclass(frozen=True)
class Confirm:
    question: str


@dataclass(frozen=True)
class Choose:
    """The mentee picked a suggested mentor."""

    mentor: str


@dataclass(frozen=True)
class Reopen:
    """Words that change a confirmed question: back to sharpening with what was learnt."""


@dataclass(frozen=True)
class Refer:
    """To the people whom the organisation names for `topic`; nobody is searched, nothing more is asked.

    Without `closes` the request stays as it is, and the next message goes on with it.
    """

    topic: str
    closes: bool = False


@dataclass(frozen=True)
class Decline:
    """Not for this programme. `private` is a request about somebody else's private matters."""

    private: bool


@dataclass(frozen=True)
class Solve:
    """The passages were enough."""


@dataclass(frozen=True)
class Stop:
    """The mentee ends the request."""


@dataclass(frozen=True)
class AnswerMore:
    """The mentee's answer to a mentor's one more thing."""

    text: str


@dataclass(frozen=True)
class Redraft:
    """New words change the draft of the brief."""


@dataclass(frozen=True)
class Tell:
    """Say one thing and change nothing; `key` names the saying."""

    key: str


Move = Ask | Propose | Confirm | Choose | Reopen | Refer | Decline | Solve | Stop | AnswerMore | Redraft | Tell
