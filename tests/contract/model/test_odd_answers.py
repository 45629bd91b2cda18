"""What OpenAI-compatible servers really send: thinking, text in parts, errors under a status of 200, no choices. Real HTTP.

The cases are those that people reported to projects like this one; each is usable, or its fault is named truly.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import Response
from fastapi.responses import JSONResponse, StreamingResponse

from assistant.adapters.model.client.metering import Thoughts
from tests.contract.model.support import GOOD, Asked, Run, call, opened, streamed, structured
from tests.model_server import ModelServer, model_server

TEXT = json.dumps(GOOD)
Raw = Callable[[dict[str, Any]], Response | None]


def message(finish: str | None = "stop", **inner: Any) -> dict[str, Any]:
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "play-1",
            "choices": [{"index": 0, "message": {"role": "assistant", **inner}, "finish_reason": finish}]}  # fmt: skip


def events(*lines: str) -> Response:
    return StreamingResponse(iter(lines), media_type="text/event-stream")


def replying(*deltas: dict[str, Any], finish: str | None = "stop", usage: Any = None, ends: str = "data: [DONE]\n\n") -> Raw:
    """A stream of these pieces, or the same as one answer where no stream is asked for."""

    def reply(body: dict[str, Any]) -> Response:
        if not body.get("stream"):
            joined: dict[str, Any] = {}
            for delta in deltas:
                for name, value in delta.items():
                    joined[name] = joined[name] + value if name in joined and value is not None else value
            return JSONResponse({**message(finish, **joined), "usage": usage})
        chunks = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
        chunks += [{"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}]
        return StreamingResponse(
            iter([*(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks), ends]), media_type="text/event-stream"
        )

    return reply


def whole(content: dict[str, Any]) -> Raw:
    """One answer as JSON with a status of 200, whatever was asked for."""
    return lambda body: JSONResponse(content)


def both(raw: Raw, **handles: Any) -> tuple[Run, Run, ModelServer]:
    with model_server(raw=raw, **handles) as server, opened(server.url) as chat:
        return structured(chat, call()), streamed(chat, call("answer")), server


class Thinker:
    """Thinks 300 tokens in a field of its own or in tags, then answers; ends at the limit. `heeds`: it can be switched off."""

    def __init__(
        self, field: str = "reasoning_content", heeds: str = "", refuses: bool = False, text: str = TEXT
    ) -> None:  # fmt: skip
        self.field, self.heeds, self.refuses, self.text = field, heeds, refuses, text
        self.limits: list[int] = []

    def __call__(self, body: dict[str, Any]) -> Response:
        limit = int(body.get("max_tokens") or body.get("max_completion_tokens") or 0)
        self.limits.append(limit)
        if self.refuses and "reasoning_effort" in body:
            told = {"message": "reasoning_effort is not supported", "param": "reasoning_effort", "type": "invalid_request_error"}
            return JSONResponse({"error": told}, 400)
        off = self.heeds == "effort" and body.get("reasoning_effort") == "none"
        off |= self.heeds == "template" and body.get("chat_template_kwargs") == {"enable_thinking": False}
        enough = off or limit > 1000
        thoughts = [] if off else [{"content": "<think>well "}] if self.field == "tags" else [{self.field: "well "}]
        if self.field == "hidden":
            thoughts = []
        closing = [{"content": "</think>\n"}] if self.field == "tags" and enough and not off else []
        said = [{"content": self.text[:9]}, {"content": self.text[9:]}] if enough else [{"content": ""}]
        return replying(*thoughts, *closing, *said, finish="stop" if enough else "length")(body)  # type: ignore[return-value]


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning", "tags", "hidden"])
@pytest.mark.parametrize(("heeds", "requests"), [("effort", 2), ("template", 2), ("", 3)])
def test_60_a_model_that_thinks_is_asked_not_to_and_else_given_room(field: str, heeds: str, requests: int) -> None:
    thinker = Thinker(field, heeds)
    with model_server(raw=thinker) as server, opened(server.url) as chat:
        assert structured(chat, call()).found == Asked(**GOOD)  # type: ignore[arg-type]
        assert len(server.seen) == requests
        assert "".join(streamed(chat, call("answer")).pieces) == TEXT
        assert len(server.seen) == requests + 1, "what works is remembered"
        assert chat.thinking("ask") == ("off" if heeds else "room")


def test_60_a_server_that_refuses_the_switch_gets_room() -> None:
    with model_server(raw=Thinker(refuses=True)) as server, opened(server.url) as chat:
        assert structured(chat, call()).found
        assert chat.thinking("ask") == "room"


def test_60_a_model_that_only_thinks_is_named_so() -> None:
    thinking = replying({"reasoning_content": "well well"}, {"content": ""}, finish="length")
    found = both(thinking)
    assert [run.why for run in found[:2]] == ["thinking", "thinking"]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ({"message": "Provider returned error", "code": 429}, "busy"),
        ({"message": "Rate limit reached", "code": "rate_limit_exceeded"}, "busy"),
        ({"message": "Internal error", "code": 502}, "fault"),
        ({"message": "No credit", "code": "insufficient_quota"}, "quota"),
        ({"message": "bad key", "code": 401}, "refused"),
        ("upstream is overloaded", "busy"),
        ("CUDA out of memory", "fault"),
    ],
)
def test_61_an_error_under_a_status_of_200_is_the_endpoints_own(error: Any, why: str) -> None:
    found = both(whole({"error": error}))
    assert [run.why for run in found[:2]] == [why, why]
    in_stream = both(
        lambda body: StreamingResponse(iter([f"data: {json.dumps({'error': error})}\n\n"]), media_type="text/event-stream")
    )
    assert in_stream[1].why in (why, "fault")


PARTS = [{"type": "text", "text": TEXT[:9]}, {"type": "text", "text": TEXT[9:]}]


@pytest.mark.parametrize("stream", [True, False])
def test_62_text_in_parts_is_joined_and_nothing_is_printed(stream: bool) -> None:
    raw = replying({"content": PARTS[:1]}, {"content": PARTS[1:]}) if stream else whole(message(content=PARTS))
    with warnings.catch_warnings(record=True) as warned:
        found = both(raw)
    assert found[0].found == Asked(**GOOD)  # type: ignore[arg-type]
    assert "".join(found[1].pieces) == TEXT
    assert [str(one.message) for one in warned if "serializer" in str(one.message)] == []


ODD: dict[str, Raw] = {
    "null content first": replying({"role": "assistant", "content": None}, {"content": TEXT}),
    "no role": replying({"content": TEXT}),
    "empty tool calls": replying({"content": TEXT, "tool_calls": []}),
    "null tool calls": replying({"content": TEXT, "tool_calls": None, "function_call": None}),
    "no finish reason": replying({"content": "Fire it slower."}, {"content": ""}, finish=None),
    "no done": replying({"content": TEXT}, ends=""),
    "comments and blank lines": replying({"content": TEXT}, ends=": keep-alive\n\n\n\ndata: [DONE]\n\n"),
    "usage null": replying({"content": TEXT}, usage=None),
    "eos as finish": replying({"content": TEXT}, finish="eos"),
    "one answer where a stream was asked for": whole(message(content=TEXT)),
    "no object, index or model": whole({"choices": [{"message": {"content": TEXT}}]}),
    "refusal null": whole({**message(content=TEXT, refusal=None), "usage": {}}),
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_63_harmless_oddities_are_usable(odd: str) -> None:
    found = both(ODD[odd])
    assert "".join(found[1].pieces) in (TEXT, "Fire it slower.")
    assert found[1].why == ""
    if odd != "no finish reason":
        assert found[0].found == Asked(**GOOD)  # type: ignore[arg-type]
    assert all(used.counted for run in found[:2] for used in run.spent)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({**message(content="x"), "choices": None}, "empty"),
        ({**message(content="x"), "choices": []}, "empty"),
        ({"object": "chat.completion"}, "unreadable"),
        (message(content=None), "empty"),
        (message(content=None, refusal="I cannot help with that."), "declined"),
    ],
)
def test_64_null_choices_and_refusals_are_faults_in_words(content: dict[str, Any], why: str) -> None:
    found = both(whole(content))
    assert [run.why for run in found[:2]] == [why, why]


def test_64_a_refusal_in_a_stream_is_a_refusal() -> None:
    found = both(replying({"refusal": "I cannot "}, {"refusal": "help."}))
    assert [run.why for run in found[:2]] == ["declined", "declined"]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize(
    ("text", "shown"),
    [("<think>a < b</think>\nYes.", "Yes."), (" \n<think>a</think> Yes.", "Yes."), ("<thin ice>", "<thin ice>"), ("<think>a", ""),
     ("Yes <think>no</think>", "Yes <think>no</think>"), ("<think>" + "a" * 9000 + "</think>Yes.", "Yes.")],
)  # fmt: skip
def test_thinking_in_tags_is_taken_out_however_it_is_cut(text: str, shown: str, size: int) -> None:
    thoughts = Thoughts()
    assert "".join(thoughts.feed(text[n : n + size]) for n in range(0, len(text), size)) == shown
