"""Recognises sensitive topics that are referred to a contact: danger to life, harassment, burn-out, confidential matters.

Danger to life is recognised by words alone. For the other topics clear words are enough; weaker words count only if the model
also rates the message sensitive and they point to a single contact. A doubtful message gets no topic: the ordinary answer then
also names the confidential contact.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.adapters.offline.reading.dialogue_acts import fold

TOPICS = ("crisis", "harassment", "burnout", "confidential")
"""Topics in order of precedence for clear words."""
ENOUGH = {"sure": 0.0, "probable": 0.02, "backed": 0.85}
"""Minimum probability of "sensitive" at which one word of the tier is enough."""
AGREES = {"crisis": 0.3, "harassment": 0.3, "burnout": 0.3, "confidential": 0.08}
"""Minimum probability of "sensitive" at which two `likely` words of a topic are enough."""
LEAST_LIKELY = 2
DOUBTFUL = 0.4
SURE_IN_REPLY, LEAST_WORDS_IN_REPLY = 0.95, 12
"""In a reply the model counts only above this probability and this length."""
_PART = re.compile(r"<([A-Z]+)>")


@dataclass(frozen=True)
class Concern:
    """`topic` names the contacts to refer to, or is empty; `doubtful` means that the confidential contact is named too."""

    topic: str = ""
    doubtful: bool = False


def concern(text: str, felt: float, reply: bool = False) -> Concern:
    """Combines words and model; `felt` is the model's probability that the message is sensitive."""
    if reply and (felt < SURE_IN_REPLY or len(text.split()) < LEAST_WORDS_IN_REPLY):
        felt = 0.0
    plain = _harmless().sub(" ... ", fold(text))
    topic = next((topic for topic in TOPICS if _clear(topic, plain, felt)), "") or _likely(plain, felt)
    return Concern(topic, not topic and (felt >= DOUBTFUL or _clear("crisis", plain, ENOUGH["probable"])))


def _clear(topic: str, plain: str, felt: float) -> bool:
    return any(felt >= ENOUGH[tier] and words.search(plain) for tier, words in _words()[topic].items())


def _likely(plain: str, felt: float) -> str:
    """The topic with most weaker words, if the model agrees; danger to life wins, any other tie gives none."""
    hits = {topic: sum(bool(word.search(plain)) for word in _hints()[topic]) for topic in TOPICS if felt >= AGREES[topic]}
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
    return {topic: {tier: _union(_table()[topic][tier]) for tier in ENOUGH if tier in _table()[topic]} for topic in TOPICS}


@cache
def _hints() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Words of which two are needed, those of the stronger tier included."""
    return {topic: tuple(map(_compiled, [*_table()[topic].get("backed", []), *_table()[topic]["likely"]])) for topic in TOPICS}


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
