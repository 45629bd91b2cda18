"""Plays every case on both sides within a time, and keeps each outcome, so that a run that was ended goes on where it was."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.llm.meter import Call
from tests.llm.sections import Section
from tests.llm.sides import Side

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Outcome:
    """What one case came to on one side, with the calls that it took."""

    result: Any
    calls: tuple[Call, ...]
    seconds: float


@dataclass
class Comparison:
    """Of each section the cases that both sides have played, and for each side its outcomes in that order."""

    sides: tuple[str, ...]
    cases: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, dict[str, list[Outcome]]] = field(default_factory=dict)

    def results(self, section: str, side: str) -> list[Any]:
        return [outcome.result for outcome in self.outcomes[section][side]]

    def calls(self, section: str, side: str) -> list[Call]:
        return [call for outcome in self.outcomes[section][side] for call in outcome.calls]

    def seconds(self, section: str, side: str) -> list[float]:
        return [outcome.seconds for outcome in self.outcomes[section][side]]


def compare(sections: Sequence[Section], sides: Sequence[Side], kept: Path, minutes: float, tell: Tell) -> Comparison:
    """Every section on every side, `minutes` each at most; what only one side has played by then does not count."""
    found = Comparison(tuple(side.name for side in sides))
    for section in sections:
        played = {side.name: _played(section, side, kept, minutes, tell) for side in sides}
        both = [case.id for case in section.cases if all(case.id in of for of in played.values())]
        found.cases[section.name] = len(both)
        found.outcomes[section.name] = {name: [of[key] for key in both] for name, of in played.items()}
    return found


def _played(section: Section, side: Side, kept: Path, minutes: float, tell: Tell) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    end = time.monotonic() + 60 * minutes
    for number, case in enumerate(section.cases, 1):
        place = kept / side.prints / section.name / f"{case.id}.pickle"
        outcome = _known(place)
        if outcome is None and time.monotonic() < end:
            outcome = _fresh(section, side, case)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(pickle.dumps(outcome))
        if outcome is not None:
            outcomes[case.id] = outcome
        tell(f"{section.name}, {side.name}", number, len(section.cases))
    return outcomes


def _fresh(section: Section, side: Side, case: Any) -> Outcome:
    side.ready()
    started = time.perf_counter()
    result = section.play(side.app, side.watch, case)
    return Outcome(result, side.meter.take() if side.meter else (), time.perf_counter() - started)


def _known(place: Path) -> Outcome | None:
    """The outcome of an earlier run of the same code, written by this module."""
    if not place.is_file():
        return None
    found: Outcome = pickle.loads(place.read_bytes())
    return found
