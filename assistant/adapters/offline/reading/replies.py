"""Finds the slots that a turn fills: an opening by the model, a reply by the question asked, a correction by what it replaces.

Results are spans of the turn's text; `offline_language` turns them into extractions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.adapters.offline.dates.deadline import deadline_spans
from assistant.adapters.offline.reading import bullets, corrections, roles
from assistant.adapters.offline.reading.spans import Span, trimmed, unfilled
from assistant.adapters.offline.reading.trimming import DENIED, apart, rest_of, without
from assistant.adapters.offline.reading.unit_model import Reading
from assistant.dialogue.understanding import Act, Turn
from assistant.domain.need import SLOTS, Need, SlotName

SURE = 0.8
"""Minimum confidence, in a reply, for a slot other than the one asked for."""

_COVERED = 0.6
_SMALL = frozenset("the a an of to in on for and or is it not i my our we at by with that this be as are was".split())
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Claims:
    """The first span of each slot, negated spans, which slots replace an older value, and further spans of a slot."""

    slots: Mapping[SlotName, Span] = field(default_factory=dict)
    negated: tuple[Span, ...] = ()
    replaces: frozenset[SlotName] = frozenset()
    facet: Span | None = None
    more: Mapping[SlotName, tuple[Span, ...]] = field(default_factory=dict)


def opening(text: str, reading: Reading) -> Claims:
    """The slots of a message that answers no question, as whole units; their own "key: value" lines override the model."""
    denied = corrections.negated(text)
    gone = [*denied, *corrections.superseded(text)]
    found = {slot: [without(text, span, gone) for span in spans] for slot, spans in roles.stated(text, reading).items()}
    kept = {slot: [span for span in spans if span.length and _WORD.search(span.of(text))] for slot, spans in found.items()}
    written = {slot: [span] for slot, span in bullets.slots(text, roles.foreign(reading)).items()}
    several = {slot: tuple(spans) for slot, spans in (kept | written).items() if spans}
    first = {slot: spans[0] for slot, spans in several.items()}
    return Claims(
        first, tuple(dict.fromkeys([*denied, *roles.excluded(text, reading)])), more={s: v[1:] for s, v in several.items()}
    )


def correction(turn: Turn, reading: Reading) -> Claims:
    """The slot that a correction replaces, with its new words."""
    change = corrections.change(turn.text)
    slot = _corrected(turn, reading, change)
    new = _phrase(turn.text, change.new) if slot == "deadline" else change.new
    if not new.length:
        return Claims(negated=(change.old,) if change.old else ())
    return Claims({slot: new}, (change.old,) if change.old else (), frozenset({slot}))


def answer(turn: Turn, asked: SlotName, reading: Reading, acts: frozenset[Act]) -> Claims:
    """A reply to a question about a slot: the whole text is its value, except parts that clearly belong to another slot."""
    text = turn.text
    whole = unfilled(text, Span(0, len(text)))
    gone = tuple(corrections.negated(text)) if Act.NEGATION in acts else ()
    others = {slot: span for slot, span in _sure(text, reading) if slot != asked and not _inside(span, gone)}
    if Act.NEGATION in acts or (asked in ("deadline", "format", "outcome") and DENIED.fullmatch(whole.of(text))):
        return Claims(others, gone)
    beside: dict[SlotName, Span] = {s: span for s, span in others.items() if span.length < _COVERED * whole.length}
    whole_of_it = {s: span for s, span in others.items() if s not in beside}
    instead: dict[SlotName, Span] = {s: span for s, span in whole_of_it.items() if _instead(s, asked, text, reading)}
    if instead:
        return Claims(apart(instead | beside))
    whole = _phrase(text, whole) if asked == "deadline" else rest_of(text, whole, beside.values())
    return Claims(apart({**beside, asked: Span(whole.start, whole.end, 1.0)}))


def facet(turn: Turn, reading: Reading) -> Claims:
    """A reply to "which part?": the whole text is the facet, except parts that clearly belong to another slot."""
    text = turn.text
    whole = _option(turn) or unfilled(text, Span(0, len(text)))
    others = {s: span for s, span in _sure(text, reading) if s != "task"}
    beside: dict[SlotName, Span] = {s: span for s, span in others.items() if span.length < _COVERED * whole.length}
    part = rest_of(text, whole, beside.values())
    return Claims(apart(beside), facet=part if _WORD.search(part.of(text)) else None)


def _sure(text: str, reading: Reading) -> list[tuple[SlotName, Span]]:
    """The best span of each slot that a reply surely states beside its answer."""
    found = [(slot, max(spans, key=lambda span: span.score)) for slot, spans in roles.stated(text, reading).items()]
    sure = [(slot, trimmed(text, span)) for slot, span in found if span.score >= SURE and slot != "task"]
    return [(slot, span) for slot, span in sure if slot != "deadline" or deadline_spans(span.of(text))]


def _instead(slot: SlotName, asked: SlotName, text: str, reading: Reading) -> bool:
    """Whether the reply answers another question than the one asked, such as a date instead of a goal."""
    there = roles.presence(reading)
    if there[asked] >= 0.3 or there[slot] < 0.8:
        return False
    return not deadline_spans(text) if asked == "deadline" else slot == "deadline"


def _phrase(text: str, span: Span) -> Span:
    """The deadline phrase inside a long span; a short one stays whole."""
    inside = [Span(a, b, w) for a, b, w in deadline_spans(text) if span.start <= a and b <= span.end]
    inside = [part for part in inside if not text[: part.start].rstrip().lower().endswith("not")]
    if len(span.of(text).split()) <= 6 or not inside:
        return span
    return Span(inside[0].start, inside[-1].end) if inside[-1].end - inside[0].start < 60 else inside[0]


def _inside(span: Span, gone: Iterable[Span]) -> bool:
    return any(span.shared(other) > _COVERED * span.length for other in gone)


def _option(turn: Turn) -> Span | None:
    """The span of the offered option that the reply names, if it contains little else."""
    low = turn.text.lower()
    named = [option for option in turn.options if option and option.lower() in low and len(low) < 2 * len(option) + 20]
    if not named or len(low) != len(turn.text):
        return None
    start = low.index(max(named, key=len).lower())
    return Span(start, start + len(max(named, key=len)))


def _corrected(turn: Turn, reading: Reading, change: corrections.Change) -> SlotName:
    """Which slot a correction is about: a date, the value that holds the old words, the slot asked for, or the likeliest."""
    new, need = change.new.of(turn.text), turn.need
    dated = [Span(a, b) for a, b, _ in deadline_spans(new)]
    if dated and (need.get("deadline") or max(s.length for s in dated) >= 0.5 * len(new)):
        return "deadline"
    for words in (change.old.of(turn.text) if change.old else "", new):
        holder = _holder(words, need)
        if holder:
            return holder
    asked = next((s for s in SLOTS if turn.asked and s == turn.asked.name), None)
    if asked:
        return asked
    there = roles.presence(reading)
    return max(SLOTS, key=lambda s: there[s] + (0.3 if need.get(s) else 0.0))


def _holder(words: str, need: Need) -> SlotName | None:
    """The slot whose value shares most words with `words`, if any."""
    wanted = {w for w in _WORD.findall(words.lower()) if w not in _SMALL}
    shared = {s: len(wanted & set(_WORD.findall(need.value(s).lower()))) for s in SLOTS if need.get(s)}
    best = max(shared, key=lambda s: shared[s], default=None)
    return best if best and shared[best] else None
