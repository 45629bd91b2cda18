"""Which question is worth asking: the one whose answer is expected to tell most, if that is more than it costs the mentee.

Candidates are the empty slots that every request needs, and a facet: labels (headings, skills) on which the articles and mentors
found so far disagree. The task is asked for only while nothing says what it is about: a symptom is enough to start.
A facet's worth is the expected fall in entropy over the found articles and mentors, in bits, as in decision-tree splitting; a
slot's worth says how much a brief misses without it. Costs rise with each question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from assistant.dialogue.moves import Ask
from assistant.domain.need import Need, SlotName
from assistant.domain.reply import Asks

MOST_QUESTIONS = 3
FACET = "part"
SLOT_WORTH: dict[SlotName, float] = {"task": 1.2, "outcome": 0.55, "context": 0.3, "tried": 0.15}
ABOUT: frozenset[SlotName] = frozenset({"task", "context"})
OPEN_FACET_WORTH = 0.7
COST = (0.0, 0.35, 0.8)
FREE_TEXT_COST = 0.1
_WISH = re.compile(
    r"\b(?:wants?|wish|hope|hoping|ideally|so that|goal|aim|love to|would like|'d like|end up|success)\b", re.IGNORECASE
)
_ASKING = frozenset(
    """a about actual actually advice am an and any anybody anyone are ask asking be call can chat connect conversation
    could do for get give got have hello help hey hi how human i in is it just me mentor my need no not of on one or
    people person please pls prefer put question questions quick rather real really so some somebody someone something
    speak stuck talk that the there thing things this through to today truly us want we what who with work would you
    your""".split()
)


@dataclass(frozen=True)
class Candidate:
    """Something found: an article or a mentor, its weight (any positive number) and its labels."""

    id: str
    weight: float
    labels: frozenset[str]


def next_question(need: Need, asked: Sequence[Asks], candidates: Sequence[Candidate], said: str = "") -> Ask | None:
    """The best question that is worth its cost, or None. `asked` counts; what was asked is not asked again.

    `said` is all the mentee wrote: with something in it, the task is not asked for, and a wish in it is a success half said.
    """
    if len(asked) >= MOST_QUESTIONS:
        return None
    done = {ask.name for ask in asked}
    told = (ABOUT if need.about_something or tells_something(said) else set()) | ({"outcome"} if _WISH.search(said) else set())
    open_slots = [s for s in need.missing() if s in SLOT_WORTH and s not in told]
    slots = [(SLOT_WORTH[s] - FREE_TEXT_COST, Ask(Asks("slot", s))) for s in open_slots]
    ranked = [(worth, ask) for worth, ask in [*slots, _facet(need, candidates)] if ask.asks.name not in done]
    ranked = [(worth, ask) for worth, ask in ranked if ask.asks.name not in need.closed]
    if not ranked:
        return None
    worth, best = max(ranked, key=lambda pair: pair[0])
    return best if worth > COST[len(asked)] else None


def tells_something(said: str) -> bool:
    """Whether a text has at least two words beside those of asking for help."""
    return len(set(re.findall(r"[^\W\d_]+", said.casefold())) - _ASKING) >= 2


def _facet(need: Need, candidates: Sequence[Candidate]) -> tuple[float, Ask]:
    options = options_for(need, candidates)
    if len(options) < 2:
        return OPEN_FACET_WORTH - FREE_TEXT_COST, Ask(Asks("facet", FACET))
    gain = information_gain(options, candidates)
    return max(OPEN_FACET_WORTH, min(gain, 1.0)), Ask(Asks("facet", FACET), options)


def options_for(need: Need, candidates: Sequence[Candidate], most: int = 4) -> tuple[str, ...]:
    """Two to four labels that split the candidates best, chosen greedily; labels the mentee already used are left out."""
    said = need.words().casefold()
    labels = sorted({label for c in candidates for label in c.labels if label.casefold() not in said})
    chosen: list[str] = []
    while len(chosen) < most and labels:
        best = max(labels, key=lambda label: (information_gain((*chosen, label), candidates), -labels.index(label)))
        before = information_gain(tuple(chosen), candidates) if chosen else 0.0
        if information_gain((*chosen, best), candidates) - before < 0.05:
            break
        chosen.append(best)
        labels.remove(best)
    return tuple(chosen) if len(chosen) >= 2 else ()


def information_gain(options: Sequence[str], candidates: Sequence[Candidate]) -> float:
    """Expected bits gained over the candidates when the mentee picks one of `options` or "something else"."""
    total = sum(c.weight for c in candidates)
    if not total:
        return 0.0
    groups: dict[str, list[float]] = {}
    for candidate in candidates:
        answer = next((option for option in options if option in candidate.labels), "")
        groups.setdefault(answer, []).append(candidate.weight)
    after = sum(sum(group) / total * _entropy(group) for group in groups.values())
    return _entropy([c.weight for c in candidates]) - after


def _entropy(weights: Sequence[float]) -> float:
    total = sum(weights)
    return -sum(w / total * log2(w / total) for w in weights if w > 0)
