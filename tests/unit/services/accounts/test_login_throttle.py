"""Guessing becomes slow, an honest slip costs nothing, and the memory for it does not grow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.services.accounts.login_throttle import FREE, KEY_LENGTH, NONE, Throttle
from tests.fakes import MONDAY

SECOND = timedelta(seconds=1)


def fail(throttle: Throttle, times: int, login: str = "lena", where: str = "10.0.0.1") -> None:
    for _ in range(times):
        throttle.failed(login, where, MONDAY)


def test_the_first_failures_are_free() -> None:
    throttle = Throttle()
    fail(throttle, FREE - 1)
    assert throttle.wait("lena", "10.0.0.1", MONDAY) == NONE
    fail(throttle, 1)
    assert throttle.wait("lena", "10.0.0.1", MONDAY) == 15 * SECOND


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour() -> None:
    throttle, now, waits = Throttle(), MONDAY, []
    fail(throttle, FREE)
    for _ in range(9):
        wait = throttle.wait("lena", "elsewhere", now)
        assert throttle.wait("lena", "elsewhere", now + wait - SECOND) == SECOND
        now += wait
        assert throttle.wait("lena", "elsewhere", now) == NONE
        waits.append(wait.seconds)
        throttle.failed("lena", "another", now)
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900, 900]


def test_a_login_waits_everywhere_and_an_address_for_every_login() -> None:
    throttle = Throttle()
    fail(throttle, FREE)
    assert throttle.wait("LENA", "10.0.0.9", MONDAY) > NONE
    assert throttle.wait("mika", "10.0.0.1", MONDAY) > NONE
    assert throttle.wait("mika", "10.0.0.9", MONDAY) == NONE


def test_a_login_is_never_taken_for_an_address() -> None:
    throttle = Throttle()
    fail(throttle, FREE, login="10.0.0.1", where="lena")
    assert throttle.wait("lena", "10.0.0.1", MONDAY) == NONE


def test_ones_own_slips_are_forgotten_and_nobody_elses() -> None:
    throttle = Throttle()
    for n in range(FREE - 1):
        fail(throttle, 1, login=f"victim{n}")
    fail(throttle, 3, login="lena", where="10.0.0.2")
    fail(throttle, 1, login="lena", where="10.0.0.2")
    throttle.succeeded("lena", "10.0.0.2", MONDAY)
    fail(throttle, FREE - 1, login="lena", where="10.0.0.2")
    assert throttle.wait("lena", "10.0.0.2", MONDAY) == NONE
    throttle.succeeded("mika", "10.0.0.1", MONDAY)
    fail(throttle, 1, login="another victim")
    assert throttle.wait("mika", "10.0.0.1", MONDAY) > NONE


def test_an_hour_without_failures_begins_anew() -> None:
    throttle = Throttle()
    fail(throttle, FREE + 6)
    later = MONDAY + timedelta(hours=1)
    throttle.failed("lena", "10.0.0.1", later)
    assert throttle.wait("lena", "10.0.0.1", later) == NONE


def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    throttle = Throttle()
    fail(throttle, FREE + 6)
    assert throttle.wait("lena", "10.0.0.1", MONDAY - timedelta(days=9)) == timedelta(minutes=15)


def test_its_size_is_bounded_and_the_newest_stay() -> None:
    throttle = Throttle(size=10)
    fail(throttle, FREE)
    for n in range(200):
        fail(throttle, 1, login=f"{n}" * 500, where=f"10.1.{n}")
    for counts in (throttle._logins, throttle._addresses):
        assert len(counts._failures) == 10
        assert max(map(len, counts._failures)) <= KEY_LENGTH
    assert throttle.wait("lena", "10.0.0.1", MONDAY) == NONE


def test_a_flood_of_addresses_does_not_push_an_account_out_of_memory() -> None:
    throttle = Throttle(size=10)
    for n in range(FREE + 200):
        fail(throttle, 1, where=f"10.1.{n % 250}.{n}")
    assert throttle.wait("lena", "10.0.0.1", MONDAY) > NONE


def test_a_known_browser_waits_for_its_own_failures_alone() -> None:
    throttle = Throttle()
    fail(throttle, FREE + 3)
    assert throttle.wait("lena", "10.0.0.1", MONDAY, "browser") == NONE
    for _ in range(FREE):
        throttle.failed("lena", "10.0.0.2", MONDAY, "browser")
    assert throttle.wait("lena", "10.0.0.2", MONDAY, "browser") == 15 * SECOND
    assert throttle.wait("mika", "10.0.0.2", MONDAY, "browser") == NONE
    assert throttle.wait("mika", "10.0.0.2", MONDAY) == NONE
    throttle.succeeded("lena", "10.0.0.2", MONDAY, "browser")
    assert throttle.wait("lena", "10.0.0.2", MONDAY, "browser") == NONE
    assert throttle.wait("lena", "10.0.0.3", MONDAY) > NONE


@pytest.mark.parametrize(("first", "second", "same"), [
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True), ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ("::ffff:192.0.2.1", "192.0.2.1", True), ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ("192.0.2.1", "192.0.2.2", False), ("no address", "another", False), ("", "x" * 9999, False),
])  # fmt: skip
def test_a_network_of_ipv6_is_one_address(first: str, second: str, same: bool) -> None:
    throttle = Throttle()
    for n in range(FREE):
        fail(throttle, 1, login=f"victim{n}", where=first)
    assert (throttle.wait("lena", second, MONDAY) > NONE) is same
