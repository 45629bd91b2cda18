"""What one turn writes while it is decided: the reply, the events before and after it, and the sentences about its text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.dialogue.clarify import tells_something
from assistant.dialogue.language_io import OnPartial
from assistant.dialogue.understanding import Act, Understanding
from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.need import Need, SlotName
from assistant.domain.reply import Kind, Reply
from assistant.domain.request import Request
from assistant.ports import Clock, Language
from assistant.services.conversing.message_text import has_words, mostly_foreign
from assistant.services.conversing.research import NOTHING, Findings
from assistant.services.conversing.status_text import say

LONGEST_QUERY = 600
ENOUGH_WORDS = 6


@dataclass(frozen=True)
class UnderstoodTurn:
    """One turn understood: the text, the checked claims, and the need and kind with the turn included."""

    text: str
    claim: Understanding
    need: Need
    kind: Kind


@dataclass
class TurnDraft:
    """One turn of a request: what was heard, who words it, what was found for it, and what it will write.

    `own` are the mentor profiles of the mentee, who is not matched with themselves.
    """

    request: Request
    heard: UnderstoodTurn
    language: Language
    on_partial: OnPartial
    clock: Clock
    own: tuple[str, ...] = ()
    found: Findings = NOTHING
    before: list[e.Event] = field(default_factory=list)
    after: list[e.Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reply = Reply(self.request.pending, "")

    @property
    def excluded(self) -> frozenset[str]:
        """People who are not suggested: who declined, and the mentee."""
        return frozenset({*self.request.declined, *self.own})

    @cached_property
    def spoken(self) -> str:
        return spoken(self.request, self.heard)

    @cached_property
    def queries(self) -> tuple[str, ...]:
        return queries(self.heard, self.spoken)

    def answer(self, **parts: object) -> None:
        """Set these parts of the reply."""
        self.reply = replace(self.reply, **parts)  # type: ignore[arg-type]

    def first(self, event: type[e.Event], /, **values: object) -> None:
        """An event before the reply."""
        self.before.append(event(at=self.clock.now(), actor=e.ASKWELL, **values))

    def then(self, event: type[e.Event], /, **values: object) -> None:
        """An event after the reply."""
        self.after.append(event(at=self.clock.now(), actor=e.ASKWELL, **values))


def queries(heard: UnderstoodTurn, spoken: str) -> tuple[str, ...]:
    """The need as understood, what was asked for and told, and all that was spoken; any may be missing."""
    small_talk = heard.claim.acts & {Act.GREETING, Act.THANKS} and not heard.need.slots
    known, told = heard.need.words(), ". ".join(_told(heard.need))
    wordings = (known, told, "" if small_talk else spoken)
    if len(known.split()) < ENOUGH_WORDS:
        wordings = (spoken, known, told)
    return tuple(words[:LONGEST_QUERY] for words in dict.fromkeys(wordings) if words.strip())


def people_by(need: Need, spoken: str) -> tuple[str, ...]:
    """People are found by the whole story; where that is too long to be searched, by the need beside it."""
    wordings = (spoken, need.words()) if len(spoken) > LONGEST_QUERY else (spoken,)
    return tuple(words[:LONGEST_QUERY] for words in wordings if words.strip())


def spoken(request: Request, heard: UnderstoodTurn) -> str:
    """All that the mentee wrote, without messages that say nothing, such as "skip", and what it is said not to be about."""
    said = [words for n, words in enumerate(request.words()) if n == 0 or tells_something(words)]
    text = "\n".join(said) if request.kind is not Kind.OUT_OF_SCOPE else heard.text
    for quote in heard.claim.negated:
        text = text.replace(quote, " ")
    return text


def understood(request: Request, heard: UnderstoodTurn) -> str:
    """One short clause that shows what was understood, in the mentee's own words; only for what is new."""
    names: tuple[SlotName, ...] = ("task", "context")
    new = [slot for name in names if (slot := heard.need.get(name)) and request.need.get(name) != slot]
    subject = next((slot.value for slot in new if 2 <= len(slot.value.split()) <= 12), "")
    return say("understood.need", subject=subject.rstrip(".!?,; ")) if subject else ""


def unreadable(request: Request, heard: UnderstoodTurn) -> str:
    """Which saying meets a text without words; an answer to a mentor may be in any language that the two share."""
    if mostly_foreign(heard.text) and not isinstance(request.stage, s.MoreAsked):
        return "other.foreign"
    number = any(character.isdecimal() for character in heard.text) and bool(request.matches)
    return "" if number or has_words(heard.text) else "other.unreadable"


def _told(need: Need) -> list[str]:
    """What they say it is about when asked for it: the task and the part, without the story around them."""
    return [words for words in (need.value("task"), *(facet.value for facet in need.facets)) if words]
