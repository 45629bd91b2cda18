"""What is hidden before sending, on the project's own texts (written to be hard) and on the shared development set."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.dialogue.privacy.redaction import Redaction
from assistant.evaluation.figures import Report
from assistant.evaluation.job import Job
from assistant.evaluation.redact import evaluate_redact
from assistant.evaluation.sets import BadSet, Located, locate

OWN = Path(__file__).parent / "data" / "texts.jsonl"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "pii_presidio"
NAMES = [f"{kind}: {measure}" for kind in ("e-mail addresses", "phone numbers") for measure in ("recall", "precision")]


def measured(path: Path) -> Report:
    found = Located(path.parent, {path.name: path}, path.name) if path.is_file() else locate("redact", path, "dev")
    return evaluate_redact(Job(found, "dev", lambda stage, done, total: None))


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "texts.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("place", [OWN, SHARED])
def test_nearly_all_is_hidden_and_nearly_nothing_else(place: Path) -> None:
    if not place.exists():
        pytest.skip("this set is not here")
    report = measured(place)
    for name in NAMES:
        assert (report.figure(name).value or 0) >= 0.95, report.rows
    assert report.figure("texts that come back exactly").value == 1.0


def test_mistakes_are_counted_and_shown(tmp_path: Path) -> None:
    missed = '{"id": "a", "text": "room 12 34", "spans": [{"type": "PHONE_NUMBER", "start": 5, "end": 10, "value": "12 34"}]}'
    wrong = '{"id": "b", "text": "call +44 20 7946 0018", "spans": []}'
    report = measured(written(tmp_path, missed, wrong))
    assert [(row["id"], row["mistake"], row["text"]) for row in report.rows] == [
        ("a", "missed", "12 34"), ("b", "hidden for nothing", "+44 20 7946 0018"),
    ]  # fmt: skip
    assert (report.figure(NAMES[2]).value, report.figure(NAMES[3]).value) == (0.0, 0.0)
    assert report.figure(NAMES[0]).value is None


def test_what_comes_back_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Redaction, "restore", lambda self, text: text)
    assert (measured(OWN).figure("texts that come back exactly").value or 0) < 0.5


@pytest.mark.parametrize(
    "bad", ['{"text": "a", "spans": [{"type": "x"}]}', '{"text": 7, "spans": []}', '{"text": "a", "spans": {}}']
)
def test_a_damaged_line_is_named(tmp_path: Path, bad: str) -> None:
    with pytest.raises(BadSet, match="line 1"):
        measured(written(tmp_path, bad))
