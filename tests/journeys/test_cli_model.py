"""The switch and the use of the language model from the terminal, over a real database."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.adapters.store.sql_usage import SqlUsage
from assistant.bootstrap import build
from assistant.domain.usage import Spent
from assistant.services.conversing.status_text import say
from assistant.settings import Settings
from tests.commands import Outcome, outcome_of
from tests.unit.ui.wire import open_app

Run = Callable[..., Outcome]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    wired = open_app(tmp_path)
    wired.app.engine.dispose()
    for name in ("ASKWELL_AS", "ASKWELL_DATABASE_URL", "ASKWELL_DEMO", "ASKWELL_LLM_PRICES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ASKWELL_KNOWLEDGE", str(tmp_path / "knowledge"))
    return tmp_path


@pytest.fixture
def run(folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    yield lambda *arguments: outcome_of(arguments, io.TextIOWrapper(io.BytesIO()), capfd, monkeypatch)
    from assistant import logs

    logs.stop()


def test_a_person_switches_the_model_off_and_on(run: Run) -> None:
    said = [run("model", *state, "--as", "lena").out.strip() for state in ((), ("off",), (), ("on",), ())]
    assert said == [say(f"usage.model_{key}") for key in ("is_on", "off", "is_off", "on", "is_on")]
    assert run("model", "perhaps", "--as", "lena").code == 2
    assert run("model", "off", "--as", "nobody").code == 1


def test_curators_read_what_it_did_and_cost(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert say("usage.no_model") in run("usage", "--as", "petra").out.replace("\n", " ").replace("  ", " ")
    app = build(Settings())
    row = {"task": "ask", "model": "tiny", "prompt": 1_000_000, "completion": 100_000, "cached": 400_000}
    for n in range(5):
        at = datetime.now(UTC) - timedelta(days=n)
        SqlUsage(app.engine).record(Spent(at, f"p{n}", outcome="" if n else "late", **row))  # type: ignore[arg-type]
    app.close()
    monkeypatch.setenv("ASKWELL_LLM_PRICES", '{"tiny": [1, 10, 0.25]}')
    shown = run("usage", "--as", "petra").out
    for words in (say("usage_task.ask"), "5,500,000", "80%", "40%", "$8.50", say("usage_fallback.late")):
        assert words in shown, shown
    found = json.loads(run("usage", "--as", "alasdair", "--json").out)
    assert found["total"] == {
        "questions": 5, "by_model": 4, "prompt": 5_000_000, "completion": 500_000, "cached": 2_000_000, "cost": 8.5,
        "tokens": 5_500_000, "cached_share": 0.4, "model_share": 0.8,
    }  # fmt: skip
    assert found["fallbacks"] == {"late": 1}
    refused = run("usage", "--as", "lena")
    assert (refused.code, refused.out) == (1, "")


@pytest.mark.parametrize("prices", ["{x", "[]", '{"a": [1, 2]}', '{"a": [1, 2, -3]}', '{"a": [1, 2, "x"]}', '{"a": 3}'])
def test_prices_that_cannot_be_read_are_named(run: Run, monkeypatch: pytest.MonkeyPatch, prices: str) -> None:
    monkeypatch.setenv("ASKWELL_LLM_PRICES", prices)
    told = run("usage", "--as", "petra")
    assert told.code == 1 or told.code == 2
    assert "ASKWELL_LLM_PRICES" in told.err
