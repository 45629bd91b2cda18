"""Recognises sensitive matters that are referred to a contact, each topic by itself (see `dialogue.understanding.TOPICS`).

A trained model gives each topic a probability. Danger to life is also recognised by words alone; for the other topics words only
help where the model is half sure. A doubtful message gets no topic: the ordinary answer then also names the confidential contact.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.adapters.offline.reading.dialogue_acts import fold
from assistant.dialogue.understanding import TOPICS

WORDS_FOR = ("crisis", "harassment", "burnout", "confidential")
"""Topics with word lists, in order of precedence for clear words."""
MODEL_NAMES = {"danger": "crisis"}
"""The model's name of a topic, where it is another one."""
NOBODY: Mapping[str, float] = {"none": 1.0}
"""What the model says of a text that it did not read."""
ENOUGH = {"sure": 0.1, "probable": 0.2, "backed": 0.85}
"""Least probability of any sensitive matter at which one word of the tier is enough. A sure word of danger needs
none in a short message, and DANGER_IN_LONG in a long one, which may be about blood on a dress or bleeding brakes."""
VERY_SHORT, VERY_SHORT_FELT = 14, 0.1
"""Words of a message in which a sure word is enough by itself, and what the model is taken to feel then."""
SHORT, DANGER_IN_LONG = 30, 0.1
"""Words of a short message; least probability of any sensitive matter in a longer one."""
PERHAPS_DANGER, NEXT_TO, HALF_SURE = 0.25, 0.6, 0.55
"""Probability of danger from which the emergency number is named beside the ordinary answer. It is danger to life if no other
topic is much likelier and something sensitive is rather likely: an emergency that is overlooked is worse than a false alarm."""
AGREES = 0.3
"""Least probability at which two `likely` words of a topic are enough."""
OVERRULES = 0.7
"""Least probability of another topic that the model sees rather than the words."""
LEAST_LIKELY = 2
ALONE: Mapping[str, float] = {
    "crisis": 0.5, "harassment": 0.6, "discrimination": 0.6, "burnout": 0.7, "grievance": 0.75, "confidential": 0.7,
}  # fmt: skip
"""Probabilities at which the model alone decides, chosen on voices kept apart; danger to life rather once too often."""
SURELY = 0.96
"""Probability of any sensitive matter at which the likeliest topic is taken."""
DOUBTFUL = 0.3
SURE_IN_REPLY, LEAST_WORDS_IN_REPLY = 0.95, 12
"""In a reply the model counts only above this probability and this length."""
_PART = re.compile(r"<([A-Z]+)>")


@dataclass(frozen=True)
class Concern:
    """`topic` names the contacts to refer to, or is empty; `doubtful` means that the confidential contact is named too.

    `urgent` means that words of danger stand in a message that seems ordinary otherwise: the emergency number is named.
    """

    topic: str = ""
    doubtful: bool = False
    urgent: bool = False


def concern(text: str, cares: Mapping[str, float], reply: bool = False) -> Concern:
    """Combines words and model; `cares` are the model's probabilities of each topic and of "none"."""
    felt = 1.0 - cares.get("none", 1.0)
    if reply and (felt < SURE_IN_REPLY or len(text.split()) < LEAST_WORDS_IN_REPLY):
        felt, cares = 0.0, NOBODY
    if not text:
        return Concern()
    plain = _harmless().sub(" ... ", fold(text))
    found = {MODEL_NAMES.get(name, name): chance for name, chance in cares.items() if name != "none"}
    danger = _clear("crisis", plain, ENOUGH["probable"])
    backed = felt >= DANGER_IN_LONG or len(text.split()) <= SHORT
    worded = max(felt, VERY_SHORT_FELT) if len(text.split()) <= VERY_SHORT else felt
    topic = _worded(plain, worded, found, backed) or _felt(felt, found)
    urgent = found.get("crisis", 0.0) >= PERHAPS_DANGER or (danger and not backed)
    return Concern(topic, not topic and (felt >= DOUBTFUL or danger), not topic and urgent)


def _felt(felt: float, found: Mapping[str, float]) -> str:
    """The topic by the model alone: a probable one, or the likeliest if the message is surely sensitive."""
    danger, most = found.get("crisis", 0.0), max(found.values(), default=0.0)
    if danger >= max(PERHAPS_DANGER, NEXT_TO * most) and felt >= HALF_SURE:
        return "crisis"
    sure = next((topic for topic in TOPICS if found.get(topic, 0.0) >= ALONE[topic]), "")
    return sure or (max(found, key=lambda name: found[name]) if found and felt >= SURELY else "")


def _worded(plain: str, felt: float, found: Mapping[str, float], backed: bool) -> str:
    """The topic by its words, unless the model rather sees another one that it is half sure of."""
    worded = WORDS_FOR if backed else WORDS_FOR[1:]
    topic = next((topic for topic in worded if _clear(topic, plain, felt)), "") or _likely(plain, felt)
    better = max(found, key=lambda name: found[name], default="")
    other = topic not in ("", "crisis") and found.get(better, 0.0) >= max(OVERRULES, found.get(topic, 0.0))
    return better if other else topic


def _clear(topic: str, plain: str, felt: float) -> bool:
    enough = ENOUGH | {"sure": 0.0} if topic == "crisis" else ENOUGH
    return any(felt >= enough[tier] and words.search(plain) for tier, words in _words()[topic].items())


def _likely(plain: str, felt: float) -> str:
    """The topic with most weaker words, if the model agrees; danger to life wins, any other tie gives none."""
    hits = {topic: sum(bool(word.search(plain)) for word in _hints()[topic]) for topic in WORDS_FOR if felt >= AGREES}
    most = max(hits.values(), default=0)
    nearest = [topic for topic, count in hits.items() if count == most]
    alone = len(nearest) == 1 or nearest[:1] == ["crisis"]
    return nearest[0] if alone and most >= LEAST_LIKELY else ""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("assistant.adapters.offline") / "data" / "sensitive.toml").read_text("utf-8"))


@cache
def _words() -> dict[str, dict[str, re.Pattern[str]]]:
    """One pattern per topic and tier."""
    return {topic: {tier: _union(_table()[topic][tier]) for tier in ENOUGH if tier in _table()[topic]} for topic in WORDS_FOR}


@cache
def _hints() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Words of which two are needed, those of the stronger tier included."""
    return {topic: tuple(map(_compiled, [*_table()[topic].get("backed", []), *_table()[topic]["likely"]])) for topic in WORDS_FOR}


@cache
def _harmless() -> re.Pattern[str]:
    return _union([pattern for patterns in _table()["harmless"].values() for pattern in patterns])


def _union(patterns: list[str]) -> re.Pattern[str]:
    return _compiled("|".join(f"(?:{pattern})" for pattern in patterns))


def _compiled(pattern: str) -> re.Pattern[str]:
    """Patterns start at a word boundary, which keeps the search linear in one endless word."""
    return re.compile(rf"\b(?:{_expanded(pattern)})")


def _expanded(pattern: str) -> str:
    parts = _table()["parts"]
    while _PART.search(pattern):
        pattern = _PART.sub(lambda found: parts[found[1]], pattern)
    return pattern
