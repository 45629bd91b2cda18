"""Trains the small model that says whether a request needs a question, and writes its weights as data.

    python -m tests.evals.lab.training.train_ambiguity

A logistic regression with a ridge over the signs of `assistant.dialogue.ambiguity`, by Newton's method; a second of one core.
It prints what it reaches in ten folds, and on each source when it was trained without that source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.adapters.offline.reading.ambiguity import AMBIGUOUS, probability
from assistant.dialogue.ambiguity import signs

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATA = Path(__file__).parent / "labelled" / "needs_question.jsonl"
SHIPPED = Path(__file__).parents[4] / "assistant" / "adapters" / "offline" / "data" / "ambiguity.json"
RIDGE, STEPS, FOLDS, DIGITS = 2.0, 30, 10, 4
Row = tuple[str, str, int]
"""Source, text, and whether it needs a question."""


def main() -> None:
    rows = load()
    judged = []
    order = np.random.default_rng(0).permutation(len(rows))
    for fold in range(FOLDS):
        held, learnt = (
            [rows[n] for n in order[fold::FOLDS]],
            [rows[n] for k in range(FOLDS) if k != fold for n in order[k::FOLDS]],
        )
        judged += predicted(held, fit(learnt))
    print(f"{FOLDS} folds:", summary(judged))
    for source in sorted({row[0] for row in rows}):
        others = fit([row for row in rows if row[0] != source])
        print(f"{source} by the others:", summary(predicted([row for row in rows if row[0] == source], others)))
    weights = fit(rows)
    body = {"weights": weights, "rows": len(rows), "data_sha256": hashlib.sha256(DATA.read_bytes()).hexdigest()}
    SHIPPED.write_text(json.dumps(body, indent=1) + "\n", "utf-8")


def load(path: Path = DATA) -> list[Row]:
    """The labelled requests, in order."""
    found = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return [(row["source"], row["text"], row["needs_question"]) for row in found]


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """The weight of each sign and "bias"."""
    table = [signs(text) for _, text, _ in rows]
    names = [*table[0], "bias"]
    x: NDArray[np.float64] = np.array([[*one.values(), 1.0] for one in table])
    y = np.array([float(label) for *_, label in rows])
    w, ridge = np.zeros(x.shape[1]), np.array([*[RIDGE] * (x.shape[1] - 1), 1e-6])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ w))
        w -= np.linalg.solve((x.T * (p * (1 - p))) @ x + np.diag(ridge), x.T @ (p - y) + ridge * w)
    return {name: round(float(value), DIGITS) for name, value in zip(names, w, strict=True)}


def predicted(rows: Sequence[Row], weights: dict[str, float]) -> list[tuple[int, int]]:
    """(right, given) for each row."""
    return [(label, int(probability(signs(text), weights) >= AMBIGUOUS)) for _, text, label in rows]


def summary(pairs: Sequence[tuple[int, int]]) -> str:
    both = sum(right and given for right, given in pairs)
    f1 = 2 * both / (sum(right for right, _ in pairs) + sum(given for _, given in pairs) or 1)
    clear = [given for right, given in pairs if not right]
    return f"F1 {f1:.3f}, over-asking {sum(clear) / (len(clear) or 1):.3f} of {len(pairs)}"


if __name__ == "__main__":
    main()
