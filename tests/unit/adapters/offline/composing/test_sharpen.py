"""The sharp question: one question of at most 45 words, first person, with no content word that nobody said."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.offline.composing.phrase_shape import Shape, shape
from assistant.adapters.offline.composing.sharpen import CLOSED, LIMIT, sharpened
from assistant.domain.need import SLOTS, Facet, Need, Slot
from assistant.domain.reply import Kind

FOLDER = Path("tests/evals/lab/training/labelled")
ROWS: list[dict[str, Any]] = [
    json.loads(line) for path in sorted(FOLDER.glob("messages_*.jsonl")) for line in path.read_text("utf-8").splitlines()
]
SCENARIOS = [json.loads(line) for line in Path("tests/evals/data/scenarios.jsonl").read_text("utf-8").splitlines()]


def need(part: str = "", **values: str) -> Need:
    slots = {name: Slot(values[name], values[name]) for name in SLOTS if values.get(name)}
    return Need(slots, (Facet("part", part),) if part else ())


@pytest.mark.parametrize(
    ("values", "question"),
    [
        ({"task": "look at my Rust", "format": "a 20 minute call"}, "Could I get 20 minutes for your feedback on my Rust?"),
        ({"task": "How do I end a tradition"}, "How do I end a tradition?"),
        ({"task": "how to end a tradition"}, "How do I end a tradition?"),
        ({"task": "end a tradition", "deadline": "before the party"}, "How do I end a tradition before the party?"),
        (
            {"task": "kickoff agenda", "outcome": "no surprises"},
            "What should I do about the kickoff agenda, aiming for no surprises?",
        ),
        (
            {"task": "my 13-week cash forecast", "context": "for a garden retailer", "part": "the receipts"},
            "What should I do about my 13-week cash forecast, especially the receipts for a garden retailer?",
        ),
        ({"context": "my board sleeps and never wakes up"}, "What should I do, given that my board sleeps and never wakes up?"),
        ({"task": "Please resubmit the forecast"}, "How do I resubmit the forecast?"),
        ({"task": "want their signature on the pilot"}, "How do I get their signature on the pilot?"),
        ({"task": "I have to review a senior's C++ code"}, "How do I review a senior's C++ code?"),
        (
            {"task": "I need their signature on the pilot agreement", "deadline": "agreement before 15 May"},
            "How do I get their signature on the pilot agreement before 15 May?",
        ),
        ({"task": "we need a plan for the audit"}, "How do I get a plan for the audit?"),
        ({"task": "and where do the contracts live"}, "Where do the contracts live?"),
        (
            {
                "task": "13-week forecast for a seasonal",
                "context": "for a seasonal garden retailer",
                "deadline": "is on 2 December",
            },
            "What should I do about the 13-week forecast for a seasonal garden retailer on 2 December?",
        ),
        (
            {"task": "set up SPC", "context": "so we're two shifts", "outcome": "I want operators to react before"},
            "How do I set up SPC, given that we're two shifts, aiming for operators to react?",
        ),
        (
            {"task": "the pilot", "context": "I look after four sites and love it", "outcome": "better than before"},
            "What should I do about the pilot, given that I look after four sites and love it, aiming for better than before?",
        ),
        ({"part": "the storyline"}, "What should I do about the storyline?"),
        ({}, "What should I do about this?"),
    ],
)
def test_a_need_becomes_a_question(values: dict[str, str], question: str) -> None:
    assert sharpened(need(**values), Kind.VAGUE) == question


def test_a_long_wish_becomes_a_first_step() -> None:
    found = sharpened(need(task="become a CFO"), Kind.TRAJECTORY)
    assert found == "Which first step should I take to become a CFO?"


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("review a senior's C++ code", Shape.ACTION),
        ("my 13-week cash forecast", Shape.THING),
        ("I'm controller for the Benelux entity", Shape.CLAUSE),
        ("for a seasonal garden retailer", Shape.ADVERBIAL),
        ("How do I end a tradition", Shape.QUESTION),
        ("what a first meeting even looks like", Shape.EMBEDDED),
        ("explaining the new benefit", Shape.DOING),
        ("an estimate I can defend", Shape.THING),
    ],
)
def test_shapes(phrase: str, kind: Shape) -> None:
    assert shape(phrase) is kind


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ROWS), st.sampled_from(ROWS), st.sets(st.sampled_from(SLOTS)), st.booleans(), st.sampled_from(Kind))
def test_no_content_word_is_added(row: dict[str, Any], other: dict[str, Any], kept: set[str], facet: bool, kind: Kind) -> None:
    values = {slot: quote for slot, quote in row["slots"].items() if quote and slot in kept}
    part = next((quote for quote in other["slots"].values() if quote), "") if facet else ""
    question = sharpened(need(part, **values), kind)
    said = set(_words(" ".join([part, *values.values()])))
    assert set(_words(question)) <= said | CLOSED
    assert len(question.split()) <= LIMIT
    assert question.endswith("?")
    assert question.count("?") == 1


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=100), st.sampled_from(Kind))
@settings(deadline=None)
def test_any_text_gives_one_short_question(task: str, context: str, part: str, kind: Kind) -> None:
    question = sharpened(need(part, task=task, context=context), kind)
    assert len(question.split()) <= LIMIT
    assert question.endswith("?")
    assert question.count("?") == 1


@pytest.mark.parametrize("piece", ["i ", "and, ", "so ", "before ", "i really ", " - ", ", "])
def test_no_text_makes_it_slow(piece: str) -> None:
    text, begun = f"{piece * (8_000 // len(piece))}x", time.perf_counter()
    sharpened(need(task=text, context=text, outcome=text, deadline=text), Kind.VAGUE)
    assert time.perf_counter() - begun < 2


def test_keywords_of_the_scenarios_survive() -> None:
    """With everything answered, the question keeps what identifies the matter."""
    recalls = []
    for row in SCENARIOS:
        values = {slot: row["slots"][slot] or row["hidden"].get(slot, "") for slot in SLOTS}
        if row["kind"] in ("vague", "specific") and row["sharp_keywords"]:
            question = sharpened(need(row["facet"]["which_part"], **values), Kind.VAGUE).lower()
            recalls.append(sum(word.lower() in question for word in row["sharp_keywords"]) / len(row["sharp_keywords"]))
    assert sum(recalls) / len(recalls) >= 0.85


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
