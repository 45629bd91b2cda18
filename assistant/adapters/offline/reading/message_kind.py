"""Classifies a request: asks for a person, trajectory, out of scope, specific or vague, tested in this order."""

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
"""A request with this many stated slots counts as specific. Measured on 110 requests: vague ones state at most 2.9."""


def kind_of(reading: Reading, acts: frozenset[Act], settings: Mapping[str, Any]) -> Kind | None:
    """The kind of the message if it is not an ordinary request, else None."""
    limits = settings["thresholds"]
    if Act.WANTS_PERSON in acts or reading.kinds.get("wants_person", 0.0) >= limits["wants_person"]:
        return Kind.WANTS_PERSON
    if reading.kinds.get("trajectory", 0.0) >= limits["trajectory"]:
        return Kind.TRAJECTORY
    return Kind.OUT_OF_SCOPE if reading.kinds.get("out_of_scope", 0.0) >= limits["out_of_scope"] else None


def outside(text: str) -> bool:
    """Whether the request is for something out of scope: another person's private matters, or homework."""
    return _any(lexicon()["outside"]["words"], fold(text))


def specific(presence: Mapping[SlotName, float], reading: Reading | None, settings: Mapping[str, Any]) -> bool:
    """Whether no clarifying question is needed, by the stated slots and, for an opening, the model's score."""
    stated = sum(presence.get(slot, 0.0) for slot in SLOTS)
    if stated < _LEAST_SLOTS or (reading and stated >= _ENOUGH_SLOTS):
        return stated >= _ENOUGH_SLOTS
    weights = settings["specific" if reading else "specific_later"]
    total: float = weights["bias"] + sum(weights[slot] * presence.get(slot, 0.0) for slot in SLOTS)
    if reading:
        total += weights["model"] * _logit(reading.specific)
    return total > 0


def known(need: Need) -> dict[SlotName, float]:
    """Presence 1 for slots filled by earlier turns."""
    return {slot: 1.0 for slot in SLOTS if need.get(slot) or slot in need.hinted}


def _any(patterns: list[str], folded: str) -> bool:
    return any(re.search(pattern, folded) for pattern in patterns)


def _logit(probability: float) -> float:
    return math.log(max(1e-4, probability) / max(1e-4, 1 - probability))
