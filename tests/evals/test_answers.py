"""Floors for the checks of what a model says: precision first, on sentences that differ from the truth by one word."""

from __future__ import annotations

import json

import pytest

from assistant.dialogue.grounding.entailment import claims_status
from tests.evals.answers import DATA, figures, near, pairs
from tests.evals.floors import floor

MEASURED = {"dev": (1.0, 0.896, 0.987, 0.802), "held": (0.976, 0.745, 0.975, 0.709)}
"""Precision and recall with a measure of meaning, and without."""


@pytest.mark.parametrize("part", MEASURED)
def test_what_is_let_through_is_supported(part: str) -> None:
    with_meaning, alone = figures(part, near()), figures(part, None)
    found = (with_meaning.precision, with_meaning.recall, alone.precision, alone.recall)
    cases = [count for one in (with_meaning, alone) for count in (sum(one.through.values()), one.of["paraphrase"])]
    least = [floor(value, count) for value, count in zip(MEASURED[part], cases, strict=True)]
    assert all(value >= limit for value, limit in zip(found, least, strict=True)), found


@pytest.mark.parametrize("kind", ["number", "invented", "other article"])
def test_no_changed_figure_no_invention_and_no_stranger_is_let_through(kind: str) -> None:
    for part in MEASURED:
        for measure in (None, near()):
            assert figures(part, measure).through.get(kind, 0) == 0


def test_the_pairs_are_enough_and_honest() -> None:
    everything = [pair for part in MEASURED for pair in pairs(part)]
    assert sum(pair.kind == "paraphrase" for pair in everything) >= 60
    assert len(everything) >= 150
    assert not {pair.excerpt.title for pair in pairs("dev")} & {pair.excerpt.title for pair in pairs("held")}
    assert not any(pair.supported and pair.sentence in pair.excerpt.text for pair in everything)


STATUSES = [json.loads(line) for line in (DATA / "statuses.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", [row for row in STATUSES if row["claim"]], ids=lambda row: row["text"][:40])
def test_a_claimed_status_is_seen(row: dict[str, str]) -> None:
    assert claims_status(row["text"])


def test_advice_is_rarely_taken_for_a_status() -> None:
    advice = [row["text"] for row in STATUSES if not row["claim"]]
    assert len(advice) >= 100
    assert sum(map(claims_status, advice)) <= 2
