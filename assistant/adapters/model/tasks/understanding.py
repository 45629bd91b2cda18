"""Understands a message: keeps the slots of the offline rules and adds slots of the model that quote the message.

The model is not called for messages that the rules understand completely or find sensitive. Dates come from the date grammar,
not from the model. The model does not override the rules where they are certain of the kind or that a slot is absent, and a
model that invents a quote is ignored on the kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.model_client import ModelClient
from assistant.adapters.model.tasks.shapes import Marked
from assistant.adapters.offline.offline_language import LONGEST
from assistant.adapters.offline.reading import deadlines
from assistant.adapters.offline.reading.dialogue_acts import EMPTY
from assistant.dialogue.grounding.alignment import located
from assistant.dialogue.understanding import Act, Extraction, Turn, Understanding
from assistant.domain.need import SLOTS, SlotName
from assistant.domain.reply import Kind

MOST_TOKENS = 400
FEW_WORDS, FEW_IN_REPLY = 4, 16
"""At most so many words in a message, or in a reply whose answer the rules found: the model is not called."""
CERTAIN = 0.8
"""Quotes of the rules with at least this confidence are kept."""
SURELY_ABSENT = 0.05
"""A slot that the rules give a lower probability is not accepted. On 60 scenarios this keeps 30 of 35 slots that the rules miss,
and drops 145 of 181 that are not there."""
SURELY_VAGUE, SURELY_SPECIFIC = 1.5, 3.5
"""Expected numbers of stated slots at which the rules are certain of the kind."""
LONGEST_QUOTE = 60
START: frozenset[SlotName] = frozenset({"context", "tried", "outcome"})
LEAST_START = 2
"""A request that the model calls specific must state at least so many of these slots beside the task."""
_OPEN_KINDS = (Kind.VAGUE, Kind.SPECIFIC)
_WISH = re.compile(
    r"\b(?:wants?|need|would like|plan|planning|going to|will|should|could you|can you|how (?:do|can|to)|hope)\b|'ll\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:tried|trying|already|so far|have|has|had|did|didn't|went|got|made|read|wrote|built|took|ran|spoke|\w{2,}ed)\b|'ve\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:due|deadline|by|before|b4|until|till|within|latest|ahead of)\b", re.IGNORECASE)


def understand(client: ModelClient, before: Understanding, turn: Turn) -> Understanding:
    """The rules' understanding with verified slots of the model. If only the model finds a sensitive matter, it is uneasy.

    Raises ModelFailed, also if most of the model's quotes are not in the message.
    """
    if not _worth_asking(before, turn):
        return before
    asked = turn.asked.name if turn.asked else "nothing"
    marked = client.structured("understand", Marked, MOST_TOKENS, [turn.text[:LONGEST]], asked=asked)
    claimed = {slot: getattr(marked, slot) for slot in SLOTS if getattr(marked, slot)}
    found = {slot: quote for slot, words in claimed.items() if (quote := located(words, turn.text))}
    if 2 * len(found) < len(claimed):
        raise ModelFailed("unsupported")
    sound = len(found) == len(claimed)
    if marked.sensitive and sound:
        return replace(before, uneasy=True)
    quoted = dict(_fitting(found, before))
    slots = tuple(_combined(before, quoted, turn, sound))
    stated = {slot.slot: 1.0 for slot in slots if slot.slot in quoted}
    uneasy = before.uneasy or bool(marked.sensitive)
    after = replace(before, slots=slots, presence={**before.presence, **stated}, uneasy=uneasy)
    return _of_kind(after, marked, turn) if sound and _unsure(before) else after


def _worth_asking(before: Understanding, turn: Turn) -> bool:
    """Whether the message may contain more than the rules found."""
    if before.kind is Kind.SENSITIVE or before.topic or before.acts & EMPTY or Act.CORRECTION in before.acts:
        return False
    answered = bool(before.facet) or any(turn.asked and slot.slot == turn.asked.name for slot in before.slots)
    offered = turn.text.strip().casefold() in {option.casefold() for option in turn.options}
    return not offered and len(turn.text.split()) > (FEW_IN_REPLY if answered else FEW_WORDS)


def _fitting(found: dict[SlotName, str], before: Understanding) -> Iterator[tuple[SlotName, str]]:
    """The quotes that are plausible for their slot; no quote is used twice."""
    used: set[str] = set(before.negated)
    for slot, quote in found.items():
        if quote not in used and len(quote.split()) <= LONGEST_QUOTE and _can_be(slot, quote):
            used.add(quote)
            yield slot, quote


def _can_be(slot: SlotName, quote: str) -> bool:
    """A wish is not something tried, and a text without a time is not a deadline."""
    if slot == "tried":
        return bool(_DONE.search(quote)) or not _WISH.search(quote)
    return slot != "deadline" or bool(deadlines.phrases(quote) or _WHEN.search(quote))


def _combined(
    before: Understanding, quoted: dict[SlotName, str], turn: Turn, sound: bool
) -> Iterator[Extraction]:  # fmt: skip
    """The rules' slots, shortened or, if uncertain, replaced by the model's quote; then slots that only the model found."""
    known = {slot.slot: slot for slot in before.slots}
    for slot in before.slots:
        new = quoted.get(slot.slot, "")
        meant = turn.asked is not None and turn.asked.name == slot.slot
        unsure = slot.confidence < CERTAIN and not slot.replaces and not meant
        if new and unsure and (sound or new in slot.quote or slot.quote in new):
            yield _extraction(slot.slot, new, turn)
        else:
            yield replace(slot, value=_tidy(new)) if new and new in slot.quote and new != slot.quote else slot
    for name, quote in quoted.items():
        if name not in known and _may_be_said(name, quote, before) and not any(_same(quote, s.quote) for s in before.slots):
            yield _extraction(name, quote, turn)


def _may_be_said(slot: SlotName, quote: str, before: Understanding) -> bool:
    """Whether the rules do not rule the slot out, or the quote has a date."""
    dated = slot == "deadline" and bool(deadlines.phrases(quote))
    return dated or before.presence.get(slot, 1.0) >= SURELY_ABSENT


def _extraction(slot: SlotName, quote: str, turn: Turn) -> Extraction:
    due = deadlines.due(quote, turn.at, turn.time_zone) if slot == "deadline" else None
    return Extraction(slot, _tidy(quote), quote, 1.0, due)


def _tidy(quote: str) -> str:
    return " ".join(quote.split())


def _same(first: str, second: str) -> bool:
    """Whether one quote is most of the other."""
    short, long = sorted((first, second), key=len)
    return short in long and len(short) >= 0.8 * len(long)


def _of_kind(after: Understanding, marked: Marked, turn: Turn) -> Understanding:
    """Takes the model's kind: out of scope only as unsure, and specific only if enough slots are stated."""
    if not marked.kind or not turn.first:
        return after
    kind = Kind(marked.kind)
    stated = {slot.slot for slot in after.slots}
    if kind is Kind.SPECIFIC and not ("task" in stated and len(stated & START) >= LEAST_START):
        return after
    return replace(after, kind=kind, scope_unsure=kind is Kind.OUT_OF_SCOPE)


def _unsure(found: Understanding) -> bool:
    if found.kind is Kind.OUT_OF_SCOPE:
        return found.scope_unsure
    return found.kind in _OPEN_KINDS and SURELY_VAGUE <= sum(found.presence.values()) <= SURELY_SPECIFIC
