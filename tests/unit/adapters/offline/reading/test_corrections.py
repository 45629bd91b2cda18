"""Corrections and negations: which words hold now, which are taken back, and what a request is not about."""

from __future__ import annotations

import pytest

from assistant.adapters.offline.reading.corrections import change, negated, superseded


@pytest.mark.parametrize(
    ("text", "new", "old"),
    [
        ("no, I meant the March report, not the April one", "the March report", "the April one"),
        ("not Friday, Monday", "Monday", "Friday"),
        ("actually it's Thursday", "Thursday", None),
        ("make that an hour instead of 30 minutes", "an hour", "30 minutes"),
        ("Tuesday, not Wednesday. sorry!", "Tuesday", "Wednesday"),
        ("I said Python but the script is in R, my mistake", "R", "Python"),
        ("wait, I got that wrong, the deadline is the 12th", "the 12th", None),
        ('You\'ve written "new hires", it should read "interns"', "interns", "new hires"),
        ("correction: it's 40 people, not 14", "40 people", "14"),
        ("it was not two times but five times that we tried", "five times that we tried", "two times"),
        ("oops, typo: 2% not 20%", "2%", "20%"),
    ],
)
def test_a_correction_has_new_and_old_words(text: str, new: str, old: str | None) -> None:
    found = change(text)
    assert found.new.of(text) == new
    assert (found.old.of(text) if found.old else None) == old


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("it is not about the slides", ["the slides"]),
        ("It has nothing to do with the software", ["the software"]),
        ("I said nothing about a call", ["a call"]),
        ("the tool is not the issue here", ["the tool"]),
        ("please drop the date, it doesn't hold any more", ["the date"]),
        ("that's not what I meant", []),
        ("the storyline of the board deck", []),
    ],
)
def test_what_a_message_is_not_about(text: str, quotes: list[str]) -> None:
    assert [span.of(text) for span in negated(text)] == quotes


def test_a_value_that_is_taken_back_at_once() -> None:
    text = "Deadline Friday, no wait, Monday"
    (gone,) = superseded(text)
    assert gone.of(text) == "Deadline Friday, no wait, "
