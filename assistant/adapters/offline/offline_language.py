"""The offline language adapter: understands and words messages without network access.

A lexicon finds dialogue acts; a small model splits a message into units and says what each one does, what kind of message it is
and what is worth asking; grammars find dates, corrections and negations. Every quote is a substring of the turn's text. No input
of a mentee raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from time import thread_time
from typing import Literal

from assistant.adapters.offline.composing.sharpen import Sharpener
from assistant.adapters.offline.dates.deadline import deadline_date
from assistant.adapters.offline.plain_texts import PlainTexts
from assistant.adapters.offline.reading import message_kind, replies
from assistant.adapters.offline.reading.dialogue_acts import EMPTY, acts, said_before
from assistant.adapters.offline.reading.reading_budget import BudgetSpent, ReadingBudget
from assistant.adapters.offline.reading.roles import own_words, presence
from assistant.adapters.offline.reading.sensitivity import NOBODY, concern
from assistant.adapters.offline.reading.spans import Span
from assistant.adapters.offline.reading.unit_model import Reader, Reading
from assistant.adapters.offline.reading.worth_asking import worth_asking
from assistant.dialogue.clarify import most_worth
from assistant.dialogue.grounding.faithful import Said
from assistant.dialogue.understanding import Act, Extraction, Turn, Understanding
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.need import SLOTS, Need, SlotName
from assistant.domain.reply import Kind
from retrieval.ports import Embeddings

LONGEST = 16_000
"""Characters of a turn that are read; the rest is ignored here."""

SECONDS, FITTING = 3.0, 2_000
"""Processor time in seconds for a turn; characters read in a second attempt if it is exceeded."""

ACT, ACT_WHEN_ASKED = 0.85, 0.9
"""Least probability of an act that only the model finds, without and with a question just asked."""

_MODEL_ACTS = (Act.NOT_SOLVED, Act.SOLVED, Act.NOT_SURE, Act.SKIP)


class OfflineLanguage(PlainTexts):
    """Implements `ports.Language` and, being stateless between turns, `ports.Languages`.

    Loads the model at the first use; one instance serves all threads.
    """

    def __init__(
        self, embeddings: Embeddings | None = None, *, reader: Reader | None = None, clock: Callable[[], float] = thread_time
    ) -> None:
        """`embeddings` are unused: the adapter has its own model and takes them for uniform wiring.

        `clock` returns the processor time of this thread in seconds.
        """
        self._embeddings, self._clock = embeddings, clock
        self._reader = reader or Reader()
        self._sharpener = Sharpener(self._reader)

    def turn(self, person: str, others: Collection[str] = ()) -> OfflineLanguage:
        return self

    def understand(self, turn: Turn) -> Understanding:
        """All claims about one turn, read within a budget of processor time.

        A text that takes longer is read again from its beginning only. If that takes too long as well, nothing is claimed
        except a sensitive topic recognised by words alone. Raises ModelDamaged if the installed model is not the shipped one.
        """
        for longest in (LONGEST, FITTING):
            with suppress(BudgetSpent):
                return self._read_within(replace(turn, text=turn.text[:longest]), ReadingBudget(SECONDS, self._clock))
        found = concern(turn.text[:FITTING], NOBODY)
        return Understanding(Kind.SENSITIVE, topic=found.topic) if found.topic else Understanding(Kind.VAGUE)

    def _read_within(self, turn: Turn, budget: ReadingBudget) -> Understanding:
        text = turn.text
        if not re.search(r"\w", text):
            return Understanding(Kind.VAGUE, acts(text))
        reading = self._reader.read(text, budget.check)
        done = self._acts(turn, reading)
        budget.check()
        found = concern("" if text in turn.options else text, reading.cares, reply=not turn.first)
        if found.topic:
            return Understanding(Kind.SENSITIVE, done, topic=found.topic)
        if done & EMPTY or said_before(text):
            return Understanding(self._kind(turn, Reading(), done), done)
        budget.check()
        claims = self._claims(turn, reading, done)
        budget.check()
        kind = self._kind(turn, reading, done)
        if turn.first and kind in (Kind.VAGUE, Kind.SPECIFIC) and message_kind.asks_nothing(reading):
            return Understanding(Kind.VAGUE, done | {Act.NO_REQUEST})
        return Understanding(
            kind,
            done,
            tuple(_extractions(turn, claims)),
            tuple(span.of(text) for span in claims.negated if span.length),
            claims.facet.of(text) if claims.facet else "",
            presence=self._presence(turn, reading, claims),
            scope_unsure=kind is Kind.OUT_OF_SCOPE and not self._surely_outside(text, reading),
            uneasy=found.doubtful,
            urgent=found.urgent,
            worth=self._worth(turn, reading),
            asks=tuple(self._sharpener.asks(own_words(text, reading))) if turn.first else (),
        )

    def sharpen(self, need: Need, kind: Kind, said: Sequence[str] = ()) -> str:
        """One question of at most 30 words, made of the mentee's own words: the ask with at most one addition."""
        return self._sharpener.question(need, said).text

    def heard(self, need: Need, said: Sequence[str]) -> Said:
        """What the mentee said, told apart for the check of a question that somebody else worded."""
        return self._sharpener.heard(need, said)

    def fine(self, need: Need, said: Sequence[str], question: str) -> float:
        """The probability that the mentee would confirm this question, whoever worded it."""
        return self._sharpener.fine(need, said, question)

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        """Structures notes or a transcript of the session held `on`; mentee and mentor are display names."""
        from assistant.adapters.offline.debrief import structure

        return structure(notes, brief, mentee, mentor, on, author)

    def _acts(self, turn: Turn, reading: Reading) -> frozenset[Act]:
        """Acts by rule, and by the model where a reply is short and the model is very sure."""
        asked = turn.asked.name if turn.asked and turn.asked.kind == "slot" else ""
        ruled = acts(turn.text, asked)
        if ruled or turn.first or len(turn.text) > 200:
            return ruled
        limit = ACT_WHEN_ASKED if turn.asked else ACT
        blocked = {Act.SOLVED, Act.NOT_SOLVED} if turn.asked else set()
        return frozenset(a for a in _MODEL_ACTS if a not in blocked and reading.acts.get(a.value, 0.0) >= limit)

    def _claims(self, turn: Turn, reading: Reading, done: frozenset[Act]) -> replies.Claims:
        if Act.CORRECTION in done and not turn.first:
            return replies.correction(turn, reading)
        slot = next((s for s in SLOTS if turn.asked and turn.asked.kind == "slot" and s == turn.asked.name), None)
        if turn.asked and Act.WANTS_PERSON not in done:
            if slot:
                return replies.answer(turn, slot, reading, done)
            return replies.facet(turn, reading)
        return replies.opening(turn.text, reading)

    def _presence(self, turn: Turn, reading: Reading, claims: replies.Claims) -> dict[SlotName, float]:
        """For an opening the model's presence of every slot; for a reply only that of the claimed slots."""
        shown = {slot: span.score for slot, span in claims.slots.items()}
        return {**presence(reading), **shown} if not turn.asked and not claims.replaces else shown

    def _kind(self, turn: Turn, reading: Reading, done: frozenset[Act]) -> Kind:
        """The message's own kind if it has one (a later turn can only ask for a person), else specific or vague."""
        own = message_kind.kind_of(reading if turn.first else Reading(), done)
        if own:
            return own
        if turn.first and message_kind.outside(turn.text):
            return Kind.OUT_OF_SCOPE
        clear = turn.first and reading.worths and not most_worth(worth_asking(reading))
        return Kind.SPECIFIC if clear and reading.kinds.get("vague", 0.0) < 0.5 else Kind.VAGUE

    def _worth(self, turn: Turn, reading: Reading) -> Mapping[str, float]:
        """What is worth asking after everything said so far."""
        if turn.first:
            return worth_asking(reading)
        if not turn.may_ask:
            return {}
        return worth_asking(self._reader.read("\n".join([*turn.said, turn.text])[:LONGEST]))

    def _surely_outside(self, text: str, reading: Reading) -> bool:
        return message_kind.outside(text) or reading.kinds.get("out_of_scope", 0.0) >= message_kind.SURELY_OUTSIDE


def _extractions(turn: Turn, claims: replies.Claims) -> Iterator[Extraction]:
    """The claimed slots; of a slot with several spans each is one extraction, so that later ones are appended."""
    for slot, first in claims.slots.items():
        for span in (first, *claims.more.get(slot, ())):
            yield _extraction(turn, slot, span, slot in claims.replaces)


def _extraction(turn: Turn, slot: SlotName, span: Span, replaces: bool) -> Extraction:
    quote = span.of(turn.text)
    due = deadline_date(quote, turn.at, turn.time_zone) if slot == "deadline" else None
    return Extraction(slot, " ".join(quote.split()), quote, round(span.score, 4), due, replaces)
