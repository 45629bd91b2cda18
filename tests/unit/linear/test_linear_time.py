"""Whatever people send is read in time that grows with its length, and no more: measured through the product's own entries.

A quadratic step costs four times as much on twice the text; what is asserted is at most two and a half times, and a bound in
seconds of processor time for the longest message and the longest notes.
"""

from __future__ import annotations

import random

import pytest

from assistant.dialogue.understanding import Turn
from assistant.services.conversing.message_text import LONGEST as LONGEST_MESSAGE
from assistant.services.handing_over.debriefing import LONGEST_NOTES
from tests.fakes import FakeApp
from tests.unit.linear import entries
from tests.unit.linear.generators import GENERATORS, PIECES, Generator, composed, repeated
from tests.unit.linear.measure import Read, least, slow

WARM = "I need a review of my slides by Friday, not the numbers: could somebody look at them? I tried a template."
MESSAGE_SECONDS, NOTES_SECONDS = 0.5, 2.0
HARDEST = ("dates", "sentences", "ideographs", "words, spaces, marks")
HARDEST_NOTES = ("quoted lines", "new lines", "two dates", "many speakers", "off the record", "spaces before a word")


def a_third(offset: int) -> dict[str, Generator]:
    """Every third generator; what is missed by one offset is met by another."""
    return dict(list(GENERATORS.items())[offset % 3 :: 3])


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


def test_an_opening_is_read_in_linear_time() -> None:
    assert slow(warmed(entries.opening), GENERATORS, LONGEST_MESSAGE, 0.012, MESSAGE_SECONDS / 2) == []


@pytest.mark.parametrize("at", range(1, len(entries.MESSAGES)), ids=list(entries.MESSAGES)[1:])
def test_a_message_is_read_and_shown_in_linear_time(at: int) -> None:
    """All but the first entry, the opening, which has a test of its own with every generator and a tighter bound."""
    read = warmed(list(entries.MESSAGES.values())[at])
    assert slow(read, a_third(at), LONGEST_MESSAGE, 0.012, MESSAGE_SECONDS) == []


def test_a_whole_turn_through_the_service_takes_linear_time(memory_app: FakeApp) -> None:
    turned = FakeApp(memory_app.ports, memory_app.clock, entries.RULES)  # type: ignore[arg-type]
    lena = turned.actor("lena")

    def said(text: str) -> object:
        request = turned.open()
        turned.conversation.say(lena, request, "m0", text)
        return turned.conversation.say(lena, request, "m1", text)

    assert slow(warmed(said), a_third(1), LONGEST_MESSAGE, 0.05, MESSAGE_SECONDS) == []


def test_the_longest_message_is_understood_in_half_a_second_with_the_network() -> None:
    def understood(text: str) -> object:
        return entries.WHOLE.understand(Turn(text, entries.MONDAY, "Europe/Berlin"))

    read = warmed(understood)
    for name in HARDEST:
        assert least(read, GENERATORS[name], LONGEST_MESSAGE, MESSAGE_SECONDS) <= MESSAGE_SECONDS, name


def test_the_network_reads_a_text_in_linear_time() -> None:
    hardest = {name: GENERATORS[name] for name in HARDEST}
    assert slow(warmed(entries.reading), hardest, LONGEST_MESSAGE, 0.05, NOTES_SECONDS) == []


def test_what_is_put_together_by_chance_is_read_in_linear_time() -> None:
    texts = random_texts(30, seed=12)
    for read in (entries.opening, entries.clause, entries.MESSAGES["reply"], entries.page):
        assert slow(warmed(read), texts, LONGEST_MESSAGE, 0.02, MESSAGE_SECONDS / 2) == []


def test_notes_are_structured_in_linear_time() -> None:
    assert slow(warmed(entries.debrief), a_third(0) | a_third(1), 10_000, 0.08, NOTES_SECONDS / 3) == []
    assert slow(warmed(entries.mentors_debrief), a_third(2) | random_texts(10, seed=4), 10_000, 0.08, NOTES_SECONDS / 3) == []


@pytest.mark.parametrize("name", HARDEST_NOTES)
def test_the_longest_notes_are_structured_in_two_seconds(name: str) -> None:
    assert least(warmed(entries.debrief), GENERATORS[name], LONGEST_NOTES, NOTES_SECONDS) <= NOTES_SECONDS


@pytest.mark.parametrize("name", ["underscores", "list items"])
def test_a_long_article_with_a_marked_quote_is_shown_in_two_seconds(name: str) -> None:
    assert least(warmed(entries.marked), GENERATORS[name], 20_000, 2.0) <= 2.0


def test_a_quadratic_reader_is_found_and_a_linear_one_is_not() -> None:
    def quadratic(text: str) -> int:
        return sum(len(text[:n].split()) for n in range(0, len(text), 8))

    def linear(text: str) -> int:
        return sum(len(text.split()) for _ in range(500))

    words = {"words": GENERATORS["one letter words"]}
    assert [found.generator for found in slow(quadratic, words, 16_000, 0.01, 9.0)] == ["words"]
    assert [found.generator for found in slow(linear, words, 16_000, 0.01, 0.0)] == ["words"], "too slow altogether"
    assert slow(linear, words, 16_000, 0.01, 9.0) == []
