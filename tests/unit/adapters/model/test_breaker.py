"""When an endpoint is left alone, for how long, and how it comes back."""

from __future__ import annotations

from typing import Literal

import pytest

from assistant.adapters.model.resilience.breaker import Breaker
from assistant.domain.provenance import Fallback
from tests.unit.adapters.model.scripted import Ticking


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def breaker(ticking: Ticking) -> Breaker:
    return Breaker(ticking)


def call(breaker: Breaker, why: Fallback = "", wait: float = 0.0) -> None:
    ticket = breaker.admit()
    assert ticket is not None
    breaker.settle(ticket, why, wait)


def rests_for(breaker: Breaker, ticking: Ticking) -> float:
    """Seconds until a call passes again, to the second; the clock is put there."""
    start = ticking.now
    while breaker.resting:
        ticking.now += 1
        assert ticking.now < start + 10_000
    return ticking.now - start


@pytest.mark.parametrize("why", ["late", "unreachable", "fault", "empty", "cut", "unreadable", "wrong_shape", "busy"])
def test_it_opens_after_three_failures_in_a_row(breaker: Breaker, ticking: Ticking, why: Fallback) -> None:
    for _ in range(2):
        call(breaker, why)
    call(breaker)
    for _ in range(3):
        assert not breaker.resting
        call(breaker, why)
    assert breaker.admit() is None
    assert rests_for(breaker, ticking) == 30


@pytest.mark.parametrize("why", ["refused", "no_model", "quota"])
def test_it_opens_at_once_where_trying_again_is_of_no_use(breaker: Breaker, ticking: Ticking, why: Fallback) -> None:
    call(breaker, why)
    assert rests_for(breaker, ticking) == 30


@pytest.mark.parametrize(("wait", "rests"), [(5, 5), (120, 120), (90_000, 3600)])
def test_it_rests_as_long_as_it_was_asked_to_up_to_an_hour(breaker: Breaker, ticking: Ticking, wait: float, rests: float) -> None:
    call(breaker, "busy", wait)
    assert rests_for(breaker, ticking) == rests


@pytest.mark.parametrize("why", ["unsupported", "too_large"])
def test_what_is_not_the_endpoints_failure_is_none(breaker: Breaker, why: Fallback) -> None:
    for _ in range(2):
        call(breaker, "fault")
    call(breaker, why)
    for _ in range(2):
        call(breaker, "fault")
    assert not breaker.resting


def test_the_rest_doubles_to_five_minutes_while_probes_fail_and_is_short_again_after_one_succeeds(
    breaker: Breaker, ticking: Ticking
) -> None:
    call(breaker, "quota")
    rests = []
    for _ in range(6):
        rests.append(rests_for(breaker, ticking))
        call(breaker, "fault")
    assert rests == [30, 60, 120, 240, 300, 300]
    rests_for(breaker, ticking)
    call(breaker)
    call(breaker, "quota")
    assert rests_for(breaker, ticking) == 30


def test_half_open_one_call_passes(breaker: Breaker, ticking: Ticking) -> None:
    call(breaker, "quota")
    rests_for(breaker, ticking)
    probe = breaker.admit()
    assert probe is not None
    assert [breaker.admit() for _ in range(3)] == [None] * 3
    breaker.give_back(probe)
    again = breaker.admit()
    assert again is not None
    breaker.settle(again, "")
    assert None not in [breaker.admit() for _ in range(3)]


@pytest.mark.parametrize("late", ["", "fault"])
def test_a_call_from_before_it_opened_is_not_heard(breaker: Breaker, ticking: Ticking, late: Literal["", "fault"]) -> None:
    before = breaker.admit()
    assert before is not None
    call(breaker, "quota")
    breaker.settle(before, late)
    assert rests_for(breaker, ticking) == 30
    call(breaker, "fault")
    assert rests_for(breaker, ticking) == 60
