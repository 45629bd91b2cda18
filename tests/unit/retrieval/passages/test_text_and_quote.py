"""Words, sentences and the quote that answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.passages.quote import best_quote
from retrieval.text import (
    FUNCTION_WORDS,
    STOP_WORDS,
    content_stems,
    identifiers,
    is_abbreviation,
    plain_sentences,
    sentence_ends,
    sentences,
    stem,
)

ANY = st.text(alphabet="abC .!?'\"\n-#*`|1é", max_size=200)


def said(text: str) -> list[str]:
    return [text[low:high] for low, high in sentences(text)]


def test_sentences_end_where_a_reader_ends_them() -> None:
    text = 'Ask Dr. Low first, e.g. on Monday. "Do it!" she said. Then 3 more came.\n\n- one item\n- another item\n1. First step'
    assert said(text) == [
        "Ask Dr. Low first, e.g. on Monday.",
        '"Do it!" she said.',
        "Then 3 more came.",
        "one item",
        "another item",
        "First step",
    ]


@given(ANY)
@settings(deadline=None)
def test_sentences_come_in_order_without_overlap_and_hold_every_letter(text: str) -> None:
    spans = sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    inside = "".join(text[low:high] for low, high in spans)
    letters = [char for char in inside if char.isalpha()]
    assert letters == [char for char in text if char.isalpha()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("i am stuck. can you help?! thanks", ["i am stuck.", "can you help?!", "thanks"]),
        (
            "Ask Dr. Low, e.g. on Monday. It is the CFO's. Then go",
            ["Ask Dr. Low, e.g. on Monday.", "It is the CFO's.", "Then go"],
        ),
        ("Silence is a no. It is no. 3 of ten", ["Silence is a no.", "It is no. 3 of ten"]),
        ("So ... we waited ... Nobody came", ["So ... we waited ...", "Nobody came"]),
        ('He said "Stop." Then\none more line\n---\nnode.js 2.0', ['He said "Stop."', "Then", "one more line", "node.js 2.0"]),
    ],
)
def test_plain_text_is_split_whatever_follows_a_mark(text: str, said: list[str]) -> None:
    assert plain_sentences(text) == said


@given(ANY)
@settings(deadline=None)
def test_every_end_follows_a_mark_and_comes_before_the_next_sentence(text: str) -> None:
    for end, after in sentence_ends(text):
        assert text[:end].rstrip("\"'*_)]")[-1] in ".!?"
        assert text[end:after].isspace() or end == after == len(text)


def test_a_full_stop_of_an_abbreviation_ends_nothing() -> None:
    shortened = ["Dr.", "at 9 a.m.", "J.", "Fig.", "1.", "  12."]
    assert all(is_abbreviation(text, len(text) - 1) for text in shortened)
    assert not any(is_abbreviation(text, len(text) - 1) for text in ("it's.", "node.", "Dr!", "part 1.", "plan b."))


def test_search_and_grounding_differ_in_the_words_of_asking() -> None:
    assert {"help", "want", "please"} <= STOP_WORDS - FUNCTION_WORDS
    assert {"unless", "never", "don't"} <= FUNCTION_WORDS - STOP_WORDS


@given(ANY, ANY)
@settings(deadline=None)
def test_a_quote_is_a_part_of_the_text(question: str, text: str) -> None:
    assert best_quote(question, text) in text


def test_the_quote_answers_and_is_neither_heading_nor_code() -> None:
    answer = "Ask the vendor for the renewal price in March."
    text = f"## Renewal price\n\nSend the invitation early. {answer}\n\n```\nprice renewal\n```"
    assert best_quote("When do I ask about the renewal price?", text) == answer


@pytest.mark.parametrize(
    ("one", "other"), [("presenting", "presents"), ("companies", "company"), ("sharing", "share"), ("organised", "organising")]
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_stop_words_carry_nothing_and_identifiers_are_kept_whole() -> None:
    assert content_stems("how do I do it with the") == []
    assert identifiers("Error ORA-00942 in node.js, C# and SOX, see k8s; plain words not.") == [
        "ora-00942", "node.js", "c#", "sox", "k8s",
    ]  # fmt: skip


def test_a_stem_is_the_same_in_every_thread() -> None:
    typed = [f"{word}{ending}" for word in ("present", "review", "forecast") for ending in ("ing", "ed", "s", "er")] * 50
    stem.cache_clear()
    alone = [stem(word) for word in typed]
    stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stem, typed)) == alone
