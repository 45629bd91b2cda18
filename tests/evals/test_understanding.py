"""Floors for the offline understanding on the project's own scenarios, which nothing was trained or tuned on.

The whole table: `python -m tests.evals.lab.training.evaluate tests/evals/data/scenarios.jsonl`.
"""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path

import pytest

from tests.evals.floors import floor
from tests.evals.lab.training.evaluate import figures, judged

OWN = Path(__file__).parent / "data" / "scenarios.jsonl"
DATA = files("assistant.adapters.offline") / "data"
MODEL_LIMIT = 36_000_000


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    return figures(OWN)


MEASURED = {
    "slot F1": (0.366, 158),
    "slot F1, task and context as one": (0.488, 125),
    "presence F1, filled": (0.677, 158),
    "specific against vague": (0.75, 48),
}
"""With the number of cases. The labels are phrases; whole sentences score low against them (see test_dialogue_eval)."""


@pytest.mark.parametrize("name", MEASURED)
def test_a_measure_holds_its_floor(measured: dict[str, float], name: str) -> None:
    assert measured[name] >= floor(*MEASURED[name])


@pytest.mark.parametrize("kind", ["sensitive", "wants_person", "trajectory"])
def test_what_must_not_be_overlooked_is_recognised(measured: dict[str, float], kind: str) -> None:
    assert measured[f"{kind} recognised"] == 1.0


def test_false_alarms_are_few_of_sixty(measured: dict[str, float]) -> None:
    assert measured["sensitive false alarms, number"] + measured["wants_person false alarms, number"] <= 7


def test_every_quote_is_in_the_opening() -> None:
    assert all(quote in row.row.opening for row in judged(OWN) for quote in row.quotes.values())


def test_the_model_is_the_one_that_was_measured() -> None:
    settings = json.loads((DATA / "reading.json").read_text("utf-8"))
    model = (DATA / "reading.onnx").read_bytes()
    assert hashlib.sha256(model).hexdigest() == settings["model_sha256"]
    assert len(model) <= MODEL_LIMIT
