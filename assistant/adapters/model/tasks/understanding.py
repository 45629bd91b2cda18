"""Understanding with a model on top of the rules: all that the rules found stays, the model adds what has its quote.

A message that the rules understand whole costs nothing, and one that they find sensitive is not sent at all. Dates are worked
out by the grammar, from the quote. Where the rules are sure, of the kind of request or that something is not said, the model is
not heard on it. Quotes also show how far it can be trusted on what has none: one that invents some is not heard on the kind.
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
"""A message of so few words, or a reply whose answer is found, holds no more than the rules see."""
CERTAIN = 0.8
"""From this confidence on a quote of the rules is left as it is."""
SURELY_ABSENT = 0.05
"""What the rules give less than this is not said. On 60 scenarios that keeps 30 of 35 slots they miss, and drops 145 of 181 that
are not there."""
SURELY_VAGUE, SURELY_SPECIFIC = 1.5, 3.5
"""So many stated slots, by the rules, leave no doubt about the kind."""
LONGEST_QUOTE = 60
START: frozenset[SlotName] = frozenset({"context", "tried", "outcome"})
LEAST_START = 2
"""So many of these beside the task make a request specific on a model's word, which takes a task with a situation for enough."""
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
    """The rules' understanding with what the model adds. A sensitive matter that only the model sees is a doubt, not a referral.

    Raises ModelFailed, also where most of what it quotes was never said: then the rest is there by chance.
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
    """Whether there is more in the message than the rules are sure of."""
    if before.kind is Kind.SENSITIVE or before.topic or before.acts & EMPTY or Act.CORRECTION in before.acts:
        return False
    answered = bool(before.facet) or any(turn.asked and slot.slot == turn.asked.name for slot in before.slots)
    offered = turn.text.strip().casefold() in {option.casefold() for option in turn.options}
    return not offered and len(turn.text.split()) > (FEW_IN_REPLY if answered else FEW_WORDS)


def _fitting(found: dict[SlotName, str], before: Understanding) -> Iterator[tuple[SlotName, str]]:
    """The quotes that can mean what they are claimed for; no words serve twice."""
    used: set[str] = set(before.negated)
    for slot, quote in found.items():
        if quote not in used and len(quote.split()) <= LONGEST_QUOTE and _can_be(slot, quote):
            used.add(quote)
            yield slot, quote


def _can_be(slot: SlotName, quote: str) -> bool:
    """A wish is nothing tried, and what names no time is no deadline."""
    if slot == "tried":
        return bool(_DONE.search(quote)) or not _WISH.search(quote)
    return slot != "deadline" or bool(deadlines.phrases(quote) or _WHEN.search(quote))


def _combined(
    before: Understanding, quoted: dict[SlotName, str], turn: Turn, sound: bool
) -> Iterator[Extraction]:  # fmt: skip
    """The rules' slots, tidied or, where they were unsure, replaced by the model's; then what only the model found."""
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
    """Whether the rules leave room for it; a date in the quote speaks for itself."""
    dated = slot == "deadline" and bool(deadlines.phrases(quote))
    return dated or before.presence.get(slot, 1.0) >= SURELY_ABSENT


def _extraction(slot: SlotName, quote: str, turn: Turn) -> Extraction:
    due = deadlines.due(quote, turn.at, turn.time_zone) if slot == "deadline" else None
    return Extraction(slot, _tidy(quote), quote, 1.0, due)


def _tidy(quote: str) -> str:
    return " ".join(quote.split())


def _same(one: str, other: str) -> bool:
    """Whether two quotes are nearly the same stretch."""
    short, long = sorted((one, other), key=len)
    return short in long and len(short) >= 0.8 * len(long)


def _of_kind(after: Understanding, marked: Marked, turn: Turn) -> Understanding:
    """The model's kind where the rules only guess: never sure of scope, and specific only with something to start from."""
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
