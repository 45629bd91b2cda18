"""The mentee's words as whole sentences: no label in front, a capital, a full stop, and no other word changed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.whole_sentences import whole_sentences


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a deck they approve", "A deck they approve."),
        ("What I already did: I turned off the phone line", "I turned off the phone line."),
        ("Goal: three clean swabs", "Three clean swabs."),
        ("What I want is one page", "What I want is one page."),
        ("i added an index, i'm stuck. no change", "I added an index, I'm stuck. No change."),
        ("but the temps would take weeks", "The temps would take weeks."),
        ("- two part-timers\n- one phone line", "Two part-timers. One phone line."),
        ("var_q3.xlsx does not match", "var_q3.xlsx does not match."),
        ("we use the board, e.g. the old one, etc. and so on", "We use the board, e.g. the old one, etc. and so on."),
        ('She said "no."', 'She said "no."'),
        ("why me?", "Why me?"),
        (" -- ", ""),
    ],
)
def test_words_become_sentences(said: str, shown: str) -> None:
    assert whole_sentences(said) == shown


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@given(st.text("aiB1 .,:'-\n?", max_size=80))
def test_no_word_is_added_or_moved_and_nothing_changes_twice(said: str) -> None:
    shown = whole_sentences(said)
    rest = iter(words(said))
    assert all(word in rest for word in words(shown))
    assert whole_sentences(shown) == shown
