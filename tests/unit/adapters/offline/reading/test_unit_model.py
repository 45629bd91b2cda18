"""From the network's numbers to units: where they begin, their roles, which one is asked; and long texts in parts."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.offline.reading.spans import Span, unfilled
from assistant.adapters.offline.reading.unit_model import CHUNKS, WHOLE, ModelDamaged, Reader, Reading, chunks, interpreted

SETTINGS: dict[str, Any] = {
    "roles": ["A", "S", "X"],
    "groups": {name: ["none", "some"] for name in ("kinds", "cares", "worths", "acts")},
    "temperatures": {},
}
TEXT = "We moved to Lyon. How do I book a room?"
READER = Reader()


def read(text: str, begins: dict[str, float], roles: dict[str, str], asked: str = "", nothing: float = 0.0) -> Reading:
    """What is read of a text where the network sees units begin at some words, with these roles from there on."""
    offsets = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
    scores = np.full((len(offsets), 1 + 3 + 3), -9.0, dtype=np.float32)
    role = ""
    for n, (start, end) in enumerate(offsets):
        word = text[start:end]
        role = roles.get(word, role)
        scores[n, 0] = begins.get(word, -9.0)
        if role:
            scores[n, 1 + "ASX".index(role)] = 9.0
        scores[n, -2] = 9.0 if asked and start >= text.index(asked) else -9.0
    labels = np.array([2.0, 0.0] * 4 + [nothing, nothing], dtype=np.float32)
    return interpreted(text, offsets, scores, labels, SETTINGS)


def test_units_begin_where_the_network_says_and_keep_their_question_mark() -> None:
    found = read(TEXT, {"How": 5.0}, {"We": "S", "How": "A"}, asked="How")
    assert [unit.text for unit in found.units] == ["We moved to Lyon", "How do I book a room?"]
    assert [unit.role for unit in found.units] == ["S", "A"]
    assert found.units[1].asked > 0.9
    assert found.units[0].asked < 0.1
    assert all(unit.span.of(TEXT) == unit.text.rstrip("?") for unit in found.units)


def test_after_a_full_stop_less_certainty_is_enough() -> None:
    """The logarithm of the odds -0.8 is a probability of 0.31."""
    assert len(read(TEXT, {"How": -0.8}, {"We": "S"}).units) == 2
    assert len(read(TEXT, {"book": -0.8}, {"We": "S"}).units) == 1


def test_no_unit_begins_inside_a_word() -> None:
    text = "pre-boarding isn't on the list"
    assert len(read(text, {"t": 9.0, "n": 9.0}, {"pre": "S"}).units) == 1


def test_labels_are_probabilities_of_each_group() -> None:
    found = read(TEXT, {}, {"We": "S"})
    for group in (found.kinds, found.cares, found.worths, found.acts):
        assert sum(group.values()) == pytest.approx(1, abs=1e-5)
    assert found.kinds["none"] == pytest.approx(0.88, abs=0.01)


def test_nothing_may_be_asked_at_all() -> None:
    assert all(unit.asked < 0.1 for unit in read(TEXT, {"How": 5.0}, {"We": "S"}, nothing=9.0).units)


def test_places_of_words_count_from_the_beginning_of_their_unit() -> None:
    for unit in read(TEXT, {"How": 5.0}, {"We": "S", "How": "A"}).units:
        assert [unit.text[a:b] for a, b, _ in unit.taken] == re.findall(r"\w+", unit.text)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab .!?\n", max_size=6_000), st.sampled_from([1, 3, 40]))
def test_parts_are_short_enough_and_in_order(text: str, letters: int) -> None:
    """A token of one letter, of three, and of forty."""

    def length(piece: str) -> int:
        return -(-len(piece) // letters)

    found = chunks(text, length)
    assert 1 <= len(found) <= CHUNKS
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert found[0].start == 0
    assert found[-1].end == len(text)
    if letters > 1:
        assert all(length(part.of(text)) <= WHOLE for part in found)


def test_a_long_text_is_cut_between_sentences() -> None:
    text = "The canteen was nice and the weather too. " * 100
    found = chunks(text, lambda piece: len(piece.split()))
    assert len(found) == CHUNKS
    assert all(part.of(text).rstrip().endswith("too.") for part in found)


def test_a_long_message_is_read_to_its_end() -> None:
    text = "The canteen was nice and the weather too. " * 60 + "How do I book the big meeting room for Friday?"
    last = READER.read(text).units[-1]
    assert "big meeting room" in last.text
    assert last.role == "A"
    assert last.asked == max(unit.asked for unit in READER.read(text).units)


def test_a_message_is_read_in_units_with_their_roles() -> None:
    told, asked = (
        "I run a bakery with four people.\n\nI tried a rota on paper twice.\n\n",
        "How do I plan the Sunday shifts for them?",
    )
    found = READER.read(told + asked)
    assert [unit.role for unit in found.units] == ["S", "T", "A"]
    assert max(found.units, key=lambda unit: unit.asked) is found.units[2]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_gives_units_that_are_in_it(text: str) -> None:
    found = READER.read(text)
    assert all(unit.text in text and unit.span.of(text) and unit.role in READER.settings["roles"] for unit in found.units)
    assert all(before.span.end <= after.span.start for before, after in pairwise(found.units))


def test_the_last_readings_are_kept_and_no_more() -> None:
    reader = Reader()
    first = reader.read("How do I plan a move?")
    assert reader.read("How do I plan a move?") is first
    for n in range(64):
        reader.read(f"How do I plan move {n}?")
    assert reader.read("How do I plan a move?") == first
    assert reader.read("How do I plan a move?") is not first


def test_another_model_than_the_recorded_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader()
    monkeypatch.setitem(reader.settings, "model_sha256", "0" * 64)
    with pytest.raises(ModelDamaged):
        reader.read("How do I plan a move?")


def test_the_settings_name_every_group_that_is_read() -> None:
    assert set(READER.settings["groups"]) == {"kinds", "cares", "worths", "acts"}
    assert set("AWSOTDFXNEG") == set(READER.settings["roles"])
    assert (files("assistant.adapters.offline") / "data" / "reading.onnx").is_file()


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Well, I think the board.", "the board"),
        ("um the board please", "the board"),
        ("(the board)", "(the board)"),
        ("ok", "ok"),
    ],
)
def test_fillers_are_left_out_of_a_quote(text: str, quote: str) -> None:
    assert unfilled(text, Span(0, len(text))).of(text) == quote
