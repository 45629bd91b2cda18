"""A language made of functions. Test messages are tagged, so that a test says exactly what is understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.adapters.offline.plain_texts import PlainTexts
from assistant.dialogue.language_io import Excerpt, OnPartial, ignore_partial
from assistant.dialogue.understanding import Act, Extraction, Turn, Understanding
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief, Item
from assistant.domain.need import SLOTS, Need
from assistant.domain.provenance import OFFLINE, Provenance
from assistant.domain.reply import Kind, Sentence

_TAGS = re.compile(r"^(?P<instead>instead )?(?P<slot>task|context|tried|outcome|deadline|format): (?P<value>.+)$", re.MULTILINE)
_NOT_ABOUT = re.compile(r"^not about (.+)$", re.MULTILINE)
_ASK = re.compile(r"^ask: (.+)$", re.MULTILINE)
_WORTH = re.compile(r"^worth asking: (\w+)$", re.MULTILINE)
_WORDS: dict[str, Act] = {
    "skip": Act.SKIP, "not sure": Act.NOT_SURE, "yes": Act.CONFIRM, "that solved it": Act.SOLVED,
    "that did not help": Act.NOT_SOLVED, "a person please": Act.WANTS_PERSON, "stop": Act.STOP, "hello": Act.GREETING,
    "thanks": Act.THANKS, "it rains here": Act.NO_REQUEST,
}  # fmt: skip
_KINDS = {"harass": Kind.SENSITIVE, "weather": Kind.OUT_OF_SCOPE, "promotion": Kind.TRAJECTORY, "a person": Kind.WANTS_PERSON}


def tagged(turn: Turn) -> Understanding:
    """Understands "task: …" lines, a few set phrases, and any other text as the answer to what was asked.

    "worth asking: …" lines name what is worth asking; of several "ask: …" lines it is worth asking which comes first.
    """
    text = turn.text
    acts = frozenset(act for words, act in _WORDS.items() if text.strip().lower() == words)
    slots = tuple(
        Extraction(slot, m["value"], m["value"], replaces=bool(m["instead"]))
        for m in _TAGS.finditer(text) for slot in SLOTS if slot == m["slot"]
    )  # fmt: skip
    facet = ""
    if turn.asked and not slots and not acts:
        facet = text.strip() if turn.asked.kind == "facet" else ""
        slots = tuple(Extraction(slot, text, text) for slot in SLOTS if slot == turn.asked.name)
    kind = next((kind for words, kind in _KINDS.items() if words in text.lower()), None)
    known = {*turn.need.slots, *(extraction.slot for extraction in slots)}
    specific = Kind.SPECIFIC if {"task", "outcome"} <= known else Kind.VAGUE
    topic = "harassment" if kind is Kind.SENSITIVE else ""
    negated = tuple(m[1] for m in _NOT_ABOUT.finditer(text))
    asks = tuple(m[1] for m in _ASK.finditer(text))
    worth = dict.fromkeys([m[1] for m in _WORTH.finditer(text)] or ["part"] * (len(asks) > 1), 0.9)
    return Understanding(kind or specific, acts, slots, negated, facet, topic, worth=worth, asks=asks)


def sharpened(need: Need, kind: Kind) -> str:
    subject = need.value("task") or need.value("context") or next((f.value for f in need.facets), "")
    return f"How do I {subject}?" if subject else ""


def structured(notes: str, brief: Brief, mentee: str, mentor: str, on: date) -> Debrief:
    """ "action: …", "takeaway: …" and "competency: …" lines; the quote is the line."""
    lines = [line.partition(": ") for line in notes.splitlines()]
    kinds = {"action": "action", "takeaway": "takeaway", "competency": "competency"}
    return Debrief(tuple(Item(kinds[a], c, c) for a, _, c in lines if a in kinds and c))  # type: ignore[arg-type]


@dataclass
class FakeLanguage(PlainTexts):
    """Implements Language and Languages with functions; `heard` records the turns it was given."""

    on_turn: Callable[[Turn], Understanding] = tagged
    on_need: Callable[[Need, Kind], str] = sharpened
    on_notes: Callable[[str, Brief, str, str, date], Debrief] = structured
    on_excerpts: Callable[[str, Sequence[Excerpt]], tuple[Sentence, ...] | None] = lambda question, excerpts: None
    heard: list[Turn] = field(default_factory=list)
    provenance: Provenance = OFFLINE

    def turn(self, person: str, others: Collection[str] = ()) -> FakeLanguage:
        return self

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None:
        """Reports the whole answer sentence by sentence."""
        said = self.on_excerpts(question, excerpts)
        for length in range(1, len(said or ()) + 1):
            on_partial((said or ())[:length])
        return said

    def understand(self, turn: Turn) -> Understanding:
        self.heard.append(turn)
        return self.on_turn(turn)

    def sharpen(self, need: Need, kind: Kind, said: Sequence[str] = ()) -> str:
        return self.on_need(need, kind)

    def debrief(self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: str) -> Debrief:
        return self.on_notes(notes, brief, mentee, mentor, on)
