"""The offline language adapter: understands and words messages without network access.

A lexicon finds dialogue acts, a small token model slots and kind, grammars dates, corrections and negations. Every quote
is a substring of the turn's text. No input of a mentee raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from time import thread_time
from typing import Literal

from assistant.adapters.offline.composing.sharpen import sharpened
from assistant.adapters.offline.dates.deadline import deadline_date
from assistant.adapters.offline.plain_texts import PlainTexts
from assistant.adapters.offline.reading import message_kind, replies
from assistant.adapters.offline.reading.ambiguity import AMBIGUOUS_FOR_SURE, needs_question
from assistant.adapters.offline.reading.dialogue_acts import EMPTY, acts, said_before
from assistant.adapters.offline.reading.reading_budget import BudgetSpent, ReadingBudget
from assistant.adapters.offline.reading.sensitivity import concern
from assistant.adapters.offline.reading.spans import Span
from assistant.adapters.offline.reading.token_model import Reader, Reading
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
        found = concern(turn.text[:FITTING], 0.0)
        return Understanding(Kind.SENSITIVE, topic=found.topic) if found.topic else Understanding(Kind.VAGUE)

    def _read_within(self, turn: Turn, budget: ReadingBudget) -> Understanding:
        text = turn.text
        if not re.search(r"\w", text):
            return Understanding(Kind.VAGUE, acts(text))
        reading = self._reader.read(text, budget.check)
        done = self._acts(turn, reading)
        budget.check()
        found = concern("" if text in turn.options else text, reading.kinds.get("sensitive", 0.0), reply=not turn.first)
        if found.topic:
            return Understanding(Kind.SENSITIVE, done, topic=found.topic)
        if done & EMPTY or said_before(text):
            return Understanding(self._kind(turn, Reading(), done, {}), done)
        budget.check()
        claims = self._claims(turn, reading, done)
        budget.check()
        presence = self._presence(turn, reading, claims)
        kind = self._kind(turn, reading, done, presence)
        return Understanding(
            kind,
            done,
            tuple(_extraction(turn, slot, span, slot in claims.replaces) for slot, span in claims.slots.items()),
            tuple(span.of(text) for span in claims.negated if span.length),
            claims.facet.of(text) if claims.facet else "",
            presence=presence,
            scope_unsure=kind is Kind.OUT_OF_SCOPE and not message_kind.outside(text),
            uneasy=found.doubtful,
        )

    def sharpen(self, need: Need, kind: Kind) -> str:
        """One question of at most 45 words, first person, made of the mentee's own words."""
        return sharpened(need, kind)

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        """Structures notes or a transcript of the session held `on`; mentee and mentor are display names."""
        from assistant.adapters.offline.debrief import structure

        return structure(notes, brief, mentee, mentor, on, author)

    @property
    def _settings(self) -> Mapping[str, Mapping[str, float]]:
        return self._reader.settings

    def _acts(self, turn: Turn, reading: Reading) -> frozenset[Act]:
        """Acts by rule, and by the model where a reply is short and the model is very sure."""
        asked = turn.asked.name if turn.asked and turn.asked.kind == "slot" else ""
        ruled = acts(turn.text, asked)
        if ruled or turn.first or len(turn.text) > 200:
            return ruled
        limit = self._settings["thresholds"]["act_asked" if turn.asked else "act"]
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
        return replies.opening(turn.text, reading, self._settings["present"])

    def _presence(self, turn: Turn, reading: Reading, claims: replies.Claims) -> dict[SlotName, float]:
        """For an opening the model's presence of every slot; for a reply only that of the claimed slots."""
        shown = {slot: max(span.score, reading.presence.get(slot, 0.0)) for slot, span in claims.slots.items()}
        return {**reading.presence, **shown} if not turn.asked and not claims.replaces else shown

    def _kind(self, turn: Turn, reading: Reading, done: frozenset[Act], presence: Mapping[SlotName, float]) -> Kind:
        """The message's own kind if it has one (a later turn can only ask for a person), else specific or vague."""
        own = message_kind.kind_of(reading if turn.first else Reading(), done, self._settings)
        if own:
            return own
        if turn.first and message_kind.outside(turn.text):
            return Kind.OUT_OF_SCOPE
        whole = {**presence, **message_kind.known(turn.need)}
        opening = turn.first and reading.spans
        if turn.first and needs_question(turn.text) >= AMBIGUOUS_FOR_SURE:
            return Kind.VAGUE
        return Kind.SPECIFIC if message_kind.specific(whole, reading if opening else None, self._settings) else Kind.VAGUE


def _extraction(turn: Turn, slot: SlotName, span: Span, replaces: bool) -> Extraction:
    quote = span.of(turn.text)
    due = deadline_date(quote, turn.at, turn.time_zone) if slot == "deadline" else None
    return Extraction(slot, " ".join(quote.split()), quote, round(span.score, 4), due, replaces)
