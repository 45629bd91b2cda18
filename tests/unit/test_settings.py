"""The settings of the language model: what may be written, where it leads, and the one sentence for what may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.adapters.model.client.endpoint import OPENAI
from assistant.cli.command_context import settings
from assistant.cli.command_errors import NotPossible
from assistant.settings import Settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def put(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"ASKWELL_{name.upper()}", value)


def test_without_a_model_it_is_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().model_endpoint is None
    put(monkeypatch, llm_base_url="http://127.0.0.1:11434/v1", llm_api_key="sk-1")
    assert Settings().model_endpoint is None


def test_a_local_server_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, llm_base_url="http://127.0.0.1:11434/v1", llm_model="small")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai")
    found = Settings().model_endpoint
    assert found
    assert (found.url, found.api_key, found.model) == ("http://127.0.0.1:11434/v1", "", "small")


def test_the_key_of_openai_goes_to_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, llm_model="gpt-5-mini")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai")
    found = Settings().model_endpoint
    assert found
    assert (found.url, found.api_key) == (OPENAI, "sk-of-openai")
    assert "sk-of-openai" not in repr(found)


def test_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, llm_base_url="https://mine.openai.azure.com", llm_api_key="k", llm_api_version="2024-10-21", llm_model="big",
        llm_task_models='{"sharpen": "small", "ask": "old"}', llm_seconds="12.5", llm_context="32768")  # fmt: skip
    found = Settings()
    assert (found.llm_seconds, found.llm_context) == (12.5, 32768)
    endpoint = found.model_endpoint
    assert endpoint
    assert endpoint.api_version == "2024-10-21"
    assert [endpoint.model_for(task) for task in ("sharpen", "answer")] == ["small", "big"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("llm_model", "gpt-5-mini", "ASKWELL_LLM_API_KEY"),
        ("llm_base_url", "localhost:11434", "http://"),
        ("llm_base_url", "ftp://here", "http://"),
        ("llm_task_models", "{sharpen}", "JSON"),
        ("llm_task_models", '["sharpen"]', "JSON"),
        ("llm_task_models", '{"dance": "m"}', "sharpen, answer"),
        ("llm_task_models", '{"ask": 3}', "JSON"),
        ("llm_seconds", "0.5", "greater than or equal to 1"),
        ("llm_seconds", "121", "less than or equal to 120"),
        ("llm_context", "12", "greater than or equal to 1024"),
    ],
)
def test_a_bad_value_is_one_sentence(name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, **{name: value})
    with pytest.raises(NotPossible) as told:
        settings()
    sentence = str(told.value)
    assert sentence.startswith(f"The setting ASKWELL_{name.upper()} cannot be used: ")
    assert says in sentence
    assert "\n" not in sentence
    assert "Value error" not in sentence


def test_azure_without_an_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, llm_model="big", llm_api_key="k", llm_api_version="2024-10-21")
    with pytest.raises(NotPossible, match="ASKWELL_LLM_BASE_URL"):
        settings()
