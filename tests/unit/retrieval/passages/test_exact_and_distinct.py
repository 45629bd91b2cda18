"""Codes and quoted phrases are found word for word; what says the same twice is shown once; sentences keep their directions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passage import Passage
from retrieval.passages.exact_terms import names, phrases, share_found, share_named
from retrieval.passages.near_duplicates import distinct
from retrieval.passages.sentence_vectors import SentenceVectors, nearest, packed, spans_of, unpacked


def passage(key: str, text: str) -> Passage:
    return Passage(f"{key}#0", key, "", (), text, 0, len(text))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ('What does "cost to complete" mean?', ("cost to complete",)),
        ("He said “run rate” and «cut-off date», twice “run rate”", ("run rate", "cut off date")),
        ('Only "one" word, or "' + "far too many words to be looked for " * 3 + '"', ()),
        ("no quotation at all, it's fine", ()),
    ],
)
def test_quoted_phrases_have_two_words_and_more(question: str, found: tuple[str, ...]) -> None:
    assert phrases(question) == found


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("What is ORA-00942?", "Error ORA-00942: table or view does not exist.", 1.0),
        ("What is ORA-00942?", "Error ORA-00943 is another.", 0.0),
        ('ORA-00942 and "cost to complete"', "The cost to complete is what is left.", 0.5),
        ('"cost to complete"', "They cost a lot, to be complete.", 0.0),
        ("plain words", "plain words", 0.0),
    ],
)
def test_the_share_of_what_is_found_word_for_word(question: str, text: str, share: float) -> None:
    assert share_found(question, text) == share


SAID = "Ask the supplier for the price list of last year before you compare the two offers line by line."


def test_a_near_duplicate_gives_way_to_the_better_one() -> None:
    texts = {"a": SAID, "b": SAID.replace("Ask", "First ask"), "c": "Short.", "d": "Short.",
             "e": "Something else about suppliers and offers for next year."}  # fmt: skip
    ranking = [(passage(key, text), 0.9 - n / 10) for n, (key, text) in enumerate(texts.items())]
    assert [p.article_id for p, _ in distinct(ranking, 5)] == ["a", "c", "d", "e"]
    assert [p.article_id for p, _ in distinct(ranking, 2)] == ["a", "c"]
    assert [p.article_id for p, _ in distinct(ranking, 3, "what comes first?")] == ["a", "b", "c"]


def test_twins_with_another_number_are_two() -> None:
    twins = [passage(key, SAID + f" It is case {n}.") for n, key in enumerate("ab", start=41)]
    assert len(distinct([(one, 0.5) for one in twins], 5)) == 2


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How is that for Larkspur Ledger, if it fails?", {"larkspur", "ledger"}),
        ("Who knows? The team in Lyon asks, and I do not.", {"lyon"}),
        ("HOW DO I STOP THIS", set()),
        ("and ORA-00942 in SAP", set()),
    ],
)
def test_names_are_capitalised_words_inside_a_sentence(question: str, found: set[str]) -> None:
    assert names(question) == found


def test_the_share_of_names() -> None:
    assert share_named("at Larkspur in Lyon", "In lyon it rains.") == 0.5
    assert share_named("at home", "In lyon it rains.") == 0.0


@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_packed_directions_keep_their_cosines(count: int, seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(count, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    again = unpacked(packed(rows), 64)
    assert again.shape == rows.shape
    assert np.abs(again @ rows[0] - rows @ rows[0]).max() < 0.01


def test_the_nearest_sentence_of_each_passage() -> None:
    axes = np.eye(3, dtype=np.float32)
    kept = {"a": SentenceVectors(((0, 4), (5, 9)), packed(axes[:2])), "b": SentenceVectors(((0, 7),), packed(axes[2:]))}
    found = nearest(axes[1], kept)
    assert (found["a"].start, found["a"].end) == (5, 9)
    assert found["a"].cosine == pytest.approx(1.0, abs=0.01)
    assert found["b"].cosine == pytest.approx(0.0, abs=0.01)
    assert nearest(axes[0], {}) == {}


def test_short_lines_and_headings_have_no_direction_of_their_own() -> None:
    text = "## Before you start\n\nYes. Ask the supplier for the price list of last year.\n\n- no\n"
    assert [text[low:high] for low, high in spans_of(text)] == ["Ask the supplier for the price list of last year."]
    assert [("Yes. No.")[low:high] for low, high in spans_of("Yes. No.")] == ["Yes.", "No."]
