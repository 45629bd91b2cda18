"""The measures of the offline debrief do not fall, where the data is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.training.evaluate_debrief import Report, evaluate, load, main, overlap

PLACE = Path(__file__).parents[3] / "shared" / "data" / "debriefs" / "dev" / "debriefs.jsonl"
FLOORS = {"proposal": 0.9, "takeaway": 0.7, "decision": 0.6, "resource": 0.75, "open_question": 0.85, "competency": 0.6}

needs_data = pytest.mark.skipif(not PLACE.exists(), reason="the debriefs are not here")


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(load(PLACE))


@needs_data
@pytest.mark.parametrize("name", ["invented", "forbidden", "decoy"])
def test_nothing_is_invented_leaked_or_promoted(report: Report, name: str) -> None:
    assert report.tally[name] == 0


@needs_data
def test_actions(report: Report) -> None:
    assert report.f1("action") >= 0.95
    assert report.ratio("owner.hit", "action.hit") >= 0.95
    assert report.ratio("due.hit", "action.hit") >= 0.97


@needs_data
@pytest.mark.parametrize("kind", FLOORS)
def test_recall(report: Report, kind: str) -> None:
    assert report.ratio(f"{kind}.hit", f"{kind}.gold") >= FLOORS[kind]


@needs_data
def test_plan(report: Report) -> None:
    assert report.f1("plan") >= 0.9


def test_overlap_is_the_dice_coefficient_of_tokens() -> None:
    assert overlap("send the file", "Send the file!") == 1.0
    assert overlap("send the file", "send it") == pytest.approx(0.4)
    assert overlap("", "x") == 0.0


def test_the_measures_see_an_error() -> None:
    sentence = "I will call Ben by Friday."
    empty = (
        "not_actions",
        "proposals",
        "decisions",
        "resources",
        "open_questions",
        "other_expert",
        "competency",
        "not_covered",
    )
    gold: dict[str, object] = {name: [] for name in empty}
    gold["actions"] = [{"quote": sentence, "owner": "mentor", "due": "2026-06-13"}]
    gold |= {"takeaways": [{"quote": "always call"}], "must_not_appear": ["call ben"]}
    case = {"id": "x", "session_date": "2026-06-10", "text": sentence, "brief": {"planned": ["cost"]}, "gold": gold}
    found = evaluate([case])
    assert (found.tally["action.hit"], found.tally["owner.hit"], found.tally["due.hit"]) == (1, 0, 0)
    assert found.tally["forbidden"] == 1
    assert {what for _, what, _ in found.errors} == {"owner", "due", "missed takeaway", "must not appear"}


def test_the_command_wants_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
