"""The kind of a message: asks for a person, trajectory, out of scope, nothing asked, specific or vague."""

from __future__ import annotations

import re

from assistant.adapters.offline.reading.dialogue_acts import fold, lexicon
from assistant.adapters.offline.reading.unit_model import Reading
from assistant.dialogue.understanding import Act
from assistant.domain.reply import Kind

LEAST = {"wants_person": 0.6, "trajectory": 0.35, "out_of_scope": 0.55, "other": 0.5}
"""Least probability of a kind that changes what is done."""
SURELY_OUTSIDE = 0.9
"""From this probability a message is out of scope whatever the search finds."""


def kind_of(reading: Reading, acts: frozenset[Act]) -> Kind | None:
    """The kind of the message if it is not an ordinary request, else None."""
    kinds = reading.kinds
    if Act.WANTS_PERSON in acts or kinds.get("wants_person", 0.0) >= LEAST["wants_person"]:
        return Kind.WANTS_PERSON
    if kinds.get("trajectory", 0.0) >= LEAST["trajectory"]:
        return Kind.TRAJECTORY
    return Kind.OUT_OF_SCOPE if kinds.get("out_of_scope", 0.0) >= LEAST["out_of_scope"] else None


def asks_nothing(reading: Reading) -> bool:
    """Whether it is a thank-you, a status or a message for somebody else."""
    return reading.kinds.get("other", 0.0) >= LEAST["other"]


def outside(text: str) -> bool:
    """Whether the request is for something out of scope: another person's private matters, or homework."""
    folded = fold(text)
    return any(re.search(pattern, folded) for pattern in lexicon()["outside"]["words"])
