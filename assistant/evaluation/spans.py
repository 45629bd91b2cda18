"""How well extracted spans agree with the right ones: exact counts over slots, by the tokens they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import permutations, product

from assistant.domain.need import SlotName

ENOUGH = 0.5
Spans = Mapping[SlotName, str]
Likeness = Callable[[str, str], float]
_TWINS: tuple[SlotName, ...] = ("task", "context")
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True)
class Score:
    """Hits among what was predicted and among what was right; scores add up over rows (micro average)."""

    hits: float = 0.0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.predicted + self.gold) if self.predicted + self.gold else 0.0


def tokens(text: str) -> frozenset[str]:
    """The lower-cased words of a text, each once."""
    return frozenset(_TOKEN.findall(text.lower()))


def overlap(one: str, other: str) -> float:
    """Shared tokens over the larger of the two sets, 0..1."""
    ours, theirs = tokens(one), tokens(other)
    return len(ours & theirs) / max(len(ours), len(theirs)) if ours and theirs else 0.0


def union_overlap(one: str, other: str) -> float:
    """Shared tokens over all tokens of the two, 0..1: stricter than `overlap`."""
    ours, theirs = tokens(one), tokens(other)
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def exact(predicted: Spans, gold: Spans, likeness: Likeness = overlap) -> Score:
    """A predicted slot is a hit when it is like the right quote of the same slot by at least ENOUGH."""
    hits = sum(likeness(predicted[name], gold[name]) >= ENOUGH for name in predicted.keys() & gold.keys())
    return Score(hits, len(predicted), len(gold))


def graded(predicted: Spans, gold: Spans) -> Score:
    """As `exact`, but each slot counts with its overlap instead of all or nothing."""
    hits = sum(overlap(predicted[name], gold[name]) for name in predicted.keys() & gold.keys())
    return Score(hits, len(predicted), len(gold))


def as_one(predicted: Spans, gold: Spans) -> Score:
    """As `exact`, with task and context taken as one slot: a hit when any quote of the two is like any right one."""
    ours, theirs = _twins(predicted), _twins(gold)
    hit = any(overlap(a, b) >= ENOUGH for a in ours for b in theirs)
    return exact(_without_twins(predicted), _without_twins(gold)) + Score(hit, bool(ours), bool(theirs))


def interchanged(predicted: Spans, gold: Spans) -> Score:
    """As `exact`, with task and context two slots of one kind: a task found as context is a hit, each quote once."""
    others = exact(_without_twins(predicted), _without_twins(gold))
    ours, theirs = _twins(predicted), _twins(gold)
    pairings = product(permutations(ours), permutations(theirs))
    hits = max(sum(overlap(a, b) >= ENOUGH for a, b in zip(*pairing, strict=False)) for pairing in pairings)
    return others + Score(hits, len(ours), len(theirs))


def present(predicted: Collection[str], gold: Spans) -> Score:
    """Which slots were seen at all, whatever their words."""
    return Score(len(set(predicted) & gold.keys()), len(set(predicted)), len(gold))


def _twins(spans: Spans) -> list[str]:
    return [spans[name] for name in _TWINS if name in spans]


def _without_twins(spans: Spans) -> Spans:
    return {name: span for name, span in spans.items() if name not in _TWINS}
