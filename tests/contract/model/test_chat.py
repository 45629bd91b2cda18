"""The chat model when all goes well: the ladder, usage, models by task, Azure, the key, many threads. Real HTTP."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.model.client.chat import Call
from assistant.adapters.model.client.endpoint import OPENAI, ModelEndpoint
from assistant.adapters.model.client.openai_chat import OpenAIChat
from assistant.adapters.model.client.output_modes import OutputModes
from tests.contract.model.support import GOOD, Asked, call, opened, streamed, structured
from tests.model_server import KEY, MODEL, Seen, model_server

FORMS: dict[str, set[str]] = {"json_schema": {"json_schema", "json_mode"}, "json_mode": {"json_mode"}, "prompt": set()}


def form(seen: Seen) -> str:
    kind = seen.body.get("response_format", {}).get("type", "prompt")
    return "json_mode" if kind == "json_object" else str(kind)


@pytest.mark.parametrize("otherwise", ["refuse", "ignore"])
@pytest.mark.parametrize(("mode", "output_modes"), FORMS.items())
def test_the_ladder_ends_where_the_server_stands(mode: str, output_modes: set[str], otherwise: str, tmp_path: Path) -> None:
    told = {"output_modes": output_modes, "otherwise": otherwise, "answers": {"ask": GOOD}}
    with model_server(**told) as server:
        kept = OutputModes(tmp_path / "output_modes.json")
        with opened(server.url, kept) as chat:
            assert structured(chat, call()).found == Asked(**GOOD)  # type: ignore[arg-type]
            assert [form(seen) for seen in server.seen] == list(FORMS)[: list(FORMS).index(mode) + 1]
            server.seen.clear()
            assert structured(chat, call()).found
            assert [form(seen) for seen in server.seen] == [mode]
        server.seen.clear()
        with opened(server.url, OutputModes(tmp_path / "output_modes.json")) as again:
            assert structured(again, call()).found
            assert [form(seen) for seen in server.seen] == [mode]


def test_two_useless_answers_are_bad_luck_and_three_in_a_row_are_not() -> None:
    answers = iter([GOOD, "Well.", GOOD, "Well.", GOOD, GOOD, *["Well.", GOOD] * 3])
    with model_server(answers={"ask": lambda messages: next(answers)}) as server, opened(server.url) as chat:
        output_modes = []
        for _ in range(7):
            assert structured(chat, call()).found
            output_modes.append(chat.mode("ask"))
        assert output_modes == ["json_schema"] * 6 + ["json_mode"]


def test_a_rung_that_begins_to_fail_moves_down() -> None:
    with model_server(answers={"ask": GOOD}) as server, opened(server.url) as chat:
        assert structured(chat, call()).found
        server.output_modes = {"json_mode"}
        assert structured(chat, call()).found
        assert chat.mode("ask") == "json_mode"


def test_the_schema_is_in_the_request_or_in_the_prompt() -> None:
    with model_server(output_modes={"json_mode"}, answers={"ask": GOOD}) as server, opened(server.url) as chat:
        structured(chat, call())
        by_schema, by_prompt = server.seen
        asked = by_schema.body["response_format"]["json_schema"]
        assert asked["strict"] is True
        assert asked["schema"]["required"] == ["question", "parts"]
        assert asked["schema"]["additionalProperties"] is False
        assert "JSON Schema" not in by_schema.messages[0]["content"]
        assert by_prompt.messages[0]["content"].startswith("Task: ask\n")
        assert '"parts"' in by_prompt.messages[0]["content"]


@pytest.mark.parametrize(
    "written",
    [
        "```json\n{}\n```", "Gladly! {} Shall I go on?", "<think>A set {{of}} words</think>\n{}",
        "Here:\n```\n{}\n```\nDone.", "\n\n{}\n",
    ],
)  # fmt: skip
def test_what_stands_around_the_object_is_passed_over(written: str) -> None:
    whole = written.replace("{{", "[").replace("}}", "]").replace("{}", json.dumps(GOOD))
    with model_server(answers={"ask": whole}) as server, opened(server.url) as chat:
        assert structured(chat, call()).found == Asked(**GOOD)  # type: ignore[arg-type]
        assert len(server.seen) == 1


def test_what_is_wrong_is_said_once_and_corrected() -> None:
    answers = iter(['{"question": "Why?", "parts": ["clay",],}', json.dumps(GOOD)])
    with model_server(output_modes=set(), answers={"ask": lambda messages: next(answers)}) as server, opened(server.url) as chat:
        run = structured(chat, call())
        assert run.found == Asked(**GOOD)  # type: ignore[arg-type]
        first, second = [seen for seen in server.seen if form(seen) == "prompt"]
        assert second.messages[: len(first.messages)] == first.messages
        assert "valid JSON" in second.messages[-1]["content"]
        assert len(run.spent) == 2


def test_the_problem_is_named_without_the_words_of_the_answer() -> None:
    told = {"question": 7, "parts": "SECRET"}
    with model_server(output_modes=set(), answers={"ask": told}) as server, opened(server.url) as chat:
        assert structured(chat, call()).why == "wrong_shape"
        problem = server.seen[-1].messages[-1]["content"]
        assert "parts" in problem
        assert "SECRET" not in problem


def test_a_call_asks_four_times_at_most() -> None:
    with model_server(answers={"ask": "no"}) as server, opened(server.url) as chat:
        assert structured(chat, call()).why == "unreadable"
        assert [form(seen) for seen in server.seen] == ["json_schema", "json_mode", "prompt", "prompt"]
        assert chat.mode("ask") == "json_schema"


def test_a_stream_comes_in_its_pieces() -> None:
    with model_server(pace=0.05, answers={"answer": "Fire it slower [1]."}) as server, opened(server.url) as chat:
        run = streamed(chat, call("answer"))
        assert run.pieces == ["Fire", " it", " slower", " [1]."]
        assert "response_format" not in server.seen[0].body


@pytest.mark.parametrize("run", [structured, streamed])
def test_what_it_costs_as_the_endpoint_says(run: Any) -> None:
    with model_server(answers={"ask": GOOD}, cached=3) as server, opened(server.url) as chat:
        (used,) = run(chat, call()).spent
        sent = sum(len(message["content"].split()) for message in server.seen[0].messages)
        assert (used.model, used.prompt, used.cached, used.counted) == (MODEL, sent, 3, False)
        assert used.completion == len(json.dumps(GOOD).split())


@pytest.mark.parametrize("run", [structured, streamed])
def test_what_it_costs_is_counted_where_the_endpoint_says_nothing(run: Any) -> None:
    with model_server(answers={"ask": GOOD}, usage=False) as server, opened(server.url) as chat:
        (used,) = run(chat, call()).spent
        assert used.counted
        assert 15 < used.prompt < 40
        assert 10 < used.completion < 30


def test_a_task_may_have_a_model_of_its_own() -> None:
    with model_server(models=[MODEL, "small"], answers={"ask": GOOD, "brief": GOOD}) as server:
        with opened(server.url, task_models={"ask": "small"}) as chat:
            assert structured(chat, call("ask")).spent[0].model == "small"
            assert structured(chat, call("brief")).spent[0].model == MODEL
        assert [seen.body["model"] for seen in server.seen] == ["small", MODEL]


@pytest.mark.parametrize("end", ["", "/", "/openai"])
def test_azure(end: str) -> None:
    with model_server(models=[MODEL, "small"], answers={"ask": GOOD}) as server:
        with opened(server.azure_url + end, api_version="2024-10-21", task_models={"answer": "small"}) as chat:
            assert structured(chat, call()).found
            assert streamed(chat, call("answer")).pieces
        paths = [seen.path for seen in server.seen]
        assert paths == [f"/openai/deployments/{name}/chat/completions" for name in (MODEL, "small")]
        assert {seen.headers["api-key"] for seen in server.seen} == {KEY}


@pytest.mark.parametrize("run", [structured, streamed])
def test_a_model_that_takes_no_temperature(run: Any) -> None:
    with model_server(no_temperature=True, answers={"ask": GOOD}) as server, opened(server.url) as chat:
        assert not run(chat, call()).why
        assert not run(chat, call()).why
        assert ["temperature" in seen.body for seen in server.seen] == [True, False, False]


def test_how_it_is_asked() -> None:
    with model_server(answers={"ask": GOOD}) as server, opened(server.url) as chat:
        structured(chat, call())
        body = server.seen[0].body
        assert (body["temperature"], body["max_tokens"]) == (0, 800)
        assert "max_completion_tokens" not in body
        assert [message["role"] for message in body["messages"]] == ["system", "user"]


def test_the_environment_sends_nothing_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither through a proxy, nor to a tracer, nor the name of an organisation at OpenAI; and never OpenAI's own key."""
    with model_server() as stranger, model_server(answers={"ask": GOOD}) as server:
        away = stranger.url
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY", "OPENAI_BASE_URL", "OPENAI_API_BASE",
                     "LANGSMITH_ENDPOINT"):  # fmt: skip
            monkeypatch.setenv(name, away)
        told = {"LANGSMITH_TRACING": "true",
                "LANGSMITH_API_KEY": "ls-key", "OPENAI_ORG_ID": "org", "OPENAI_PROJECT_ID": "project",
                "OPENAI_API_KEY": "sk-of-openai", "LANGSMITH_GATEWAY": "true"}  # fmt: skip
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        with opened(server.url) as chat:
            assert structured(chat, call()).found
            assert streamed(chat, call("answer")).pieces
        assert (stranger.seen, stranger.strayed) == ([], [])
        for seen in server.seen:
            assert seen.headers["authorization"] == f"Bearer {KEY}"
            assert not {"openai-organization", "openai-project"} & set(seen.headers)
            assert "sk-of-openai" not in json.dumps(seen.headers)


def test_the_key_is_in_no_description(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with model_server(fault="401") as server, opened(server.url) as chat:
        structured(chat, call())
        endpoint = ModelEndpoint(server.url, KEY, MODEL)
        assert KEY not in f"{endpoint!r} {endpoint} {chat!r} {vars(chat)}"
        assert KEY not in caplog.text


def test_no_key_is_no_key() -> None:
    with model_server(answers={"ask": GOOD}) as server, opened(server.url, key="") as chat:
        assert structured(chat, call()).why == "refused"
        assert server.seen[0].headers["authorization"] == "Bearer none"


def test_many_at_once() -> None:
    answers: dict[str, Any] = {
        "ask": lambda messages: {"question": messages[1]["content"], "parts": []},
        "answer": lambda messages: messages[1]["content"],
    }
    with model_server(answers=answers) as server, opened(server.url) as chat:

        def one(number: int) -> bool:
            told = Call("ask" if number % 2 else "answer", f"Task: {'ask' if number % 2 else 'answer'}", f"number {number}", 30)
            run = structured(chat, told) if number % 2 else streamed(chat, told)
            words = run.found.question if run.found else "".join(run.pieces)
            return words == f"number {number}" and len(run.spent) == 1

        with ThreadPoolExecutor(24) as pool:
            assert all(pool.map(one, range(96)))
        assert len(server.seen) == 96


def test_the_time_counts_from_the_call_even_while_the_client_loads() -> None:
    with model_server(answers={"ask": GOOD}) as server:
        chat = OpenAIChat(ModelEndpoint(server.url, KEY, MODEL), OutputModes())
        run = structured(chat, call(seconds=0.0))
        assert (run.why, run.spent) == ("late", [])
        assert run.seconds < 0.5
        chat.close()


def test_openai_is_the_address_when_there_is_none() -> None:
    assert ModelEndpoint("", KEY, MODEL).url == OPENAI
    assert ModelEndpoint("https://api.openai.com/v1/", KEY, MODEL).is_openai
    assert not ModelEndpoint("http://127.0.0.1:1/v1", KEY, MODEL).is_openai


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[1]", b'{"a": 1}', b'{"a": {"mode": "ladder", "temperature": true}}', b"\xff\xfe"]
)
def test_a_damaged_memory_of_rungs_is_ignored(damage: bytes, tmp_path: Path) -> None:
    file = tmp_path / "output_modes.json"
    file.write_bytes(damage)
    kept = OutputModes(file)
    assert kept.endpoint_options("http://a/v1", "m").mode == "json_schema"
    kept.keep("http://a/v1/", "m", "prompt")
    assert OutputModes(file).endpoint_options("http://a/v1", "m").mode == "prompt"
    assert OutputModes(file).endpoint_options("http://b/v1", "m").mode == "json_schema"
    assert b"http" not in file.read_bytes()


def test_a_memory_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = OutputModes(tmp_path / "file" / "output_modes.json")
    kept.keep("http://a/v1", "m", "json_mode")
    assert kept.endpoint_options("http://a/v1", "m").mode == "json_mode"
    kept.forget("http://a/v1", "m")
    assert kept.endpoint_options("http://a/v1", "m").mode == "json_schema"
