"""Compares extracted spans with gold spans, slot by slot, by shared tokens."""

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
    """Counts of hits, predicted and gold spans; the sum over rows gives the micro average."""

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
    """The distinct words of a text, in lower case."""
    return frozenset(_TOKEN.findall(text.lower()))


def overlap(first: str, second: str) -> float:
    """Shared tokens divided by the size of the larger set, 0..1."""
    ours, theirs = tokens(first), tokens(second)
    return len(ours & theirs) / max(len(ours), len(theirs)) if ours and theirs else 0.0


def union_overlap(first: str, second: str) -> float:
    """Shared tokens divided by all tokens of both (Jaccard), 0..1; stricter than `overlap`."""
    ours, theirs = tokens(first), tokens(second)
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def exact(predicted: Spans, gold: Spans, likeness: Likeness = overlap) -> Score:
    """A predicted slot is a hit if its similarity with the gold quote of the same slot is at least ENOUGH."""
    hits = sum(likeness(predicted[name], gold[name]) >= ENOUGH for name in predicted.keys() & gold.keys())
    return Score(hits, len(predicted), len(gold))


def graded(predicted: Spans, gold: Spans) -> Score:
    """As `exact`, but each slot counts with its overlap instead of 0 or 1."""
    hits = sum(overlap(predicted[name], gold[name]) for name in predicted.keys() & gold.keys())
    return Score(hits, len(predicted), len(gold))


def as_one(predicted: Spans, gold: Spans) -> Score:
    """As `exact`, with task and context as one slot: a hit if any of their quotes is similar to any gold one."""
    ours, theirs = _twins(predicted), _twins(gold)
    hit = any(overlap(a, b) >= ENOUGH for a in ours for b in theirs)
    return exact(_without_twins(predicted), _without_twins(gold)) + Score(hit, bool(ours), bool(theirs))


def interchanged(predicted: Spans, gold: Spans) -> Score:
    """As `exact`, with task and context interchangeable; each quote is used once."""
    others = exact(_without_twins(predicted), _without_twins(gold))
    ours, theirs = _twins(predicted), _twins(gold)
    pairings = product(permutations(ours), permutations(theirs))
    hits = max(sum(overlap(a, b) >= ENOUGH for a, b in zip(*pairing, strict=False)) for pairing in pairings)
    return others + Score(hits, len(ours), len(theirs))


def present(predicted: Collection[str], gold: Spans) -> Score:
    """Compares only which slots were found, not their words."""
    return Score(len(set(predicted) & gold.keys()), len(set(predicted)), len(gold))


def _twins(spans: Spans) -> list[str]:
    return [spans[name] for name in _TWINS if name in spans]


def _without_twins(spans: Spans) -> Spans:
    return {name: span for name, span in spans.items() if name not in _TWINS}
