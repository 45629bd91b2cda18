"""What sort of request it is: calls for a person first, then trajectory and scope, then specific or vague."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from assistant.adapters.offline.reading.dialogue_acts import fold, lexicon
from assistant.adapters.offline.reading.token_model import Reading
from assistant.dialogue.understanding import Act
from assistant.domain.need import SLOTS, Need, SlotName
from assistant.domain.reply import Kind

_LEAST_SLOTS = 2.0
_ENOUGH_SLOTS = 3.25
"""From so many stated slots on nothing needs to be asked. Measured on 110 requests: vague ones state at most 2.9."""


def kind_of(reading: Reading, acts: frozenset[Act], settings: Mapping[str, Any]) -> Kind | None:
    """The kind that the whole message has by itself, or None for an ordinary request."""
    limits = settings["thresholds"]
    if Act.WANTS_PERSON in acts or reading.kinds.get("wants_person", 0.0) >= limits["wants_person"]:
        return Kind.WANTS_PERSON
    if reading.kinds.get("trajectory", 0.0) >= limits["trajectory"]:
        return Kind.TRAJECTORY
    return Kind.OUT_OF_SCOPE if reading.kinds.get("out_of_scope", 0.0) >= limits["out_of_scope"] else None


def outside(text: str) -> bool:
    """Whether the words ask for what this programme never does: another person's private matters, or homework."""
    return _any(lexicon()["outside"]["words"], fold(text))


def specific(presence: Mapping[SlotName, float], reading: Reading | None, settings: Mapping[str, Any]) -> bool:
    """Whether nothing needs to be asked: by the slots that are there and, for an opening, by what the model thinks of it."""
    stated = sum(presence.get(slot, 0.0) for slot in SLOTS)
    if stated < _LEAST_SLOTS or (reading and stated >= _ENOUGH_SLOTS):
        return stated >= _ENOUGH_SLOTS
    weights = settings["specific" if reading else "specific_later"]
    total: float = weights["bias"] + sum(weights[slot] * presence.get(slot, 0.0) for slot in SLOTS)
    if reading:
        total += weights["model"] * _logit(reading.specific)
    return total > 0


def known(need: Need) -> dict[SlotName, float]:
    """Presence of what earlier turns brought."""
    return {slot: 1.0 for slot in SLOTS if need.get(slot) or slot in need.hinted}


def _any(patterns: list[str], folded: str) -> bool:
    return any(re.search(pattern, folded) for pattern in patterns)


def _logit(probability: float) -> float:
    return math.log(max(1e-4, probability) / max(1e-4, 1 - probability))
