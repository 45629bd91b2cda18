"""Numbers, months and weekdays in words."""

from __future__ import annotations

import re
from datetime import date

import pytest

from assistant.adapters.offline.dates.day_rules import Reference
from assistant.adapters.offline.dates.phrases import phrases
from assistant.adapters.offline.dates.words import NUMBER, month, number, weekday

ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth "
    "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()


@pytest.mark.parametrize(("figure", "word"), list(enumerate(ORDINALS, 1)))
def test_every_day_of_a_month_is_read_in_words(figure: int, word: str) -> None:
    assert number(word) == number(word.replace("-", " ").upper()) == number(str(figure)) == figure
    assert re.fullmatch(NUMBER, word)
    assert [one.on for one in phrases(f"due on the {word} of March", Reference(date(2026, 1, 1)))] == [date(2026, 3, figure)]


def test_a_day_that_there_is_not_is_none() -> None:
    found = [one for one in phrases("by the thirty-fifth of May 2026", Reference(date(2026, 1, 1))) if one.exact]
    assert found == []


def test_counts_months_and_weekdays() -> None:
    assert [number(words) for words in ("a", "an", "a couple of", "ten", "3rd")] == [1, 1, 2, 10, 3]
    assert (month("September"), month("mar"), weekday("Thurs"), weekday("sun")) == (9, 3, 3, 6)
