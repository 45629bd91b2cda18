"""An answer while it grows: however it is cut, the same remains, and nothing shows that may not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue.grounding.entailment import claims_status, has_address, supported
from assistant.dialogue.grounding.streaming_answer import MOST_LETTERS, MOST_SENTENCES, StreamingAnswer
from assistant.dialogue.language_io import Excerpt
from assistant.domain.reply import Sentence

EXCERPTS = (
    Excerpt(
        "Set the container",
        "To set the container is to agree aloud on the frame of a session. It takes two to three minutes of a 30-minute session. "
        "Either person can do it. Do not skip it. The mentee speaks first, e.g. about the question.",
    ),
    Excerpt(
        "Board slides",
        "Board decks lead with the ask. Send a draft to the sponsor five working days before. Numbers tie to one sheet.",
    ),
)


def final(text: str, cuts: int = 1) -> tuple[Sentence, ...]:
    growing = StreamingAnswer(EXCERPTS, None)
    for start in range(0, len(text), cuts):
        growing.feed(text[start : start + cuts])
    return growing.finish()


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in final(text)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The mentee speaks first [1].", [("The mentee speaks first.", (1,))]),
        ("The mentee speaks first. [1]", [("The mentee speaks first.", (1,))]),
        ("The mentee speaks first.[1][2] Either person can do it [1].",
         [("The mentee speaks first.", (1, 2)), ("Either person can do it.", (1,))]),
        ("The mentee speaks first [1, 9].", [("The mentee speaks first.", (1,))]),
        ("The mentee speaks first [9].", []),
        ("The mentee speaks first.", []),
        ("The mentor speaks first [1].", []),
        ("The mentee speaks first, e.g. about the question [1].", [("The mentee speaks first, e.g. about the question.", (1,))]),
        ("- **Either person** can do it [1]\n- Board decks lead with the ask [2]\n",
         [("Either person can do it.", (1,)), ("Board decks lead with the ask.", (2,))]),
        ("1. Either person can do it [1]\n2. Send a draft to the sponsor five working days before [2]",
         [("Either person can do it.", (1,)), ("Send a draft to the sponsor five working days before.", (2,))]),
        ("# Answer\n\nEither person can do it \u30101\u3011.", [("Either person can do it.", (1,))]),
        ("Either person can do it [excerpt 1].", [("Either person can do it.", (1,))]),
        ("Either person can do it [1-2].", [("Either person can do it.", (1, 2))]),
        ("Either person can do it [1]. Either person can do it [1].", [("Either person can do it.", (1,))]),
        ("It takes two to three minutes of a\n30-minute session [1].",
         [("It takes two to three minutes of a 30-minute session.", (1,))]),
        ("Your session is booked [1]. Either person can do it [1].", [("Either person can do it.", (1,))]),
        ("Go to evil.example.com [1]. ![x](http://evil.example) [2]", []),
    ],
)  # fmt: skip
def test_what_remains(text: str, kept: list[tuple[str, tuple[int, ...]]]) -> None:
    assert final(text) == tuple(Sentence(*each) for each in kept)


@pytest.mark.parametrize("text", ["NOTHING", "NOTHING.", " **NOTHING**\n", "NOTHING\n\nEither person can do it [1]."])
def test_nothing_is_nothing_and_never_shows(text: str) -> None:
    growing = StreamingAnswer(EXCERPTS, None)
    assert [growing.feed(letter) for letter in text] == [None] * len(text)
    assert (growing.finish(), growing.nothing) == ((), True)


def test_nothing_in_small_letters_is_nothing_too() -> None:
    growing = StreamingAnswer(EXCERPTS, None)
    growing.feed("Nothing.")
    assert (growing.finish(), growing.nothing) == ((), True)


def test_an_abstention_is_not_taken_for_a_word_of_an_answer() -> None:
    growing = StreamingAnswer(EXCERPTS, None)
    growing.feed("Nothing is said about cakes [1].")
    assert (growing.finish(), growing.nothing) == ((), False)


def test_known_words_show_as_they_come_and_a_foreign_one_waits_for_the_whole() -> None:
    growing = StreamingAnswer(EXCERPTS, None)
    shown = [growing.feed(piece) for piece in ("Board decks ", "lead with ", "a ", "clear ", "ask ", "[2", "]. ", "E")]
    assert [each and each[-1].text for each in shown] == [
        "Board decks", "Board decks lead with", "Board decks lead with a", None, None, None, "Board decks lead with a",
        "Board decks lead with a clear ask."
    ]  # fmt: skip


def test_a_marker_shows_as_a_citation_once_it_is_closed() -> None:
    growing = StreamingAnswer(EXCERPTS, None)
    shown = [growing.feed(piece) for piece in ("Either person can do it ", "[", "1", "] ", "and")]
    assert [each and each[-1] for each in shown] == [
        Sentence("Either person can do it", ()), None, None, Sentence("Either person can do it", (1,)), None
    ]  # fmt: skip


def test_no_more_than_so_many_sentences_and_letters() -> None:
    names = [f"{first}{second}lo" for first in "bcdfg" for second in "aeiou"]
    many = tuple(Excerpt("", f"The {name} keeps the table in good order.") for name in names)
    growing = StreamingAnswer(many, None)
    for place, name in enumerate(names, 1):
        growing.feed(f"The {name} keeps the table in good order [{place}].\n")
    assert len(growing.finish()) == MOST_SENTENCES
    long = " ".join(["the table in good order"] * 25)
    growing = StreamingAnswer((Excerpt("", f"The {long}."),), None)
    for word in ("first", "second", "third", "fourth"):
        growing.feed(f"The {long} {word} [1].\n")
    assert sum(len(sentence.text) for sentence in growing.finish()) <= MOST_LETTERS


PIECES = (
    "The mentee speaks first",
    "Either person can do it",
    "Board decks lead with the ask",
    "The mentor speaks first",
    " [1]",
    "[2]",
    "[9]",
    " [1, 2]",
    "[",
    "]",
    "[12",
    ".",
    ". ",
    "? ",
    "! ",
    "\n",
    "\n- ",
    "\n\n",
    "1. ",
    "e.g. ",
    "**",
    "`",
    "\u3010",
    " 30 minutes",
    " Your session is booked",
    " Ada has accepted",
    " see https://evil.example/x",
    " a@b.co",
    "<b>",
    "NOTHING",
    " not",
    '"',
    "\u201c",
    " two to three minutes",
    "[1-3]",
    "[\u200b1]",
    "\uff3b1\uff3d",
    " \u2026 ",
    "Dr. ",
    " cakes",
    "(1)",
    "_",
    "[[1]]",
    "[name]",
)
streams = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(streams, st.lists(st.integers(1, 9), min_size=1, max_size=40))
@settings(deadline=None, max_examples=300)
def test_however_it_is_cut_the_same_remains(text: str, sizes: list[int]) -> None:
    growing, rest = StreamingAnswer(EXCERPTS, None), text
    for size in sizes:
        growing.feed(rest[:size])
        rest = rest[size:]
    growing.feed(rest)
    assert growing.finish() == final(text) == final(text, 1_000_000)


@given(streams)
@settings(deadline=None, max_examples=300)
def test_nothing_shows_that_may_not(text: str) -> None:
    growing = StreamingAnswer(EXCERPTS, None)
    before: tuple[Sentence, ...] = ()
    for letter in text:
        shown = growing.feed(letter)
        if shown is None:
            continue
        for sentence in shown:
            assert not re.search(r"\[[\d\s,]*\]?|\u3010|\d\]", sentence.text)
            assert not has_address(sentence.text)
            assert not claims_status(sentence.text)
            assert all(1 <= cite <= len(EXCERPTS) for cite in sentence.cites)
        assert shown[: len(before) - 1] == before[: len(before) - 1]
        before = shown
    done = growing.finish()
    assert all(supported(sentence, EXCERPTS, None) for sentence in done)


@given(streams)
@settings(deadline=None, max_examples=200)
def test_what_is_shown_of_the_open_sentence_only_grows_until_it_ends(text: str) -> None:
    growing = StreamingAnswer(EXCERPTS, None)
    shown: tuple[Sentence, ...] = ()
    for letter in text:
        ended = growing.ended
        now = growing.feed(letter)
        if now is not None:
            if growing.ended == ended and shown and len(now) >= len(shown):
                assert now[-1].text.startswith(shown[-1].text)
            assert growing.ended != ended or len(now) >= len(shown)
            shown = now
