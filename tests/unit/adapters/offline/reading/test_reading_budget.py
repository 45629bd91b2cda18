"""Reading a turn has a budget of processor time: past it less is read, and in the end nothing is claimed, but an answer comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from assistant.adapters.offline.offline_language import FITTING, LONGEST, SECONDS, OfflineLanguage
from assistant.adapters.offline.reading.spans import Span
from assistant.adapters.offline.reading.unit_model import Reader, Reading, Unit
from assistant.dialogue.grounding.evidence import checked
from assistant.dialogue.understanding import Turn, Understanding
from assistant.domain.reply import Kind

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
BEGIN = "I have to present the budget to the board by Friday. "
LONG = BEGIN + "It is about the plan and the plan is long. " * 200


class Worked:
    """A clock of processor time that a reader moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Slow(Reader):
    """A reader that takes so many seconds for every 1,000 letters, and finds one thing at the beginning."""

    def __init__(self, clock: Worked, seconds: float) -> None:
        super().__init__()
        self._clock, self._seconds = clock, seconds
        self.read_lengths: list[int] = []

    def read(self, text: str, pause: Callable[[], None] = lambda: None) -> Reading:
        self.read_lengths.append(len(text))
        for _ in range(0, len(text), 1_000):
            pause()
            self._clock.now += self._seconds
        unit = Unit(Span(0, len(BEGIN) - 2), text[: len(BEGIN) - 2], {"A": 0.9}, asked=0.9)
        return Reading((unit,), {"vague": 0.9}, {"none": 1.0}, {"success": 0.9}, {"none": 1.0})


def understood(seconds: float, text: str = LONG) -> tuple[Understanding, list[int], float]:
    clock = Worked()
    reader = Slow(clock, seconds)
    claim = OfflineLanguage(reader=reader, clock=clock).understand(Turn(text, NOW, "Europe/Berlin"))
    return claim, reader.read_lengths, clock.now


def test_what_fits_is_read_whole() -> None:
    claim, lengths, _ = understood(0.05)
    assert lengths == [len(LONG)]
    assert claim.slots


def test_where_the_whole_takes_too_long_its_beginning_is_read() -> None:
    claim, lengths, spent = understood(SECONDS / 5)
    assert lengths == [len(LONG), FITTING]
    assert claim.slots == checked(claim, LONG).slots
    assert {slot.slot for slot in claim.slots} >= {"task"}
    assert spent <= 2 * SECONDS


def test_where_that_takes_too_long_as_well_nothing_is_claimed() -> None:
    claim, lengths, spent = understood(SECONDS)
    assert claim == Understanding(Kind.VAGUE)
    assert lengths == [len(LONG), FITTING]
    assert spent <= 2 * SECONDS + 2 * SECONDS


def test_a_burst_of_messages_is_read_up_to_a_limit() -> None:
    _, lengths, _ = understood(0.0, "word " * 20_000)
    assert lengths == [LONGEST]
