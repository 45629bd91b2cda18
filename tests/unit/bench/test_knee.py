"""The knee: the last step that was quick, with every one before it."""

from __future__ import annotations

from dataclasses import replace

from tests.bench.figures import Load, Tally
from tests.bench.knee import Step, knee, step_of, table

QUICK = Step(10, 4.0, 12.0, 80, 200, 18.0, 0.4, 0)
SLOW = replace(QUICK, people=20, answered_p95=251)


def test_the_knee_is_the_last_quick_step_before_the_first_slow_one() -> None:
    assert knee([QUICK, replace(QUICK, people=15), SLOW, replace(QUICK, people=30)]) == replace(QUICK, people=15)


def test_without_a_quick_first_step_there_is_none() -> None:
    assert knee([SLOW, QUICK]) is None
    assert knee([]) is None


def test_a_step_with_errors_is_not_quick() -> None:
    assert knee([QUICK, replace(QUICK, errors=1)]) == QUICK


def test_a_step_counts_turns_events_and_processor_time() -> None:
    tally = Tally(answered=[0.1] * 19 + [0.3], acts=[0.1] * 20, shows=[0.1] * 60)
    assert step_of(7, 10.0, tally, Load(2.0, 10.0, 400.0)) == Step(7, 2.0, 10.0, 100, 100, 20.0, 0.2, 0)


def test_the_table_has_a_row_for_each_step() -> None:
    assert table([QUICK, SLOW]).row_count == 2
