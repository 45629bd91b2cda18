"""The measures of the offline debrief do not fall, where the data is at hand; a wrong debrief is seen by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.evaluation.debrief import evaluate_debrief
from assistant.evaluation.figures import Figure
from tests.evals.floors import floor

PLACE = Path(__file__).parents[3] / "shared" / "data" / "debriefs" / "dev" / "debriefs.jsonl"
MEASURED = {
    "action F1": 0.971,
    "owner right": 0.98,
    "due date right": 1.0,
    "proposal recall": 0.88,
    "decision recall": 0.714,
    "takeaway recall": 0.8,
    "resource recall": 1.0,
    "open question recall": 0.889,
    "competency recall": 0.706,
    "not covered F1": 0.952,
}
NEVER = ("decoys shown as agreed", "must not appear, but does", "invented items")

needs_data = pytest.mark.skipif(not PLACE.exists(), reason="the debriefs are not here")


@pytest.fixture(scope="module")
def measured() -> dict[str, Figure]:
    report = evaluate_debrief(PLACE, "debriefs, dev", OfflineLanguage())
    return {figure.name: figure for figure in report.figures}


@needs_data
@pytest.mark.parametrize("name", NEVER)
def test_nothing_is_invented_leaked_or_promoted(measured: dict[str, Figure], name: str) -> None:
    assert measured[name].value == 0


@needs_data
@pytest.mark.parametrize("name", MEASURED)
def test_the_floors_hold(measured: dict[str, Figure], name: str) -> None:
    assert (measured[name].value or 0) >= floor(MEASURED[name], measured[name].count)
