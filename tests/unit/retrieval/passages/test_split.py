"""The three laws of cutting: exact, in order, nothing lost."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.passage import Article
from retrieval.passages.split import LONG, SHORT, passages_of, split
from retrieval.text import count_words

LINES = st.one_of(
    st.sampled_from(
        ["", "# Title", "## Part", "### Detail ##", "```", "~~~", "- item", "| a | b |", "#tag", "   ", "===", "Part\n----"]
    ),
    st.text(alphabet="ab .!?#`-|\n\té", max_size=60),
    st.integers(1, 300).map(lambda n: "word " * n),
    st.integers(1, 60).map(lambda n: "One sentence of six words here. " * n),
)
TEXTS = st.lists(LINES, max_size=30).map("\n".join)


def article(text: str, title: str = "A title") -> Article:
    return Article("a", title, "", (), (), "", date(2026, 1, 1), 1, "", text)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_passage_is_exactly_its_span_and_passages_come_in_order(text: str) -> None:
    end = 0
    for passage in passages_of(article(text)):
        assert passage.text == text[passage.start : passage.end]
        assert passage.text == passage.text.strip() != ""
        assert passage.start >= end
        end = passage.end


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_only_blanks_and_heading_lines_are_left_out(text: str) -> None:
    pieces = split(text)
    edges = [0, *(edge for piece in pieces for edge in (piece.start, piece.end)), len(text)]
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        left_out = text[low:high].splitlines()
        for line, below in pairwise([*left_out, ""]):
            underlined = below.strip() != "" and set(below.strip()) <= set("=-")
            underline = line.strip() != "" and set(line.strip()) <= set("=-")
            assert not line.strip() or line.lstrip().startswith("#") or underlined or underline, line


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_no_passage_is_much_longer_than_said(text: str) -> None:
    assert all(count_words(text[p.start : p.end]) <= LONG + SHORT for p in split(text))


def test_passages_keep_the_path_of_headings_without_the_title() -> None:
    long = "word " * 100
    text = f"# A title\n\n{long}\n\n## Part\n\n{long}\n\n### Detail\n\n{long}\n\n## Other\n\n{long}"
    found = [passage.headings for passage in passages_of(article(text))]
    assert found == [(), ("Part",), ("Part", "Detail"), ("Other",)]


@pytest.mark.parametrize(("under", "level"), [("===", 1), ("=====  ", 1), ("---", 2), ("  --------", 2)])
def test_an_underlined_line_is_a_heading(under: str, level: int) -> None:
    long = "word " * 100
    pieces = split(f"{long}\n\nLarge spills\n{under}\n\n{long}")
    assert [piece.headings for piece in pieces] == [(), ("Large spills",)]
    nested = split(f"# Top\n\nLarge spills\n{under}\n\n{long}")
    assert [piece.headings for piece in nested] == [("Large spills",) if level == 1 else ("Top", "Large spills")]


@pytest.mark.parametrize(
    "text",
    ["A sentence that ends.\n---\n", "- an item\n---\n", "| a | b |\n-----\n", "Two lines\nof text\n---\n", "Text\n\n---\n",
     "Text\n-\n", "Text\n-=-\n", "> said\n---\n", "1. first\n---\n"],
)  # fmt: skip
def test_a_line_above_a_rule_is_no_heading_where_it_is_text(text: str) -> None:
    (piece,) = split(text)
    assert piece.headings == ()
    assert text[piece.start : piece.end].startswith(text.split("\n", maxsplit=1)[0])


def test_the_splitter_reads_rules_in_linear_time() -> None:
    def seconds(length: int, unit: str) -> float:
        started = process_time()
        split((unit * length)[:length])
        return process_time() - started

    for unit in ("--\n", "a\n--\n", "==\n", "\n\na ", "a\n=", "-"):
        assert seconds(80_000, unit) < 2.0, unit


def test_a_heading_in_a_code_fence_is_code() -> None:
    text = "## Part\n\n```\n# not a heading\n```\n"
    (piece,) = split(text)
    assert piece.headings == ("Part",)
    assert "# not a heading" in text[piece.start : piece.end]


def test_short_parts_are_joined_and_long_ones_cut_between_sentences() -> None:
    short = "\n\n".join(f"## Part {n}\n\n{'word ' * 30}" for n in range(4))
    assert len(split(short)) < 4
    sentence = "This sentence has exactly eight words in it. "
    long = sentence * 60
    pieces = split(long)
    assert len(pieces) > 1
    assert all(long[p.start : p.end].endswith(".") for p in pieces)


def test_text_without_words_has_no_passage() -> None:
    assert split("") == split("\n\n  \n") == split("# Only a heading\n") == []
