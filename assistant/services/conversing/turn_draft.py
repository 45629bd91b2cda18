"""The draft of one turn: the reply, the events before and after it, and the search queries made from the text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.dialogue.clarify import tells_something
from assistant.dialogue.language_io import OnPartial
from assistant.dialogue.understanding import Act, Understanding
from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.need import SLOTS, Need, SlotName
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
    """An understood turn: the text, the checked claims, and the need and kind including the turn."""

    text: str
    claim: Understanding
    need: Need
    kind: Kind


@dataclass
class TurnDraft:
    """One turn while it is decided. `own` are the mentee's own mentor profiles, which are never suggested."""

    request: Request
    understood: UnderstoodTurn
    language: Language
    on_partial: OnPartial
    clock: Clock
    own: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()
    found: Findings = NOTHING
    before: list[e.Event] = field(default_factory=list)
    after: list[e.Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reply = Reply(self.request.pending, "")

    @property
    def excluded(self) -> frozenset[str]:
        """Mentors who are not suggested: those who declined, those who did not fit when they were `shown`, and the mentee."""
        return frozenset({*self.request.declined, *self.own}) | self.shown

    @cached_property
    def spoken(self) -> str:
        return spoken(self.request, self.understood)

    @cached_property
    def queries(self) -> tuple[str, ...]:
        return queries(self.understood, self.spoken)

    def answer(self, **parts: object) -> None:
        """Sets parts of the reply."""
        self.reply = replace(self.reply, **parts)  # type: ignore[arg-type]

    def before_reply(self, event: type[e.Event], /, **values: object) -> None:
        """Adds an event before the reply."""
        self.before.append(event(at=self.clock.now(), actor=e.ASKWELL, **values))

    def after_reply(self, event: type[e.Event], /, **values: object) -> None:
        """Adds an event after the reply."""
        self.after.append(event(at=self.clock.now(), actor=e.ASKWELL, **values))


def queries(understood: UnderstoodTurn, spoken: str) -> tuple[str, ...]:
    """Wordings of the need to search with: the whole need, its task and facets, and the messages; any may be missing."""
    small_talk = understood.claim.acts & {Act.GREETING, Act.THANKS} and not understood.need.slots
    known, topic = understood.need.words(), ". ".join(_topic(understood.need))
    wordings = (known, topic, "" if small_talk else spoken)
    if len(known.split()) < ENOUGH_WORDS:
        wordings = (spoken, known, topic)
    return tuple(words[:LONGEST_QUERY] for words in dict.fromkeys(wordings) if words.strip())


def people_by(need: Need, spoken: str) -> tuple[str, ...]:
    """Wordings to find people with: all messages, and also the need if they exceed the longest query."""
    wordings = (spoken, need.words()) if len(spoken) > LONGEST_QUERY else (spoken,)
    return tuple(words[:LONGEST_QUERY] for words in wordings if words.strip())


def spoken(request: Request, understood: UnderstoodTurn) -> str:
    """All messages of the mentee, without empty ones such as "skip" and without negated quotes."""
    said = [words for n, words in enumerate(request.words()) if n == 0 or tells_something(words)]
    text = "\n".join(said) if request.kind is not Kind.OUT_OF_SCOPE else understood.text
    for quote in understood.claim.negated:
        text = text.replace(quote, " ")
    return text


def with_edits(spoken: str, before: Need, after: Need) -> str:
    """What was said, with the slots that were edited by hand in place of the words they were read from."""
    edited: list[str] = []
    for name in SLOTS:
        old, new = before.get(name), after.get(name)
        if old != new:
            for quote in (old.quote, *old.also) if old else ():
                spoken = spoken.replace(quote, " ")
            edited += [new.value] if new else []
    return "\n".join(words.strip() for words in (*edited, spoken) if words.strip())


def acknowledgement(request: Request, understood: UnderstoodTurn) -> str:
    """A short clause that repeats newly understood information in the mentee's words; may be empty."""
    names: tuple[SlotName, ...] = ("task", "context")
    new = [slot for name in names if (slot := understood.need.get(name)) and request.need.get(name) != slot]
    subject = next((slot.value for slot in new if 2 <= len(slot.value.split()) <= 12), "")
    return say("understood.need", subject=subject.rstrip(".!?,; ")) if subject else ""


def unreadable(request: Request, understood: UnderstoodTurn) -> str:
    """The key of the reply to a text that cannot be read, or ""; answers to a mentor may be in any language."""
    if mostly_foreign(understood.text) and not isinstance(request.stage, s.MoreAsked):
        return "other.foreign"
    number = any(character.isdecimal() for character in understood.text) and bool(request.matches)
    return "" if number or has_words(understood.text) else "other.unreadable"


def _topic(need: Need) -> list[str]:
    """The task and the facets, without the situation."""
    return [words for words in (need.value("task"), *(facet.value for facet in need.facets)) if words]
