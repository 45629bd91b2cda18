"""How a message is split into words, and a question is put together from them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.offline.composing.question_words import aligned, question_words, written
from assistant.adapters.offline.reading.word_states import places

TEXT = "My sister retired. How do you ask for a reference, by mail (a.b@c.de)?"
AT = places(TEXT)
WORDS = [TEXT[a:b] for a, b in AT]


def test_marks_at_the_edges_of_a_word_stand_alone() -> None:
    assert "My sister retired . How do you ask for a reference , by mail ( a.b@c.de ) ?".split() == WORDS


@given(st.text(max_size=80))
def test_every_letter_is_in_one_word(text: str) -> None:
    found = places(text)
    assert "".join(text[a:b] for a, b in found) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in pairwise(found))


def test_copied_words_keep_their_letters_and_spaces() -> None:
    copied = [("how", 4), ("do", 5), ("i", -1), ("ask", 7), ("my", 0), ("sister", 1), ("by", 12), ("mail", 13)]
    steps = [*copied, ("(", 14), ("a.b@c.de", 15)]
    assert written(TEXT, AT, steps) == "How do I ask my sister by mail (a.b@c.de"


def test_a_name_keeps_its_capital_and_a_mark_its_place() -> None:
    text = "Kim left. iOS crashes, sadly"
    at = places(text)
    assert written(text, at, [("why", -1), ("ios", 3), ("crashes", 4), (",", 5), ("sadly", 6)]) == "why iOS crashes, sadly"


def test_the_longest_run_is_what_was_copied() -> None:
    where = {"the": [0, 4, 8], "boss": [5], "asks": [6], "me": [1, 7]}
    assert aligned(["the", "boss", "never", "asks", "me"], where, [0.0] * 9) == [4, 5, -1, 6, 7]


@given(st.lists(st.sampled_from("abcde"), max_size=12), st.lists(st.sampled_from("abcde"), max_size=30))
def test_a_word_is_new_only_if_it_was_not_said(question: list[str], said: list[str]) -> None:
    where = {word: [n for n, other in enumerate(said) if other == word] for word in set(said)}
    found = aligned(question, where, [0.5] * len(said))
    assert [said[place] if place >= 0 else None for place in found] == [word if word in where else None for word in question]


def test_marks_at_the_end_are_no_words_of_a_question() -> None:
    assert question_words("Why is it so\u2019d?!") == ["why", "is", "it", "so'd"]
