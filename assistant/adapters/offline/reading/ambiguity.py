"""Estimates from its wording how likely a request needs a clarifying question.

A logistic model over the signs of `assistant.dialogue.ambiguity`; `tests.evals.lab.training.train_ambiguity` writes its weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from math import exp

from assistant.dialogue.ambiguity import signs

AMBIGUOUS = 0.5
AMBIGUOUS_FOR_SURE = 0.6
"""From this probability a request is asked about even if its slots look specific."""


def needs_question(text: str) -> float:
    """The probability, 0 to 1, that the request could mean several things; 1 for a text without words."""
    if not any(character.isalnum() for character in text):
        return 1.0
    return probability(signs(text), _model())


def probability(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic of the weighted features; `weights` has the same names and "bias"."""
    total = weights["bias"] + sum(weights[name] * value for name, value in found.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def _model() -> dict[str, float]:
    data = files("assistant.adapters.offline") / "data" / "ambiguity.json"
    weights: dict[str, float] = json.loads(data.read_text("utf-8"))["weights"]
    return weights
