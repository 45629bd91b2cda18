"""A model may fail in any way, at any step: an answer comes, in time, says so, and the endpoint is left alone until it works."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from assistant.adapters.model.resilience.resilient_endpoint import Limits
from tests.fakes import SPECIFIC
from tests.faults.__main__ import PAGE
from tests.faults.matrix import FAULTS, STEPS, run
from tests.model_app import model_app
from tests.model_server import ModelServer, model_server

AT_ONCE = 0.3
"""Seconds, on a machine that lets one do; the least of three is taken."""


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as started:
        yield started


@pytest.fixture
def fresh(server: ModelServer) -> ModelServer:
    server.fault, server.after, server.pause = "", 0, 30.0
    server.faults.clear()
    server.answers.clear()
    server.seen.clear()
    return server


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("step", STEPS)
def test_every_fault_at_every_step(fresh: ModelServer, step: str, fault: str) -> None:
    assert run(step, fault, fresh).wrong == ""


def test_the_page_holds_every_cell_and_no_cross() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    head = next(line for line in lines if line.startswith("| step |"))
    assert head == "| step | " + " | ".join(FAULTS) + " |"
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ") and line != head] == list(STEPS)
    assert "✗" not in "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize(("task", "most"), [("sharpen", 8.0), ("answer", 8.0)])
def test_a_model_that_never_answers_holds_a_turn_up_by_eight_seconds_at_most(fresh: ModelServer, task: str, most: float) -> None:
    """With the product's own limits."""
    fresh.faults[task] = "timeout"
    with model_app(fresh.url) as made:
        request = made.wired.open()
        begun = time.monotonic()
        reply = made.wired.say(request, SPECIFIC).reply
        assert time.monotonic() - begun <= most
    assert reply is not None
    assert reply.sharp_question
    assert reply.provenance.fallback == "late"


@pytest.mark.parametrize("fault", ["500", "401", "429", "malformed", "cut"])
def test_once_the_circuit_is_open_an_answer_comes_at_once_and_nothing_is_sent(fresh: ModelServer, fault: str) -> None:
    fresh.fault = fault
    with model_app(fresh.url) as made:
        for _ in range(3):
            made.wired.say(made.wired.open(), SPECIFIC)
        fresh.seen.clear()
        took = []
        for _ in range(3):
            request = made.wired.open()
            begun = time.monotonic()
            reply = made.wired.say(request, SPECIFIC).reply
            took.append(time.monotonic() - begun)
        assert min(took) <= AT_ONCE
    assert reply is not None
    assert (reply.provenance.way, reply.provenance.fallback) == ("offline", "resting")
    assert fresh.seen == []


def test_it_recovers_by_itself(fresh: ModelServer) -> None:
    now = [0.0]
    fresh.fault = "500"
    with model_app(fresh.url, Limits()) as made:
        made.languages.breaker._now = lambda: now[0]
        for _ in range(3):
            made.wired.say(made.wired.open(), SPECIFIC)
        fresh.fault = ""
        now[0] += 31
        reply = made.wired.say(made.wired.open(), SPECIFIC).reply
    assert reply is not None
    assert reply.provenance.way == "model"
    assert reply.provenance.fallback in ("", "unsupported")


def test_a_healthy_model_has_part_in_every_step_and_says_so(fresh: ModelServer) -> None:
    fresh.answers["brief"] = {"background": "new CFO"}
    for name, step in STEPS.items():
        with model_app(fresh.url) as made:
            request = step.before(made)
            got = step.act(made.wired, request)
        assert got.provenance.way == "model", name
        assert any(prompt.startswith(f"{step.task}@") for prompt in got.provenance.prompts), name


def test_without_a_fault_the_model_that_answers_is_heard(fresh: ModelServer) -> None:
    with model_app(fresh.url) as made:
        request = made.wired.open()
        reply = made.wired.say(request, SPECIFIC).reply
    assert reply is not None
    assert [sentence.text for sentence in reply.answer] == ["Put the ask on the first slide."]
    assert reply.answer[0].cites == (1,)
