"""`askwell doctor` and the language model: what it can do in the time of a turn, and odd endpoints named truly. Real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import Run
from tests.contract.model.test_odd_answers import Raw, Thinker, message, replying, whole
from tests.journeys.test_doctor import levels, only, server
from tests.model_server import ModelServer

__all__ = ["server"]


@pytest.mark.parametrize(("delay", "says"), [(0.8, "where time is left"), (2.5, "composed offline will be shown")])
def test_what_a_slow_model_can_do_in_a_turn(
    delay: float, says: str, server: ModelServer, run: Run, env: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKWELL_LLM_SECONDS", "2")
    server.delay = delay
    assert any(says in sentence for level, sentence in levels(run, 0)["model"] if level == "note")


@pytest.mark.parametrize(("heeds", "says"), [("effort", "asks it not to"), ("", "2000 tokens")])
def test_a_model_that_thinks_before_it_answers(heeds: str, says: str, server: ModelServer, run: Run, env: Path) -> None:
    server.raw = Thinker(heeds=heeds, text='{"word": "four"}')
    assert any(says in sentence for level, sentence in levels(run, 0)["model"] if level == "note")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (replying({"reasoning_content": "well"}, {"content": ""}, finish="length"), "on thinking"),
        (whole({"error": {"message": "Provider returned error", "code": 429}}), "limits the rate"),
        (whole({"error": {"message": "upstream broke", "code": 502}}), "server error"),
        (whole({"choices": None}), "empty answer"),
        (whole(message(content=None, refusal="I cannot help with that.")), "refuses to answer"),
    ],
)
def test_what_is_wrong_is_named_truly(raw: Raw, says: str, server: ModelServer, run: Run, env: Path) -> None:
    server.raw = raw
    assert says in only(run, "model", "fault")
