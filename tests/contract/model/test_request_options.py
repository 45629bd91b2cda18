"""What servers differ in: a form that makes them fail, options by other names, streams; and a reader who leaves. Real HTTP."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.model.client.output_modes import OutputModes
from tests.contract.model.support import GOOD, call, opened, streamed, structured
from tests.model_server import model_server

ASKED = {"answers": {"ask": GOOD}}


def test_a_server_that_fails_over_a_form_is_asked_without_it() -> None:
    """As llama-cpp-python does, which knows json_object alone."""
    with model_server(output_modes={"json_mode"}, fails_on_modes=True, **ASKED) as server, opened(server.url) as chat:
        run = structured(chat, call())
        assert (run.why, chat.mode("ask")) == ("", "json_mode")
        assert len(run.spent) == 1
        server.seen.clear()
        assert structured(chat, call()).found
        assert len(server.seen) == 1


def test_a_server_that_fails_without_a_form_is_at_fault() -> None:
    with model_server(fault="500", **ASKED) as server, opened(server.url) as chat:
        assert structured(chat, call()).why == "fault"
        assert "response_format" not in server.seen[-1].body
        assert streamed(chat, call()).why == "fault"


def test_one_failure_does_not_lower_a_rung_that_has_stood() -> None:
    with model_server(**ASKED) as server, opened(server.url) as chat:
        assert structured(chat, call()).found
        server.output_modes, server.fails_on_modes = {"json_mode"}, True
        assert structured(chat, call()).found
        assert chat.mode("ask") == "json_schema"
        server.fails_on_modes = False
        assert structured(chat, call()).found
        assert chat.mode("ask") == "json_mode"


@pytest.mark.parametrize("run", [structured, streamed])
@pytest.mark.parametrize(
    ("unknown", "instead"),
    [({"max_tokens"}, {"max_completion_tokens": 800}), ({"stream_options"}, {"stream": True}), ({"stream"}, {"max_tokens": 800})],
)
def test_an_option_that_a_server_refuses_is_asked_for_otherwise(
    run: Any, unknown: set[str], instead: dict[str, Any], tmp_path: Path
) -> None:
    kept = tmp_path / "output_modes.json"
    with model_server(unknown=unknown, **ASKED) as server:
        with opened(server.url, OutputModes(kept)) as chat:
            assert not run(chat, call()).why
        server.seen.clear()
        with opened(server.url, OutputModes(kept)) as again:
            assert not run(again, call()).why
        (seen,) = server.seen
        assert instead.items() <= seen.body.items()
        assert not any(seen.body.get(name) for name in unknown)


def test_an_option_by_neither_name_is_a_fault() -> None:
    with model_server(unknown={"max_tokens", "max_completion_tokens"}, **ASKED) as server, opened(server.url) as chat:
        assert streamed(chat, call()).why == "fault"
        assert len(server.seen) == 2


@pytest.mark.parametrize("run", [structured, streamed])
def test_a_server_that_does_not_stream_is_asked_for_the_whole(run: Any) -> None:
    with model_server(streams=False, **ASKED) as server, opened(server.url) as chat:
        assert not run(chat, call()).why
        assert not run(chat, call()).why
        assert [bool(seen.body.get("stream")) for seen in server.seen] == [True, False, False]


def test_a_stream_that_is_broken_off_is_asked_for_as_a_whole() -> None:
    """As llama-cpp-python does when another request comes; the next call is streamed again."""
    with model_server(breaks_off=True, **ASKED) as server, opened(server.url) as chat:
        run = structured(chat, call())
        assert (run.why, len(run.spent)) == ("", 2)
        assert streamed(chat, call()).why == "cut"
        assert [bool(seen.body.get("stream")) for seen in server.seen] == [True, False, True]
        assert chat.mode("ask") == "json_schema"


def test_a_server_stops_when_nobody_waits_for_a_structured_answer_any_more() -> None:
    with model_server(pace=0.1, answers={"ask": "word " * 200}) as server, opened(server.url) as chat:
        assert structured(chat, call(seconds=1)).why == "late"
        time.sleep(0.3)
        written = server.written
        assert 0 < written < 20
        time.sleep(0.5)
        assert server.written == written
