"""Whatever people send is read in time that grows with its length, and no more: measured through the product's own entries.

A quadratic step costs four times as much on twice the text; what is asserted is at most two and a half times, and a bound in
seconds of processor time for the longest message and the longest notes.
"""

from __future__ import annotations

import random

import pytest

from assistant.dialogue.understanding import Turn
from assistant.services.debriefing import LONGEST_NOTES
from assistant.services.texts import LONGEST as LONGEST_MESSAGE
from tests.unit.linear import entries
from tests.unit.linear.generators import GENERATORS, PIECES, Generator, composed, repeated
from tests.unit.linear.measure import Read, growing, least, seconds

WARM = "I need a review of my slides by Friday, not the numbers: could somebody look at them? I tried a template."
MESSAGE_SECONDS, NOTES_SECONDS = 0.5, 2.0
HARDEST = ("dates", "sentences", "numbers", "by friday", "ideographs", "words, spaces, marks", "numbered lines")
HARDEST_NOTES = ("quoted lines", "new lines", "two dates", "many speakers", "one speaker", "off the record", "spaces before a word")
EVERY_THIRD = dict(list(GENERATORS.items())[::3])


def warmed(read: Read) -> Read:
    """After one ordinary text, so that nothing is loaded or compiled while it is measured."""
    read(WARM)
    read("a")
    return read


def random_texts(count: int, seed: int) -> dict[str, Generator]:
    """Generators put together by chance: pieces side by side, runs of them one after the other."""
    chance = random.Random(seed)
    made: dict[str, Generator] = {}
    for _ in range(count):
        names = chance.sample(list(PIECES), chance.randint(2, 4))
        pieces = [PIECES[name] for name in names]
        if chance.random() < 0.5:
            made[" + ".join(names)] = repeated("".join(pieces), chance.choice(["", "not ", "I need "]), chance.choice(["", "x"]))
        else:
            made[" then ".join(names)] = composed(*pieces)
    return made


def test_there_are_many_generators_and_they_give_what_is_asked_for() -> None:
    assert len(GENERATORS) >= 40
    for generator in GENERATORS.values():
        assert 3_900 <= len(generator(4_000)) <= 4_000


@pytest.mark.parametrize("entry", entries.MESSAGES)
def test_twice_the_message_costs_at_most_two_and_a_half_times_as_much(entry: str) -> None:
    assert growing(warmed(entries.MESSAGES[entry]), GENERATORS, LONGEST_MESSAGE, small=0.012) == []


@pytest.mark.parametrize("entry", entries.UNDERSTANDING)
def test_the_rules_alone_read_the_longest_message_in_half_of_the_time(entry: str) -> None:
    read = warmed(entries.UNDERSTANDING[entry])
    for name, generator in EVERY_THIRD.items():
        assert least(read, generator(LONGEST_MESSAGE), MESSAGE_SECONDS / 2) <= MESSAGE_SECONDS / 2, name


def test_the_longest_message_is_understood_in_half_a_second_with_the_network() -> None:
    def understood(text: str) -> object:
        return entries.WHOLE.understand(Turn(text, entries.MONDAY, "Europe/Berlin"))

    read = warmed(understood)
    for name in HARDEST:
        assert least(read, GENERATORS[name](LONGEST_MESSAGE), MESSAGE_SECONDS) <= MESSAGE_SECONDS, name


def test_what_is_put_together_by_chance_is_read_in_linear_time() -> None:
    texts = random_texts(40, seed=12)
    for entry in ("opening", "reply", "sharpening", "page"):
        assert growing(warmed(entries.MESSAGES[entry]), texts, LONGEST_MESSAGE, small=0.03) == [], entry


def test_twice_the_notes_cost_at_most_two_and_a_half_times_as_much() -> None:
    assert growing(warmed(entries.debrief), GENERATORS, 12_000, small=0.1) == []
    assert growing(warmed(entries.mentors_debrief), random_texts(20, seed=4), 12_000, small=0.1) == []


@pytest.mark.parametrize("name", HARDEST_NOTES)
def test_the_longest_notes_are_read_in_two_seconds(name: str) -> None:
    assert least(warmed(entries.debrief), GENERATORS[name](LONGEST_NOTES), NOTES_SECONDS) <= NOTES_SECONDS


def test_an_article_with_a_marked_quote_is_shown_in_two_seconds() -> None:
    read = warmed(entries.marked)
    for name in ("underscores", "asterisks", "code fences", "list items", "dashes", "sentences"):
        assert least(read, GENERATORS[name](LONGEST_NOTES), 2.0) <= 2.0, name


def test_a_quadratic_reader_is_found() -> None:
    def quadratic(text: str) -> int:
        return sum(len(text[:n].split()) for n in range(0, len(text), 8))

    assert growing(quadratic, {"words": GENERATORS["one letter words"]}, 16_000, small=0.01)
    assert seconds(quadratic, "a " * 4_000) > 0
