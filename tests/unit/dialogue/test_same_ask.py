"""Which asks are not the chosen question, and whether a question was said word for word."""

from __future__ import annotations

from assistant.dialogue.same_ask import other_asks, said_as, word_for_word

LATE = "How do I tell the client that we will be late?"
SPLIT = "How should I split the budget?"


def test_the_chosen_question_is_no_other_ask_even_in_other_words() -> None:
    assert other_asks((LATE, SPLIT), "How do I tell the client we are late without losing them?") == (SPLIT,)
    assert other_asks((LATE, SPLIT, SPLIT), LATE) == (SPLIT,)


def test_word_for_word_gives_the_place_in_what_was_said() -> None:
    said = ("Hi. And how should I  split the budget, please?",)
    assert word_for_word(SPLIT, said) == "how should I  split the budget"
    assert word_for_word("How should I split it?", said) == word_for_word("?", said) == ""


def test_an_ask_is_known_again_behind_its_frame() -> None:
    assert said_as("How do I split the budget?", ("I need to split the budget",)) == "split the budget"
    assert said_as("What can I do when nobody reads it?", ("nobody reads it",)) == ""
