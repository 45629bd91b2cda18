"""Trains the judge of sharp questions on judged candidates and writes `judge.json`.

    python -m tests.evals.lab.training.train_judge

`labelled/judged/*.jsonl` has one message a line: its id and its candidates, each as built, with its grade F, A or W. The messages
themselves are read by the installed model, as in the product. Since the question writer's scores are features, only voices count
that it has not learnt from (`held` in `writing.json`); the figures are of voices that the judge of that fold has not learnt from.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.offline.composing.judge import features
from assistant.adapters.offline.composing.question_writer import QuestionWriter
from assistant.adapters.offline.composing.sharpen import offered, source_of
from assistant.adapters.offline.composing.written import placed
from assistant.adapters.offline.reading.unit_model import Reader
from assistant.domain.need import Need
from tests.evals.lab.training.openings import OPENINGS, openings

JUDGED = Path(__file__).parent / "labelled" / "judged"
OUT = Path(__file__).parents[4] / "assistant" / "adapters" / "offline" / "data" / "judge.json"
RIDGE = 1.5
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One judged candidate as features, with 1.0 for fine, 0.35 for awkward and 0.0 for wrong as its worth."""

    message: str
    grade: str
    found: dict[str, float]

    @property
    def voice(self) -> str:
        return self.message.rsplit("-", 1)[0]


def held_voices() -> list[str]:
    """The voices that the question writer has not learnt from."""
    found: list[str] = json.loads((OUT.parent / "writing.json").read_text("utf-8"))["held"]
    return found


def rows(folder: Path = JUDGED) -> list[Row]:
    """All judged candidates of the held voices."""
    held = held_voices()
    texts = {opening.id: opening.text for opening in openings(OPENINGS)}
    reader, writer = Reader(), QuestionWriter()
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            judged = json.loads(line)
            if judged["id"].rsplit("-", 1)[0] not in held:
                continue
            grades = {text.casefold(): grade for text, grade in judged["grades"].items()}
            text = texts[judged["id"]]
            reading = reader.read(text)
            source, message = source_of(Need(), reading), writer.message(text, reading)
            known = {candidate.text.casefold(): candidate for candidate in offered(source)}
            each = [known.get(words, placed(words, source.units)) for words in grades]
            scores = writer.scores(message, [candidate.text for candidate in each]) if message else [None] * len(each)
            for grade, candidate, score in zip(grades.values(), each, scores, strict=True):
                found.append(Row(judged["id"], grade, features(source, candidate, score)))
    return found


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """Weights of a logistic model for "fine"."""
    names = sorted({name for row in rows for name in row.found})
    table = np.array([[*(row.found.get(name, 0.0) for name in names), 1.0] for row in rows])
    truth = np.array([{"F": 1.0, "A": 0.12, "W": 0.0}[row.grade] for row in rows])
    weights = logistic(table, truth, RIDGE)
    return {name: round(float(value), 4) for name, value in zip([*names, "bias"], weights, strict=True)}


def logistic(table: Floats, truth: Floats, ridge: float) -> Floats:
    """Newton steps for a logistic regression; the last column is the bias and is not shrunk."""
    weights = np.zeros(table.shape[1])
    shrink = np.diag([*[ridge] * (table.shape[1] - 1), 1e-6])
    for _ in range(40):
        guess = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (truth - guess) - shrink @ weights
        curve = (table * (guess * (1 - guess))[:, None]).T @ table + shrink
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def chosen(rows: Iterable[Row], weights: dict[str, float]) -> dict[str, float]:
    """Shares of fine, awkward and wrong among the candidates that the judge prefers, and of messages with a fine one."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.message, []).append(row)
    best = [max(group, key=lambda row: sum(weights.get(n, 0.0) * v for n, v in row.found.items())) for group in groups.values()]
    shares = {grade: sum(row.grade == grade for row in best) / len(best) for grade in "FAW"} if best else {}
    return {
        **shares,
        "any F": sum(any(r.grade == "F" for r in g) for g in groups.values()) / max(1, len(groups)),
        "messages": len(groups),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the judge of sharp questions.")
    parser.add_argument("--folds", type=int, default=8)
    given = parser.parse_args()
    every = rows()
    voices = held_voices()
    crossed: list[dict[str, float]] = []
    for fold in range(given.folds):
        out = set(voices[fold :: given.folds])
        weights = fit([row for row in every if row.voice not in out])
        crossed.append(chosen([row for row in every if row.voice in out], weights))
    messages = sum(one["messages"] for one in crossed)
    mean = {name: round(sum(one[name] * one["messages"] for one in crossed) / messages, 3) for name in ("F", "A", "W", "any F")}
    print(len(every), "judged candidates of", messages, "messages; by voices kept apart:", mean)
    OUT.write_text(json.dumps({"judged": len(every), "weights": fit(every)}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
