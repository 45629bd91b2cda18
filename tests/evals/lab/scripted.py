"""A language model that is a script: it answers every task as a good model would, out of the very words it is sent.

It stands in for an endpoint where the cost of talking to one is measured, and every call is kept, turn by turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal, TypeVar

from assistant.adapters.model.client.chat import Call, ModelFailed, Spend, T, Usage
from assistant.adapters.model.model_language import ModelLanguage
from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.dialogue.language_io import (
    ArticleDraft,
    Excerpt,
    OnPartial,
    QuestionToAsk,
    SessionOutcome,
    SuggestedPerson,
    ignore_partial,
)
from assistant.dialogue.privacy.redaction import Redaction
from assistant.dialogue.understanding import Turn, Understanding
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief, Item
from assistant.domain.need import Need, SlotName
from assistant.domain.provenance import OFFLINE, Provenance
from assistant.domain.reply import Kind, Sentence
from assistant.ports import Language, TokenCounter

V = TypeVar("V")
_FENCED = re.compile(r"<data-\w+>\n(.*?)\n</data-\w+>", re.DOTALL)


@dataclass(frozen=True)
class Spoken:
    """One call and the text of its answer."""

    call: Call
    answer: str

    @property
    def data(self) -> str:
        """What stood in the call's fence."""
        found = _FENCED.search(self.call.user)
        return found[1] if found else ""


@dataclass
class ScriptedChat:
    """Implements `chat.Chat`; `slots` are the words that a message may state, `items` what notes may hold."""

    slots: Mapping[SlotName, str] = field(default_factory=dict)
    items: Sequence[Item] = ()
    spoken: list[Spoken] = field(default_factory=list)

    def structured(self, call: Call, shape: type[T], spend: Spend) -> T:
        right = shape.model_validate(self._right(call))
        self.spoken.append(Spoken(call, right.model_dump_json()))
        spend(Usage("scripted"))
        return right

    def stream(self, call: Call, spend: Spend) -> Iterator[str]:
        """The question composed from the messages, or the beginning of the first passage, with its citation."""
        text = _sharpened(Spoken(call, "").data) if call.task == "sharpen" else self._answered(call)
        self.spoken.append(Spoken(call, text))
        spend(Usage("scripted"))
        yield text

    def _answered(self, call: Call) -> str:
        passage = Spoken(call, "").data.partition("\n[1] ")[2].partition("\n[2] ")[0].partition(": ")[2]
        first = re.split(r"(?<=[.!?])\s", passage)[:2]
        return " ".join(f"{sentence.rstrip('.')} [1]." for sentence in first)

    def _right(self, call: Call) -> dict[str, object]:
        data = Spoken(call, "").data
        match call.task:
            case "brief":
                tried = self.slots.get("tried", "")
                return {"background": "", "tried": tried if tried in data else "", "questions": ["Where does it stand now?"]}
            case "debrief":
                return {"items": [self._noted(item) for item in self.items if item.quote in data]}
            case "thanks":
                return {"sentences": [f"{item.text}." for item in self.items if item.kind == "takeaway"][:2]}
            case "article":
                points = [item.text for item in self.items if item.kind != "proposal"]
                return {"title": "", "summary": points[0] if points else "", "points": points[1:]}
        raise ModelFailed("fault")

    def _noted(self, item: Item) -> dict[str, str]:
        return {"kind": item.kind, "quote": item.quote, "owner": item.owner or ""}


@dataclass
class Scripted:
    """Implements `ports.Languages`: what the script does not know is offline. `turns` holds the calls of each turn, in order."""

    counter: TokenCounter
    chat: ScriptedChat = field(default_factory=ScriptedChat)
    turns: list[list[Spoken]] = field(default_factory=list)
    offline: OfflineLanguage = field(default_factory=OfflineLanguage)

    def turn(self, person: str, others: Collection[str] = ()) -> Language:
        self.chat.spoken = []
        self.turns.append(self.chat.spoken)
        model = ModelLanguage(
            self.chat, self.offline, lambda: 8.0, lambda task, usage: None, Redaction(), None, self.counter, judge=self.offline
        )  # fmt: skip
        return _Either(model, self.offline)


class _Either:
    """Implements `ports.Language`: by the model, else offline."""

    provenance: Provenance = OFFLINE

    def __init__(self, model: ModelLanguage, offline: OfflineLanguage) -> None:
        self._model, self._offline = model, offline

    def understand(self, turn: Turn) -> Understanding:
        return self._offline.understand(turn)

    def ask(self, wanted: QuestionToAsk) -> str:
        return wanted.plain

    def sharpen(self, need: Need, kind: Kind, said: Sequence[str] = ()) -> str:
        return _either(lambda: self._model.sharpen(need, kind, said), lambda: self._offline.sharpen(need, kind, said))

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None:
        return _either(lambda: self._model.answer(question, excerpts, on_partial), lambda: None)

    def explain(self, question: str, people: Sequence[SuggestedPerson]) -> tuple[str, ...]:
        return self._offline.explain(question, people)

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        return _either(lambda: self._model.brief(draft, said), lambda: draft)

    def thanks(self, outcome: SessionOutcome) -> str:
        return _either(lambda: self._model.thanks(outcome), lambda: self._offline.thanks(outcome))

    def article(self, outcome: SessionOutcome) -> ArticleDraft:
        return _either(lambda: self._model.article(outcome), lambda: self._offline.article(outcome))

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        given = (notes, brief, mentee, mentor, on, author)
        return _either(lambda: self._model.debrief(*given), lambda: self._offline.debrief(*given))


def _either(by_model: Callable[[], V], offline: Callable[[], V]) -> V:
    try:
        return by_model()
    except ModelFailed:
        return offline()


@cache
def _offline() -> OfflineLanguage:
    return OfflineLanguage()


def _sharpened(messages: str) -> str:
    """The offline question about the messages as they were sent."""
    return _offline().sharpen(Need(), Kind.VAGUE, (messages,))
