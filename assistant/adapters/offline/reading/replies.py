"""Finds the slots that a turn fills: an opening by the model, a reply by the question asked, a correction by what it replaces.

Results are spans of the turn's text; `offline_language` turns them into extractions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.adapters.offline.dates.deadline import deadline_spans
from assistant.adapters.offline.reading import bullets, corrections, formats
from assistant.adapters.offline.reading.spans import Span, trimmed, unfilled
from assistant.adapters.offline.reading.token_model import Reading
from assistant.adapters.offline.reading.trimming import ANYBODY, DENIED, apart, rest_of, stretched, tidied, without
from assistant.dialogue.understanding import Act, Turn
from assistant.domain.need import SLOTS, Need, SlotName

SURE = 0.6
"""Minimum confidence, in a reply, for a slot other than the one asked for."""

_COVERED = 0.6
_SMALL = frozenset("the a an of to in on for and or is it not i my our we at by with that this be as are was".split())
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Claims:
    """The spans per slot, negated spans, and which slots replace an older value."""

    slots: Mapping[SlotName, Span] = field(default_factory=dict)
    negated: tuple[Span, ...] = ()
    replaces: frozenset[SlotName] = frozenset()
    facet: Span | None = None


def opening(text: str, reading: Reading, least: Mapping[str, float]) -> Claims:
    """The slots of a message that answers no question: the model's spans without corrected words.

    "key: value" lines override the model.
    """
    gone = [*corrections.negated(text), *corrections.superseded(text)]
    found = {slot: span for slot, span in reading.spans.items() if reading.presence[slot] >= least[slot]}
    kept = {slot: without(text, tidied(text, slot, stretched(text, slot, span)), gone) for slot, span in found.items()}
    kept = {slot: span for slot, span in kept.items() if span.length and _WORD.search(span.of(text))}
    if "format" in kept and ANYBODY.fullmatch(kept["format"].of(text)):
        del kept["format"]
    ruled: tuple[tuple[SlotName, Span | None], ...] = (
        ("deadline", _dated(text, reading, gone)), ("format", _formed(text, reading)),
    )  # fmt: skip
    for slot, span in ruled:
        if span and slot not in kept:
            kept[slot] = span
    return Claims(apart(kept | bullets.slots(text)), tuple(corrections.negated(text)))


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
    found = [(slot, trimmed(text, span)) for slot, span in reading.spans.items() if span.score >= SURE]
    return [(slot, span) for slot, span in found if slot != "deadline" or deadline_spans(span.of(text))]


def _instead(slot: SlotName, asked: SlotName, text: str, reading: Reading) -> bool:
    """Whether the reply answers another question than the one asked, such as a date instead of a goal."""
    if reading.presence.get(asked, 0.0) >= 0.3:
        return False
    if asked == "deadline":
        return not deadline_spans(text) and reading.spans[slot].score >= 0.8
    return slot == "deadline" and reading.spans[slot].score >= 0.8


def _phrase(text: str, span: Span) -> Span:
    """The deadline phrase inside a long span; a short one stays whole."""
    inside = [Span(a, b, w) for a, b, w in deadline_spans(text) if span.start <= a and b <= span.end]
    inside = [part for part in inside if not text[: part.start].rstrip().lower().endswith("not")]
    if len(span.of(text).split()) <= 6 or not inside:
        return span
    return Span(inside[0].start, inside[-1].end) if inside[-1].end - inside[0].start < 60 else inside[0]


def _dated(text: str, reading: Reading, gone: Iterable[Span]) -> Span | None:
    """The deadline found by the grammar, if the model gives it at least a presence of 0.3."""
    cues = [Span(a, b, weight) for a, b, weight in deadline_spans(text) if weight > 0.6]
    free = [span for span in cues if not any(span.shared(other) for other in gone)]
    return free[-1] if free and reading.presence.get("deadline", 0.0) >= 0.3 else None


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


def _formed(text: str, reading: Reading) -> Span | None:
    """The format found by the grammar, unless the model rules one out."""
    found = [Span(start, end, reading.presence.get("format", 0.0)) for start, end in formats.phrases(text)]
    return found[0] if found and found[0].score >= 0.1 else None


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
    return max(SLOTS, key=lambda s: reading.presence.get(s, 0.0) + (0.3 if need.get(s) else 0.0))


def _holder(words: str, need: Need) -> SlotName | None:
    """The slot whose value shares most words with `words`, if any."""
    wanted = {w for w in _WORD.findall(words.lower()) if w not in _SMALL}
    shared = {s: len(wanted & set(_WORD.findall(need.value(s).lower()))) for s in SLOTS if need.get(s)}
    best = max(shared, key=lambda s: shared[s], default=None)
    return best if best and shared[best] else None
