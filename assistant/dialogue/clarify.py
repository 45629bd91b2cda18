"""Chooses the clarifying question with the highest expected value, if that exceeds its cost to the mentee.

Candidates are the empty slots and one facet: labels (headings, skills) that divide the articles and mentors found so far. The
value of a facet is its information gain over them in bits, as in decision trees. An open question removes a share of the
remaining uncertainty; a slot is also valued for the brief. Costs rise with each question, and free text costs more than a tap.
A question is not asked if it can change neither the first article nor the first mentor and fills no needed slot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Protocol

from assistant.dialogue.moves import Ask
from assistant.domain.need import Need, SlotName
from assistant.domain.reply import Asks

MOST_QUESTIONS = 3
FACET = "part"
ENOUGH_QUESTIONS = 2
UNKNOWN_TOPIC_WORTH = 1.2
"""Value of asking for the task while the topic is unknown."""
BRIEF_WORTH: dict[SlotName, float] = {"task": 0.25, "context": 0.2, "tried": 0.1, "outcome": 0.5}
UNCERTAINTY_SHARE: dict[SlotName, float] = {"task": 0.7, "context": 0.4, "tried": 0.1, "outcome": 0.1}
OPEN_FACET_WORTH = 0.45
OPEN_FACET_SHARE = 0.5
LEAST_FACET_WORTH, MOST_FACET_WORTH = 0.7, 1.0
FAMILIES = ("article", "mentor")
COST = (0.0, 0.35, 0.8)
FREE_TEXT_COST = 0.1
LEAST_GAIN = 0.05
_WISH = re.compile(
    r"\b(?:wants?|wish|hope|hoping|ideally|so that|goal|aim|love to|would like|'d like|end up|success)\b", re.IGNORECASE
)
_ORDER = re.compile(r"\b(?:told|asked|ordered|supposed|expected|instructed) to \w+", re.IGNORECASE)
ENOUGH_WORDS = 20
"""A request of this many words has given some background."""
_ASKING = frozenset(
    """a about actual actually advice am an and any anybody anyone are ask asking be call can chat connect conversation
    could do for get give got have hello help hey hi how human i in is it just me mentor my need no not of on one or
    people person please pls prefer put question questions quick rather real really so some somebody someone something
    speak stuck talk that the there thing things this through to today truly us want we what who with work would you
    your""".split()
)


@dataclass(frozen=True)
class Candidate:
    """Part of an article, or a mentor, with a positive weight and labels.

    The id begins with the family and the thing, as in `article:slug:heading` and `mentor:m001`.
    """

    id: str
    weight: float
    labels: frozenset[str]

    @property
    def family(self) -> str:
        return self.id.partition(":")[0]

    @property
    def thing(self) -> str:
        return ":".join(self.id.split(":")[:2])


class Questioner(Protocol):
    """Chooses the question of one turn, or none. The product uses `next_question`."""

    def __call__(
        self, need: Need, asked: Sequence[Asks], candidates: Sequence[Candidate], said: str = "", *, unclear: bool = False
    ) -> Ask | None: ...


def next_question(
    need: Need, asked: Sequence[Asks], candidates: Sequence[Candidate], said: str = "", *, unclear: bool = False
) -> Ask | None:
    """The best question that is worth its cost, or None; nothing in `asked` is asked again.

    `said` is everything the mentee wrote: a wish in it implies an outcome, an order a task, and a long text some background, so
    these are not asked for. If it is `unclear` whether the knowledge base has an answer, a facet costs as little as a first
    question.
    """
    if len(asked) >= MOST_QUESTIONS:
        return None
    closed = {ask.name for ask in asked} | need.closed
    questions = [*_slots(need, candidates, said), _facet(need, candidates)]
    ranked = [
        (worth - _cost(question.asks.name, len(asked), unclear), question)
        for worth, question in questions
        if question.asks.name not in closed
    ]
    left, best = max(ranked, key=lambda pair: pair[0], default=(0.0, None))
    return best if left > 0 else None


def _cost(name: str, asked: int, unclear: bool) -> float:
    return COST[0] if unclear and asked < ENOUGH_QUESTIONS and name == FACET else COST[asked]


def _slots(need: Need, candidates: Sequence[Candidate], said: str) -> Iterable[tuple[float, Ask]]:
    """The open slots with their worth."""
    topic_known = need.about_something or tells_something(said)
    left, implied = uncertainty(candidates), _implied(said)
    for name in need.missing():
        if name in BRIEF_WORTH and name not in implied:
            worth = BRIEF_WORTH[name] + UNCERTAINTY_SHARE[name] * left
            worth = UNKNOWN_TOPIC_WORTH if name == "task" and not topic_known else worth
            yield worth - FREE_TEXT_COST, Ask(Asks("slot", name))


def _implied(said: str) -> frozenset[SlotName]:
    """Slots that the text implies without a quotable phrase."""
    found: dict[SlotName, bool] = {
        "outcome": bool(_WISH.search(said)),
        "task": bool(_ORDER.search(said)),
        "context": len(said.split()) >= ENOUGH_WORDS,
    }
    return frozenset(name for name, implied in found.items() if implied)


def uncertainty(candidates: Sequence[Candidate]) -> float:
    """The normalised entropy over articles and mentors, 0 to 1; a family without candidates counts as 1."""
    return sum(_openness(_things(candidates, family)) for family in FAMILIES) / 2


def _things(candidates: Sequence[Candidate], family: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for candidate in candidates:
        if candidate.family == family:
            found[candidate.thing] = found.get(candidate.thing, 0.0) + candidate.weight
    return found


def _openness(weights: Mapping[str, float]) -> float:
    if len(weights) < 2:
        return 0.0 if weights else 1.0
    return _entropy(list(weights.values())) / log2(len(weights))


def tells_something(said: str) -> bool:
    """Whether a text has at least two words besides those of asking for help."""
    return len(set(re.findall(r"[^\W\d_]+", said.casefold())) - _ASKING) >= 2


def _facet(need: Need, candidates: Sequence[Candidate]) -> tuple[float, Ask]:
    options = options_for(need, candidates)
    if not options:
        worth = OPEN_FACET_WORTH + OPEN_FACET_SHARE * uncertainty(candidates)
        return worth - FREE_TEXT_COST, Ask(Asks("facet", FACET))
    if not decides(options, candidates):
        return 0.0, Ask(Asks("facet", FACET), options)
    gain = information_gain(options, candidates)
    return max(LEAST_FACET_WORTH, min(gain, MOST_FACET_WORTH)), Ask(Asks("facet", FACET), options)


def options_for(need: Need, candidates: Sequence[Candidate], most: int = 4) -> tuple[str, ...]:
    """Two to four labels that split the candidates best, chosen greedily; labels the mentee already mentioned are left out."""
    said = need.words().casefold()
    labels = sorted({label for c in candidates for label in c.labels if label.casefold() not in said})
    chosen: list[str] = []
    while len(chosen) < most and labels:
        best = max(labels, key=lambda label: (information_gain((*chosen, label), candidates), -labels.index(label)))
        before = information_gain(tuple(chosen), candidates) if chosen else 0.0
        if information_gain((*chosen, best), candidates) - before < LEAST_GAIN:
            break
        chosen.append(best)
        labels.remove(best)
    return tuple(chosen) if len(chosen) >= 2 else ()


def decides(options: Sequence[str], candidates: Sequence[Candidate]) -> bool:
    """Whether the top article or the top mentor depends on the option picked (including "something else")."""
    outcomes = {tuple(_first(candidates, family, option, options) for family in FAMILIES) for option in (*options, "")}
    return len(outcomes) > 1


def _first(candidates: Sequence[Candidate], family: str, option: str, options: Sequence[str]) -> str:
    """The top thing of a family after the mentee picks `option` ("" for none of them)."""
    own = [c for c in candidates if c.family == family]
    fitting = [c for c in own if (option in c.labels if option else not c.labels & set(options))]
    things = _things(fitting or own, family)
    return max(sorted(things), key=lambda thing: things[thing], default="")


def information_gain(options: Sequence[str], candidates: Sequence[Candidate]) -> float:
    """Expected information in bits from the mentee picking one of `options` or "something else"."""
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
