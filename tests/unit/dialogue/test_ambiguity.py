"""Whether a request could mean several things: signs in its wording, and the small model over them."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.offline.reading.ambiguity import AMBIGUOUS, AMBIGUOUS_FOR_SURE, needs_question
from assistant.dialogue.ambiguity import signs

LABELLED = Path("tests/evals/lab/training/labelled/needs_question.jsonl")
SCENARIOS = Path("tests/evals/data/scenarios.jsonl")


@given(st.text(max_size=200))
def test_any_text_has_the_same_signs_and_a_probability(text: str) -> None:
    assert signs(text).keys() == signs("one").keys()
    assert all(0 <= value < 4 for value in signs(text).values())
    assert 0 <= needs_question(text) <= 1
    assert needs_question(text) == needs_question(text)


@pytest.mark.parametrize("text", ["", "?!", "  "])
def test_without_words_there_is_nothing_to_answer(text: str) -> None:
    assert needs_question(text) == 1.0


# None of these is in the training data.
@pytest.mark.parametrize(
    "text",
    [
        "Tell me about saturn", "Find information about the keyboard", "Why does it stop?", "Who won the cup?", "help with excel",
        "What is the best car?", "Recommend a restaurant", "When did the show start?",
    ],
)  # fmt: skip
def test_what_could_mean_much_needs_a_question(text: str) -> None:
    assert needs_question(text) >= AMBIGUOUS


@pytest.mark.parametrize(
    "text",
    [
        "Who was the first chancellor of the Federal Republic of Germany?",
        "How many litres of water does a standard bathtub in Britain hold?",
        "How do I remove candle wax from a wool carpet?",
        "Could you read my two-page offer to a hospital in Lyon before Tuesday and tell me what a buyer would strike out?",
    ],
)
def test_what_is_clear_needs_none(text: str) -> None:
    assert needs_question(text) < AMBIGUOUS


def test_more_said_is_less_open() -> None:
    chain = ["the report", "How do I shorten the report?", "How do I shorten the sales report of May for two directors in Oslo?"]
    assert [needs_question(text) for text in chain] == sorted((needs_question(text) for text in chain), reverse=True)


def test_no_specific_request_is_taken_for_an_ambiguous_one() -> None:
    rows = [json.loads(line) for line in SCENARIOS.read_text("utf-8").splitlines()]
    assert max(needs_question(row["opening"]) for row in rows if row["kind"] == "specific") < AMBIGUOUS_FOR_SURE / 2


def test_the_shipped_weights_are_those_of_the_labelled_requests() -> None:
    model = json.loads((files("assistant.adapters.offline") / "data" / "ambiguity.json").read_text("utf-8"))
    assert model["weights"].keys() == {*signs("one"), "bias"}
    assert model["data_sha256"] == hashlib.sha256(LABELLED.read_bytes()).hexdigest()


def test_the_labelled_requests_are_told_apart() -> None:
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    assert len({row["text"] for row in rows}) == len({row["id"] for row in rows}) == len(rows)
    right = [(needs_question(row["text"]) >= AMBIGUOUS) == bool(row["needs_question"]) for row in rows]
    assert sum(right) / len(right) > 0.82
