"""Formats by grammar: how somebody wants to be helped, not how long the deliverable is."""

from __future__ import annotations

import pytest

from assistant.adapters.offline.reading.formats import phrases


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("a 20 minute call would do", ["a 20 minute call"]),
        ("could someone review it, 30 min before Friday", ["30 min"]),
        ("half an hour with somebody from tax", ["half an hour with somebody from tax"]),
        ("comments by email are fine", ["comments by email"]),
        ("a 5 minute talk for the works council", []),
        ("the meeting was long", []),
    ],
)
def test_phrases_are_found(text: str, quotes: list[str]) -> None:
    assert [text[a:b] for a, b in phrases(text)] == quotes


def test_a_long_phrase_ends_with_a_whole_word() -> None:
    text = "half an hour with somebody who has closed a warehouse and kept the people until the last day"
    ((start, end),) = phrases(text)
    assert text[start:end] == "half an hour with somebody who has closed a warehouse and kept the people"
