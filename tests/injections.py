"""Texts that try to give orders: the product's own grammar of them, and the development part of the public collection.

The collection is read when it lies beside the checkout.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.evals.lab.injections import AWAY, CARRIERS, DISGUISES, GOALS, Injection, grammar

__all__ = ["AWAY", "CARRIERS", "COLLECTION", "DISGUISES", "GOALS", "Injection", "benign", "collected", "grammar"]

COLLECTION = Path(__file__).parents[2] / "shared" / "data" / "prompt_injection" / "dev"


@cache
def collected() -> tuple[str, ...]:
    """Attacks and instructions of the collection's development part; none where it is not there."""
    return (*_texts("direct_attacks", "text"), *_texts("indirect_instructions", "instruction"))


@cache
def benign() -> tuple[str, ...]:
    """Ordinary questions of the same collection, which must not be taken for attacks."""
    return tuple(_texts("benign", "text"))


def _texts(name: str, field: str) -> Iterator[str]:
    path = COLLECTION / f"{name}.jsonl"
    if path.exists():
        yield from (json.loads(line)[field] for line in path.read_text("utf-8").splitlines())
