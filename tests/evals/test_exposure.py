"""The simulation of exposure: fair arithmetic, the product's own matcher, and the same outcome for the same seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.ics_calendar import IcsCalendar
from assistant.dialogue.mentor_utility import BAND
from assistant.domain.schedule import Block
from assistant.evaluation.job import Job
from assistant.evaluation.sets import locate
from retrieval.people.experts import ExpertHit
from tests.evals.floors import ceiling, floor
from tests.evals.lab import exposure
from tests.evals.lab.agenda import Agenda, OfficeHours
from tests.evals.lab.exposure import START, Topic, World, Year, drawn, evaluate_exposure, play, report
from tests.evals.lab.inequality import draw_lorenz, gini, lorenz
from tests.evals.lab.measures import LAYOUTS
from tests.fakes import MENTORS, SettableClock, profile

DAILY = (Block("FREQ=DAILY;BYHOUR=10;BYMINUTE=0", 120),)
MANY = {name: replace(MENTORS["ada"], id=name, blocks=DAILY, capacity=5) for name in ("a", "b", "c", "d", "e")}
CALENDAR = IcsCalendar(SettableClock(START))


def topic(*scores: float) -> Topic:
    people = [ExpertHit(profile(mentor), score, "q", ()) for mentor, score in zip(MANY.values(), scores, strict=True)]
    return Topic(tuple(people), {"a": 3.0, "b": 2.0})


WORLD = World(
    MANY, [topic(0.9, 0.85, 0.8, 0.78, 0.2), topic(0.7, 0.69, 0.68, 0.67, 0.66)], ["Europe/London"], OfficeHours(CALENDAR)
)


def test_gini_is_nothing_where_all_have_the_same_and_near_one_where_one_has_all() -> None:
    assert gini([]) == gini([0, 0]) == gini([3, 3, 3]) == 0.0
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([1, 3]) == pytest.approx(0.25)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_gini_is_twice_the_area_over_the_lorenz_curve(loads: list[int]) -> None:
    curve = lorenz(loads)
    area = sum((one + two) / 2 for one, two in pairwise(curve)) / len(loads)
    assert gini(loads) == pytest.approx(1 - 2 * area if sum(loads) else 0.0, abs=1e-9)


def test_the_matcher_spreads_what_evidence_alone_heaps_up() -> None:
    asks = drawn(WORLD, seed=1, requests=60)
    alone, askwell = play(WORLD, asks, 0.0), play(WORLD, asks, BAND)
    assert askwell.gini < alone.gini
    assert sum(askwell.load) == sum(alone.load) == 60
    assert play(WORLD, asks, BAND) == askwell
    assert drawn(WORLD, 1, 60) == asks != drawn(WORLD, 2, 60)


def test_the_report_has_both_ways_and_the_change() -> None:
    found = report([(Year((4, 0), 0.8, 0.5), Year((3, 1), 0.76, 1.0)), (Year((4, 0), 0.5, 0.5), Year((3, 1), 0.5, 1.0))], "own")
    assert found.figure("load Gini: evidence").value == 0.5
    assert found.figure("load Gini: Askwell").value == 0.25
    assert found.figure("load Gini: change").value == -0.5
    assert found.figure("load Gini: change").met is True
    assert found.figure("nDCG@3: change").value == pytest.approx(-0.025)
    assert found.figure("highest load: Askwell").value == 3.0


def test_office_hours_are_those_of_the_calendar() -> None:
    hours, block = OfficeHours(CALENDAR), DAILY[0]
    for days in (0, 100, 300):
        start, end = START + timedelta(days=days, hours=2), START + timedelta(days=days + 90)
        assert list(hours.occurrences(block, "America/New_York", start, end)) == list(
            CALENDAR.occurrences(block, "America/New_York", start, end)
        )


def test_the_agenda_counts_what_was_booked() -> None:
    agenda = Agenda()
    agenda.book("a", "2026-W02", [START])
    agenda.book("a", "2026-W02", [START + timedelta(minutes=30)])
    assert agenda.load("a", "2026-W02") == 2
    assert agenda.seats(("a", "b"), ("2026-W02", "2026-W03")) == {("a", "2026-W02"): 2}
    assert agenda.taken(["a"], START, START + timedelta(minutes=15)) == {"a": {START}}


@pytest.mark.slow
def test_load_is_spread_for_about_a_twentieth_of_relevance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In four half years; `python -m tests.evals.lab exposure` plays ten, in which the load has to fall by 30%."""
    monkeypatch.setattr(exposure, "SEEDS", 4)
    found = evaluate_exposure(Job(locate("exposure", None, "dev", LAYOUTS), "dev", lambda stage, done, total: None, out=tmp_path))
    requests = exposure.REQUESTS * 4
    gini_change, relevance_change = (found.figure(f"{name}: change").value for name in ("load Gini", "nDCG@3"))
    assert gini_change is not None
    assert gini_change <= ceiling(-0.297, requests)
    assert relevance_change is not None
    assert relevance_change >= floor(-0.046, requests)


def test_it_needs_no_set_of_its_own() -> None:
    assert locate("exposure", None, "dev", LAYOUTS).golden


def test_the_curves_are_a_picture(tmp_path: Path) -> None:
    path = draw_lorenz({"evidence alone": [[1, 2, 9]], "Askwell": [[3, 4, 5]]}, tmp_path / "new" / "lorenz.png")
    assert path.read_bytes().startswith(b"\x89PNG")
