"""Updates the need after a turn: corrections replace, additions append, negations remove, refusals close.

The answer to a question fills or closes its slot, so that no question is asked twice.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.understanding import Act, Extraction, Understanding
from assistant.domain.need import SLOTS, Facet, Need, Slot, SlotName
from assistant.domain.reply import Asks, Kind

PROBABLY_STATED = 0.35
"""Probability from which a slot counts as stated, though no quote of it is shown."""
CERTAIN = 0.8
_GROWING: frozenset[SlotName] = frozenset({"context", "tried"})
_NEWEST_WINS: frozenset[SlotName] = frozenset({"deadline", "format"})


def updated_need(need: Need, claim: Understanding, asked: Asks | None, options: tuple[str, ...] = ()) -> Need:
    """The need after a turn with checked quotes; `asked` is the question it answers, with its `options`."""
    after = _without_negated(need, claim)
    for extraction in claim.slots:
        if asked is None or _to_the_question(extraction, asked) or _new_and_certain(extraction, need):
            after = _filled(after, extraction, asked)
    if asked:
        after = _answered(after, claim, asked, options)
    hinted = {name for name in SLOTS if claim.presence.get(name, 0.0) >= PROBABLY_STATED}
    return replace(after, hinted=after.hinted | hinted, asks=after.asks or claim.asks)


def kind_after(before: Kind, claim: Understanding, first: bool) -> Kind:
    """The kind after a turn: set by the first turn, then changed only by a sensitive matter or a wish for a person.

    While the request is out of scope, every turn may change it.
    """
    if first or claim.kind in (Kind.SENSITIVE, Kind.WANTS_PERSON):
        return claim.kind
    if before is Kind.OUT_OF_SCOPE:
        return claim.kind
    return before


def _to_the_question(new: Extraction, asked: Asks) -> bool:
    """Whether it is the slot asked for, a correction, or one often mentioned in passing (deadline, format)."""
    return new.replaces or new.slot == asked.name or new.slot in _NEWEST_WINS


def _new_and_certain(new: Extraction, need: Need) -> bool:
    return new.slot not in need.slots and new.confidence >= CERTAIN


def _without_negated(need: Need, claim: Understanding) -> Need:
    for name, slot in list(need.slots.items()):
        if any(_same(slot.value, quote) for quote in claim.negated):
            need = need.without_slot(name)
    return need


def _same(value: str, quote: str) -> bool:
    ours, theirs = set(value.casefold().split()), set(quote.casefold().split())
    return bool(ours) and ours <= theirs


def _filled(need: Need, new: Extraction, asked: Asks | None) -> Need:
    old = need.get(new.slot)
    slot = Slot(new.value, new.quote, new.due)
    replaces = new.replaces or (asked is not None and asked.name == new.slot)
    if old and not replaces and new.slot in _GROWING and new.value not in old.value:
        slot = Slot(f"{old.value}. {new.value}", old.quote, old.due, (*old.also, new.quote))
    elif old and not replaces and new.slot not in _NEWEST_WINS:
        return need
    return need.with_slot(new.slot, slot)


def _answered(need: Need, claim: Understanding, asked: Asks, options: tuple[str, ...]) -> Need:
    refused = claim.acts & {Act.SKIP, Act.NOT_SURE}
    if asked.kind == "facet" and claim.facet and not refused:
        offered = next((o for o in options if o.casefold() == claim.facet.casefold()), None)
        need = need.with_facet(Facet(asked.name, offered or claim.facet, offered is not None))
    still_open = asked.kind == "facet" or asked.name not in need.slots
    return need.close(asked.name) if still_open else need
