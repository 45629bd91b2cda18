"""Fits the weights of `retrieval.turn`, and says how good they are on conversations they were not fitted on.

    python -m assistant.training.train_turn ../shared/data/mtrag_un

It reads the dev part of MTRAG-UN (198 tasks; Apache-2.0) through the evaluation's own code, once for each local embedder, and
writes `retrieval/data/turn.json`. Asking and declining count twice in the fit, and the ridge is strong for so few tasks:
both were chosen by the cross-validated figure and matter little (ridge 5 to 60, weight 1.5 to 3: 0.63 to 0.68).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.decide import Turn, macro_f1, turns_of
from assistant.evaluation.job import Job
from assistant.evaluation.sets import locate
from retrieval.build import make_embeddings
from retrieval.turn import ACTIONS

OUT = Path(__file__).parents[2] / "retrieval" / "data" / "turn.json"
RIDGE, COUNT = 10.0, np.array([1.0, 2.0, 2.0])
FOLDS, REPEATS = 10, 5

Floats = NDArray[np.float64]


def main(folder: str) -> None:
    job = Job(locate("decide", Path(folder), "dev"), "dev", lambda stage, done, total: None)
    table = {}
    for name in ("minilm", "wordllama"):
        embeddings = make_embeddings(name)
        table[embeddings.id] = fitted(turns_of(job, embeddings))
        print(embeddings.id, table[embeddings.id]["found"])
    OUT.write_text(shown(table), "utf-8")


def shown(table: Mapping[str, Any]) -> str:
    """As JSON, one line a feature."""
    rows = []
    for embedder, row in table.items():
        lines = ",\n".join(f"   {json.dumps(name)}: {json.dumps(values)}" for name, values in row["features"].items())
        found, bias = json.dumps(row["found"]), json.dumps(row["bias"])
        rows.append(f' "{embedder}": {{\n  "found": {found},\n  "features": {{\n{lines}\n  }},\n  "bias": {bias}\n }}')
    return "{\n" + ",\n".join(rows) + "\n}\n"


def fitted(turns: list[Turn]) -> dict[str, Any]:
    """The row of an embedder: for each feature its usual value, its spread and a weight an action; the biases.

    `found` has the macro F1 and the share of false declines on conversations that were held out.
    """
    names = list(turns[0].features)
    features, right = matrix(turns, names), np.array([ACTIONS.index(turn.right) for turn in turns])
    usual, spread, weights = fit(features, right)
    f1, declined = held_out(turns, features, right)
    columns = zip(names, usual, spread, *weights[:, :-1], strict=True)
    return {
        "found": f"fitted on dev; cross-validated there {f1:.3f} ({declined:.3f})",
        "features": {name: [round(float(value), 4) for value in row] for name, *row in columns},
        "bias": {action: round(float(value), 4) for action, value in zip(ACTIONS, weights[:, -1], strict=True)},
    }


def matrix(turns: list[Turn], names: list[str]) -> Floats:
    """One row a turn; what is not there is nan."""
    return np.array([[np.nan if turn.features[n] is None else turn.features[n] for n in names] for turn in turns], dtype=float)


def fit(features: Floats, right: NDArray[np.int_]) -> tuple[Floats, Floats, Floats]:
    """Usual values, spreads, and weights of shape (actions, features + 1) by Newton steps; the bias is not shrunk."""
    usual, spread = np.nanmean(features, axis=0), np.nanstd(features, axis=0) + 1e-6
    seen = np.c_[np.nan_to_num((features - usual) / spread), np.ones(len(features))]
    kinds, size = len(ACTIONS), seen.shape[1]
    count = COUNT[right] / COUNT[right].mean()
    shrink = np.r_[np.full(size - 1, RIDGE), 1e-6]
    weights = np.zeros((kinds, size))
    for _ in range(40):
        chances = softmax(seen @ weights.T)
        slope = ((np.eye(kinds)[right] - chances) * count[:, None]).T @ seen - weights * shrink
        inner = np.einsum("na,ab->nab", chances, np.eye(kinds)) - np.einsum("na,nb->nab", chances, chances)
        curve = np.einsum("n,nab,ni,nj->aibj", count, inner, seen, seen, optimize=True).reshape(kinds * size, kinds * size)
        curve += np.diag(np.tile(shrink, kinds))
        weights = weights + np.linalg.solve(curve, slope.ravel()).reshape(weights.shape)
    return usual, spread, weights


def softmax(sums: Floats) -> Floats:
    raised = np.exp(sums - sums.max(axis=1, keepdims=True))
    chances: Floats = raised / raised.sum(axis=1, keepdims=True)
    return chances


def held_out(turns: list[Turn], features: Floats, right: NDArray[np.int_]) -> tuple[float, float]:
    """Macro F1 and false declines, the mean of several divisions; a conversation is never on both sides."""
    talks = [turn.id.split("<", 1)[0] for turn in turns]
    scores = []
    for repeat in range(REPEATS):
        names = sorted(set(talks))
        fold = dict(zip(names, np.random.default_rng(repeat).permutation(len(names)) % FOLDS, strict=True))
        of = np.array([fold[talk] for talk in talks])
        taken = np.zeros(len(turns), dtype=int)
        for part in range(FOLDS):
            usual, spread, weights = fit(features[of != part], right[of != part])
            seen = np.nan_to_num((features[of == part] - usual) / spread)
            taken[of == part] = (np.c_[seen, np.ones(len(seen))] @ weights.T).argmax(axis=1)
        pairs = [(ACTIONS[r], ACTIONS[t]) for r, t in zip(right, taken, strict=True)]
        scores.append((macro_f1(pairs), float((taken[right == 0] == 2).mean())))
    f1, declined = np.mean(scores, axis=0)
    return float(f1), float(declined)


if __name__ == "__main__":
    main(sys.argv[1])
