"""What is cut from the end of a span."""

from __future__ import annotations

import pytest

from assistant.adapters.offline.reading.spans import Span
from assistant.adapters.offline.reading.trimming import tidied


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("I compared three quotes. Success is a price.", "I compared three quotes. Success", "I compared three quotes."),
        ("I tried two firms. No luck", "I tried two firms. No luck", "I tried two firms. No luck"),
        ("I asked twice. And called", "I asked twice. And called", "I asked twice. And called"),
        ("I asked version 2.1 people", "I asked version 2.1", "I asked version 2.1"),
    ],
)
def test_the_first_words_of_a_next_sentence_are_not_part_of_it(text: str, found: str, left: str) -> None:
    start = text.index(found)
    assert tidied(text, "tried", Span(start, start + len(found))).of(text).rstrip() == left
