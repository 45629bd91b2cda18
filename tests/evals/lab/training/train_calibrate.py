"""From readings of rows that a network has not seen to the numbers beside the model: thresholds and two small linear models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.offline.reading.token_model import Reading
from assistant.domain.need import SLOTS
from assistant.evaluation.spans import Score, as_one, exact, present
from tests.evals.lab.training.train_data import ACTS, KINDS, Row

Judged = Sequence[tuple[Row, Reading]]
Floats = NDArray[np.float64]

_OTHERS = 1.2
"""Recall counts more than in F1, since the model is less sure about authors whom it does not know."""

PLAIN: dict[str, Any] = {
    "kinds": list(KINDS),
    "acts": list(ACTS),
    "presence": {"slope": 1.0, "bias": 0.0},
    "present": dict.fromkeys(SLOTS, 0.5),
    "thresholds": {"sensitive": 0.5, "wants_person": 0.5, "trajectory": 0.5, "out_of_scope": 0.5, "act": 0.85, "act_asked": 0.9},
    "specific": {"bias": -4.0, "model": 1.0, **dict.fromkeys(SLOTS, 1.0)},
    "specific_later": {"bias": -3.5, "task": 1.5, "context": 1.0, "tried": 0.5, "outcome": 1.5, "deadline": 0.5, "format": 1.0},
}
"""Settings before anything is measured."""


def calibrated(judged: Judged) -> dict[str, Any]:
    """PLAIN with presence made a probability, thresholds of best F1, and weights for specific against vague.

    A few hundred rows tell little about one slot or kind: each slot's threshold is drawn half way to the common one, and
    those of kinds stay between 0.3 and 0.5.
    """
    found = {name: dict(part) if isinstance(part, dict) else part for name, part in PLAIN.items()}
    messages = [(row, reading) for row, reading in judged if row.spans is not None and not row.act]
    slope, bias = _platt(messages)
    found["presence"] = {"slope": round(slope, 3), "bias": round(bias, 3)}
    seen = {
        slot: [(_squashed(r.presence[slot], slope, bias), bool(row.spans and row.spans[slot])) for row, r in messages]
        for slot in SLOTS
    }
    common = _best([pair for pairs in seen.values() for pair in pairs], _OTHERS)
    for slot, pairs in seen.items():
        found["present"][slot] = round((common + _best(pairs, _OTHERS)) / 2, 3)
    for kind in KINDS[1:]:
        beta = 2.0 if kind == "sensitive" else 0.7
        pairs = [(reading.kinds[kind], row.kind == kind) for row, reading in judged if row.kind]
        found["thresholds"][kind] = round(min(0.5, max(0.3, _best(pairs, beta))), 3)
    found["specific"] = _specific(messages, slope, bias, lambda reading: _logit(reading.specific))
    found["specific_later"] = _specific(messages, slope, bias, None)
    return found


def _platt(messages: Judged) -> tuple[float, float]:
    logits = np.array([_logit(r.presence[slot]) for _, r in messages for slot in SLOTS])
    truth = np.array([float(bool(row.spans and row.spans[slot])) for row, _ in messages for slot in SLOTS])
    weights = _logistic(np.stack([logits, np.ones_like(logits)], axis=1), truth, 1e-3)
    return float(weights[0]), float(weights[1])


def _specific(messages: Judged, slope: float, bias: float, model: Callable[[Reading], float] | None) -> dict[str, float]:
    """Weights of presence by slot, of the model's own opinion and a bias; positive sums are specific."""
    rows = [(row, reading) for row, reading in messages if row.specific is not None]
    features = [[*(_squashed(r.presence[slot], slope, bias) for slot in SLOTS), model(r) if model else 0.0, 1.0] for _, r in rows]
    truth = np.array([float(bool(row.specific)) for row, _ in rows])
    weights = _logistic(np.array(features), truth, 0.5)
    return {name: round(float(w), 3) for name, w in zip((*SLOTS, "model", "bias"), weights, strict=True)}


def _logistic(features: Floats, truth: Floats, ridge: float) -> Floats:
    """Weights of a logistic regression by Newton steps; the last feature is the bias and is not shrunk."""
    weights = np.zeros(features.shape[1])
    shrink = np.diag([*[ridge] * (features.shape[1] - 1), 1e-9])
    for _ in range(50):
        guess = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        slope = features.T @ (truth - guess) - shrink @ weights
        curve = (features * (guess * (1 - guess))[:, None]).T @ features + shrink
        weights = weights + np.linalg.solve(curve + 1e-9 * np.eye(len(weights)), slope)
    return weights


def _best(pairs: Sequence[tuple[float, bool]], beta: float = 1.0) -> float:
    """The threshold with the best F-beta, in the middle of the stretch of thresholds that are nearly as good."""
    values = np.array([value for value, _ in pairs])
    truth = np.array([right for _, right in pairs])
    grid = np.linspace(0.05, 0.95, 91)
    scores = []
    for limit in grid:
        taken = values >= limit
        hits = float((taken & truth).sum())
        scores.append((1 + beta**2) * hits / max(1.0, taken.sum() + beta**2 * truth.sum()))
    good = grid[np.array(scores) >= max(scores) - 0.002]
    return float((good[0] + good[-1]) / 2)


def _squashed(probability: float, slope: float, bias: float) -> float:
    return float(1 / (1 + np.exp(-(slope * _logit(probability) + bias))))


def _logit(probability: float) -> float:
    safe = min(1 - 1e-6, max(1e-6, probability))
    return float(np.log(safe / (1 - safe)))


def held_out(judged: Judged, settings: dict[str, Any]) -> dict[str, float]:
    """Slot F1, F1 with task and context as one, and F1 of presence over the messages that no network had seen."""
    slope, bias = settings["presence"]["slope"], settings["presence"]["bias"]
    total, twins, there = Score(), Score(), Score()
    for row, reading in judged:
        if row.spans is None or row.act:
            continue
        gold = {slot: row.text[slice(*found[0])] for slot, found in row.spans.items() if found}
        sure = {slot for slot in SLOTS if _squashed(reading.presence[slot], slope, bias) >= settings["present"][slot]}
        quotes = {slot: reading.spans[slot].of(row.text) for slot in SLOTS if slot in sure}
        total += exact(quotes, gold)
        twins += as_one(quotes, gold)
        there += present(quotes, gold)
    return {"slot F1": total.f1, "task and context as one": twins.f1, "presence F1": there.f1}
