"""From the units of a message to what it states: whole units for each slot, never somebody else's words or an aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.adapters.offline.reading import formats
from assistant.adapters.offline.reading.deadlines import deadline
from assistant.adapters.offline.reading.spans import Span, unfilled
from assistant.adapters.offline.reading.unit_model import Reading, Unit
from assistant.domain.need import SLOTS, SlotName

ROLES_OF: dict[SlotName, str] = {"task": "A", "context": "SO", "tried": "T", "outcome": "W", "deadline": "D", "format": "F"}
LEAST: dict[SlotName, float] = {"task": 0.5, "context": 0.6, "tried": 0.6, "outcome": 0.6, "format": 0.55}
"""Least probability of a unit's role for its slot; `deadlines` has that of a date."""
MOST_UNITS: dict[SlotName, int] = {"task": 1, "context": 3, "tried": 2, "outcome": 1, "format": 1}
SURELY_TOLD = 0.85
MOST_WORDS = 100
"""Longest context in words; the likeliest units of it are kept."""
NEIGHBOURS = 6
"""Most characters between two units that are shown as one: marks, a space and a connective."""
ASKED = 0.3
_WORD = re.compile(r"\w")
_SUCCESS = re.compile(
    r"\W*(?:(?:so |and )?success (?:is|means|would be|looks like)|(?:my|our) (?:goal|aim) (?:is|would be))\b(?! not\b)",
    re.IGNORECASE,
)
_IN_CONFIDENCE = re.compile(
    r"\b(?:between (?:us|you and me|ourselves)|for nobody else|(?:just|only) for you|off the record|in confidence|confidentially|"
    r"(?:don't|do not|please don't) (?:tell|pass|share|repeat)|keep (?:this|it|that) (?:to yourself|private|secret|quiet)|"
    r"not for (?:the (?:mentor|brief)|others|anyone|anybody))\b",
    re.IGNORECASE,
)


def stated(text: str, reading: Reading) -> dict[SlotName, list[Span]]:
    """The spans of each slot that a first message states, in the order of the text."""
    reading = replace(reading, units=tuple(_open_to_all(text, reading.units)))
    asked = asked_unit(reading)
    found: dict[SlotName, list[Span]] = {}
    for slot in SLOTS:
        if slot == "task":
            units = [asked] if asked and asked.role in "AWF" else []
        elif slot == "deadline":
            found[slot] = deadline(reading.units, asked)
            continue
        else:
            units = _of_slot(reading.units, slot, asked)
        found[slot] = _run_together(span for unit in units if _WORD.search((span := _whole(text, unit)).of(text)))
    if not found["format"]:
        found["format"] = [Span(a, b, 0.5) for a, b in formats.phrases(text) if _own(reading.units, a)][:1]
    return {slot: spans for slot, spans in found.items() if spans}


def asked_unit(reading: Reading) -> Unit | None:
    """The unit on which the question is built; None if the model finds none."""
    best = max(reading.units, key=lambda unit: unit.asked, default=None)
    return best if best and best.asked >= ASKED and best.role not in "XG" else None


def presence(reading: Reading) -> dict[SlotName, float]:
    """How probable it is that the message states a slot at all."""
    found: dict[SlotName, float] = {
        slot: max((_probability(unit, slot) for unit in reading.units), default=0.0) for slot in SLOTS
    }
    found["task"] = max([found["task"], *(unit.asked for unit in reading.units)])
    return found


def excluded(text: str, reading: Reading) -> list[Span]:
    """What the message says it is not about."""
    return [_whole(text, unit) for unit in reading.units if unit.roles.get("E", 0.0) >= 0.7]


def own_words(text: str, reading: Reading) -> Reading:
    """The reading without units that are not the author's own, or that are said in confidence."""
    return replace(reading, units=tuple(unit for unit in _open_to_all(text, reading.units) if unit.role not in "XNEG"))


def foreign(reading: Reading) -> list[Span]:
    """The units that are somebody else's words, or an example, or code."""
    return [unit.span for unit in reading.units if unit.role == "X"]


def _of_slot(units: Sequence[Unit], slot: SlotName, asked: Unit | None) -> list[Unit]:
    fitting = [unit for unit in units if _probability(unit, slot) >= LEAST[slot] or _likeliest(unit, slot) or _named(unit, slot)]
    if asked and asked.role in "AWF":
        fitting = [unit for unit in fitting if unit is not asked]
    ranked = sorted(fitting, key=lambda unit: -(_probability(unit, slot) + unit.added + (unit is asked)))
    kept: list[Unit] = []
    words = 0
    for unit in ranked[: MOST_UNITS[slot]]:
        words += len(unit.text.split())
        if kept and words > MOST_WORDS:
            break
        kept.append(unit)
    return sorted(kept, key=lambda unit: unit.span.start)


def _probability(unit: Unit, slot: SlotName) -> float:
    return sum(unit.roles.get(role, 0.0) for role in ROLES_OF[slot])


def _likeliest(unit: Unit, slot: SlotName) -> bool:
    """Whether a unit surely tells what is, or what was tried, and this slot is the likelier one."""
    told = sum(unit.roles.get(role, 0.0) for role in "SOT")
    return slot in ("context", "tried") and unit.role in ROLES_OF[slot] and told >= SURELY_TOLD


def _named(unit: Unit, slot: SlotName) -> bool:
    """Whether the author calls a unit their success, which needs no model."""
    return slot == "outcome" and unit.role not in "XE" and bool(_SUCCESS.match(unit.text))


def _open_to_all(text: str, units: Sequence[Unit]) -> Iterator[Unit]:
    """The units without what is said in confidence ("between us: ..."), which no brief may repeat."""
    private = False
    for place, unit in enumerate(units):
        private = private or bool(_IN_CONFIDENCE.search(unit.text))
        if not private:
            yield unit
        end = units[place + 1].span.start if place + 1 < len(units) else len(text)
        private = private and not re.search(r"[.!?\n]", text[unit.span.end - 1 : end])


def _run_together(spans: Iterable[Span]) -> list[Span]:
    """Neighbouring units as one span, as they stand in the message."""
    found: list[Span] = []
    for span in spans:
        if found and span.start - found[-1].end <= NEIGHBOURS:
            found[-1] = Span(found[-1].start, span.end, min(found[-1].score, span.score))
        else:
            found.append(span)
    return found


def _own(units: Iterable[Unit], place: int) -> bool:
    """Whether the words at a place are the author's own and no account of what they tried."""
    unit = next((unit for unit in units if unit.span.start <= place < unit.span.end), None)
    return unit is None or unit.role not in "XNET"


def _whole(text: str, unit: Unit) -> Span:
    span = unfilled(text, unit.span)
    return Span(span.start, span.end, round(max(unit.roles.values(), default=0.0), 4))
