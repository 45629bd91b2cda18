"""Which question is worth asking: the one whose answer is expected to tell most, if that is more than it costs the mentee.

Candidates are the empty slots that every request needs, and a facet: labels (headings, skills) on which the articles and mentors
found so far disagree. A facet's worth is the expected fall in entropy over the found articles and mentors, in bits, as in
decision-tree splitting. An open question, which may get any answer, removes a share of the doubt that is left; a slot is worth
also what a brief misses without it. Costs rise with each question, and free text costs more than a tap. A question that can
change neither the first article nor the first mentor, and fills no slot that is needed, is not asked.
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
UNTOLD_WORTH = 1.2
"""Of the task while nothing says what it is about."""
BRIEF_WORTH: dict[SlotName, float] = {"task": 0.25, "context": 0.2, "tried": 0.1, "outcome": 0.5}
DOUBT_SHARE: dict[SlotName, float] = {"task": 0.7, "context": 0.4, "tried": 0.1, "outcome": 0.1}
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
ENOUGH_TOLD = 20
"""Words from which on some background has been given."""
_ASKING = frozenset(
    """a about actual actually advice am an and any anybody anyone are ask asking be call can chat connect conversation
    could do for get give got have hello help hey hi how human i in is it just me mentor my need no not of on one or
    people person please pls prefer put question questions quick rather real really so some somebody someone something
    speak stuck talk that the there thing things this through to today truly us want we what who with work would you
    your""".split()
)


@dataclass(frozen=True)
class Candidate:
    """Something found: part of an article or a mentor, its weight (any positive number) and its labels.

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
    """Picks the question of one turn, or none; `next_question` is the product's own."""

    def __call__(
        self, need: Need, asked: Sequence[Asks], candidates: Sequence[Candidate], said: str = "", *, unclear: bool = False
    ) -> Ask | None: ...


def next_question(
    need: Need, asked: Sequence[Asks], candidates: Sequence[Candidate], said: str = "", *, unclear: bool = False
) -> Ask | None:
    """The best question that is worth its cost, or None. `asked` counts; what was asked is not asked again.

    `said` is all the mentee wrote: with something in it, the task is asked for only in doubt; a wish in it is a success half
    said, an order a task, and a long story has its background. Where it is `unclear` whether the base has an answer, asking
    for the part costs no more than a first question.
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
    told = need.about_something or tells_something(said)
    left, half_said = doubt(candidates), _half_said(said)
    for name in need.missing():
        if name in BRIEF_WORTH and name not in half_said:
            worth = BRIEF_WORTH[name] + DOUBT_SHARE[name] * left
            worth = UNTOLD_WORTH if name == "task" and not told else worth
            yield worth - FREE_TEXT_COST, Ask(Asks("slot", name))


def _half_said(said: str) -> frozenset[SlotName]:
    """Slots that the words themselves fill though nobody could quote them: a wish, an order, a long story."""
    told: dict[SlotName, bool] = {
        "outcome": bool(_WISH.search(said)),
        "task": bool(_ORDER.search(said)),
        "context": len(said.split()) >= ENOUGH_TOLD,
    }
    return frozenset(name for name, there in told.items() if there)


def doubt(candidates: Sequence[Candidate]) -> float:
    """How open it is which article and which mentor are right, 0 to 1: their entropy over what it could be at most.

    Where nothing of a family was found, all of it is open.
    """
    return sum(_openness(_things(candidates, family)) for family in FAMILIES) / 2


def _things(candidates: Sequence[Candidate], family: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in candidates:
        if one.family == family:
            found[one.thing] = found.get(one.thing, 0.0) + one.weight
    return found


def _openness(weights: Mapping[str, float]) -> float:
    if len(weights) < 2:
        return 0.0 if weights else 1.0
    return _entropy(list(weights.values())) / log2(len(weights))


def tells_something(said: str) -> bool:
    """Whether a text has at least two words beside those of asking for help."""
    return len(set(re.findall(r"[^\W\d_]+", said.casefold())) - _ASKING) >= 2


def _facet(need: Need, candidates: Sequence[Candidate]) -> tuple[float, Ask]:
    options = options_for(need, candidates)
    if not options:
        worth = OPEN_FACET_WORTH + OPEN_FACET_SHARE * doubt(candidates)
        return worth - FREE_TEXT_COST, Ask(Asks("facet", FACET))
    if not decides(options, candidates):
        return 0.0, Ask(Asks("facet", FACET), options)
    gain = information_gain(options, candidates)
    return max(LEAST_FACET_WORTH, min(gain, MOST_FACET_WORTH)), Ask(Asks("facet", FACET), options)


def options_for(need: Need, candidates: Sequence[Candidate], most: int = 4) -> tuple[str, ...]:
    """Two to four labels that split the candidates best, chosen greedily; labels the mentee already used are left out."""
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
    """Whether the first article or the first mentor depends on which of `options`, or something else, the mentee picks."""
    outcomes = {tuple(_first(candidates, family, option, options) for family in FAMILIES) for option in (*options, "")}
    return len(outcomes) > 1


def _first(candidates: Sequence[Candidate], family: str, option: str, options: Sequence[str]) -> str:
    """The first thing of a family once the mentee has picked an option ("" for none); the answer keeps only what fits it."""
    own = [one for one in candidates if one.family == family]
    fitting = [one for one in own if (option in one.labels if option else not one.labels & set(options))]
    things = _things(fitting or own, family)
    return max(sorted(things), key=lambda thing: things[thing], default="")


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
