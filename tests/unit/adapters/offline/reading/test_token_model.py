"""From the network's numbers to spans: one softmax over all spans and "not stated", whole words, the most agreed span."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.adapters.offline.reading.spans import Span, unfilled
from assistant.adapters.offline.reading.token_model import Reader, most_agreed, span_probabilities, widened, word_edges
from assistant.domain.need import SLOTS


def test_spans_and_not_stated_share_one_softmax() -> None:
    rng = np.random.default_rng(1)
    scores, null = rng.normal(size=(7, 18)).astype(np.float32), np.zeros(6, dtype=np.float32)
    found = span_probabilities(scores, null, [True] * 7, [True] * 7)
    assert found.shape == (6, 7, 7)
    assert np.all(found.sum(axis=(1, 2)) < 1)
    assert np.all(np.tril(found[0], -1) == 0)
    certain = span_probabilities(scores, null + 50, [True] * 7, [True] * 7)
    assert np.all(certain.sum(axis=(1, 2)) < 1e-6)


def test_a_span_starts_and_ends_with_a_word() -> None:
    text = "a four-person team"
    offsets = [(0, 1), (2, 6), (6, 7), (7, 13), (14, 18)]
    assert word_edges(text, offsets) == ([True, True, False, False, True], [True, False, False, True, True])


def test_the_most_agreed_span_wins_over_a_lonely_peak() -> None:
    chances = np.zeros((10, 10), dtype=np.float32)
    chances[0, 0] = 0.3
    chances[4, 7], chances[4, 8], chances[5, 8] = 0.25, 0.2, 0.2
    first, last, score = most_agreed(chances)
    assert (first, last) in {(4, 7), (4, 8), (5, 8)}
    assert score == pytest.approx(0.65, abs=0.01)


@pytest.mark.parametrize(
    ("text", "words", "quote"), [("my C++ code", "C", "C++"), ("under 20% error", "20", "20%"), ("€ 500 off", "500", "€ 500")]
)
def test_marks_stay_with_their_word(text: str, words: str, quote: str) -> None:
    start = text.index(words)
    assert widened(text, Span(start, start + len(words))).of(text) == quote


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


def test_a_long_message_is_read_to_its_end() -> None:
    text = "The canteen was nice and the weather too. " * 60 + "I need it by Friday 5pm."
    reading = Reader().read(text)
    assert set(reading.presence) == set(SLOTS)
    assert "Friday" in reading.spans["deadline"].of(text)
