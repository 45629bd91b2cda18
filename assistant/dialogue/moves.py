"""The moves of the assistant: what it decides to do in one turn. Services word them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.dialogue.brief_talk import FieldEdit, Topic
from assistant.domain.reply import Asks


@dataclass(frozen=True)
class Ask:
    """Ask one question, about a slot or a facet; `options` come from the articles and mentors found."""

    asks: Asks
    options: tuple[str, ...] = ()


class Because(StrEnum):
    """The reason for a proposal; also the key of its first sentence."""

    QUESTION = "question"
    SPECIFIC = "specific"
    TRAJECTORY = "trajectory"
    EDITED = "edited"
    """The mentee changed what was understood."""
    OTHERS = "others"
    """What was shown did not fit: other passages and people."""
    PERSON = "person"
    PERSON_NO_TOPIC = "person_no_topic"
    """The mentee asked for a person but has not said anything to search by."""

    @property
    def wants_person(self) -> bool:
        """Whether the mentee asked for a person, so that no passages are shown."""
        return self in (Because.PERSON, Because.PERSON_NO_TOPIC)


@dataclass(frozen=True)
class Propose:
    """Propose the sharp question and show the passages and people found."""

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
    """New information changes a confirmed question: go back to sharpening."""


@dataclass(frozen=True)
class Others:
    """What was shown does not fit: show other passages and other people, never the same."""


@dataclass(frozen=True)
class Refer:
    """Refer to the organisation's contacts for `topic`, without search or question; unless it `closes`, the request goes on."""

    topic: str
    closes: bool = False


@dataclass(frozen=True)
class Decline:
    """Decline a request out of scope; `private` if it asks about somebody else's private matters."""

    private: bool


@dataclass(frozen=True)
class Solve:
    """Close the request: the passages solved it."""


@dataclass(frozen=True)
class Stop:
    """Close the request: the mentee ends it."""


@dataclass(frozen=True)
class AnswerMore:
    """Pass on the mentee's answer to the mentor's further question."""

    text: str


@dataclass(frozen=True)
class Redraft:
    """Update the draft of the brief with new information."""


@dataclass(frozen=True)
class EditBrief:
    """Change one field of the brief as the mentee said."""

    edit: FieldEdit


@dataclass(frozen=True)
class AtBrief:
    """Answer how it goes on with the brief, and name the button for it."""

    topic: Topic


@dataclass(frozen=True)
class Tell:
    """Say one sentence and change nothing; `key` names it in the catalogue."""

    key: str


Move = (
    Ask | Propose | Others | Confirm | Choose | Reopen | Refer | Decline | Solve | Stop | AnswerMore | Redraft
    | EditBrief | AtBrief | Tell
)  # fmt: skip
