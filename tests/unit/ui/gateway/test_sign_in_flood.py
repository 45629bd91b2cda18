"""Sixty wrong sign-ins at once, over a real server: who is signed in is not held up, and the owner of an account comes in."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from select import select
from urllib.parse import urlencode, urlsplit

import pytest

from assistant.adapters.store.sql_sign_ins import SqlSignIns
from assistant.services.accounts.access import Actor
from assistant.services.accounts.login_throttle import FREE
from assistant.services.accounts.sign_in import AT_ONCE
from assistant.services.conversing.status_text import say
from tests.fakes import done
from tests.unit.ui.support import served
from tests.unit.ui.wire import AppServices, _created, open_app
from ui.gateway.sign_in_queue import WAITING
from ui.server import disable_telemetry

ADMIN = Actor("alasdair", frozenset({"admin"}))
PASSWORD = "a plain long sentence"
FLOOD = 60
HASHES_AS_IN_PRODUCTION = True
KINDLY = 0.5
"""Seconds that anybody else may wait at most while the flood lasts."""


@dataclass(frozen=True)
class Answer:
    status: int
    cookies: tuple[str, ...]
    retry_after: str | None
    text: str


@pytest.fixture
def wired(tmp_path: Path) -> Iterator[AppServices]:
    """Outside demo mode; lena and mika have passwords, hashed as in production."""
    wired = open_app(tmp_path, demo=False)
    for login in ("lena", "mika"):
        done(wired.app.sign_in_service.set_password(ADMIN, login, PASSWORD))
    yield wired
    wired.app.close()


@pytest.fixture
def url(wired: AppServices) -> Iterator[str]:
    disable_telemetry()
    with served(asyncio.run(_created(wired.app))) as url:
        yield url


def begin(url: str, method: str, path: str, cookies: tuple[str, ...] = (), address: str = "", **form: str) -> HTTPConnection:
    """One request on a connection of its own, sent and not yet answered; a proxy says that it comes from `address`."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html", "Cookie": "; ".join(cookies)}
    if address:
        headers["X-Forwarded-For"] = address
    connection.request(method, path, urlencode(form) if form else None, headers)
    return connection


def end(connection: HTTPConnection) -> Answer:
    with closing(connection):
        answer = connection.getresponse()
        given = tuple(line.split(";")[0] for line in answer.headers.get_all("set-cookie", ()))
        return Answer(answer.status, given, answer.headers["retry-after"], answer.read().decode())


def sign_in(url: str, login: str, password: str, address: str, cookies: tuple[str, ...] = ()) -> Answer:
    return end(begin(url, "POST", "/sign-in", cookies, address, login=login, password=password))


def guess(url: str, n: int, login: str) -> HTTPConnection:
    return begin(url, "POST", "/sign-in", (), f"198.51.100.{n}", login=login, password=f"a wrong guess {n}")


def answered(flood: list[HTTPConnection]) -> bool:
    return len(select([one.sock for one in flood], [], [], 0)[0]) == len(flood)


def test_a_flood_of_wrong_sign_ins_holds_up_nobody_who_is_signed_in(url: str) -> None:
    mine = sign_in(url, "lena", PASSWORD, "192.0.2.1").cookies
    waited: list[float] = []
    flood = [guess(url, n, f"ghost{n}") for n in range(FLOOD)]
    while not answered(flood):
        begun = time.perf_counter()
        assert end(begin(url, "GET", "/me", mine)).status == 200
        waited.append(time.perf_counter() - begun)
        time.sleep(0.02)
    check_flood([end(one) for one in flood])
    assert len(waited) > 10
    assert max(waited) < KINDLY, sorted(waited)[-5:]


def check_flood(answers: list[Answer]) -> None:
    """Some were checked, the rest is told kindly to come again."""
    counted = Counter(answer.status for answer in answers)
    assert set(counted) == {401, 503}, counted
    assert AT_ONCE + WAITING <= counted[401] < FLOOD
    for answer in answers:
        assert (say("refuse.sign_in_busy") in answer.text) is (answer.status == 503)
        assert (answer.retry_after is not None) is (answer.status == 503)
        assert answer.cookies == ()


def test_passwords_are_hashed_as_the_library_recommends(wired: AppServices) -> None:
    known = SqlSignIns(wired.app.engine).password("lena")
    assert known
    assert "$m=65536,t=3,p=4$" in known


def test_strangers_at_an_account_do_not_shut_its_owner_out(url: str, wired: AppServices) -> None:
    known = tuple(c for c in sign_in(url, "lena", PASSWORD, "192.0.2.1").cookies if "-browser=" in c)
    assert len(known) == 1
    for n in range(FREE):
        assert end(guess(url, n, "lena")).status == 401
    assert "too many failed attempts" in sign_in(url, "lena", PASSWORD, "192.0.2.2").text
    assert sign_in(url, "lena", PASSWORD, "192.0.2.1", known).status == 303
    assert "too many failed attempts" in sign_in(url, "lena", PASSWORD, "192.0.2.2").text, (
        "the owner's sign-in helped the strangers"
    )


def test_a_full_queue_of_strangers_does_not_keep_the_owner_waiting_outside(url: str) -> None:
    known = tuple(c for c in sign_in(url, "lena", PASSWORD, "192.0.2.1").cookies if "-browser=" in c)
    flood = [guess(url, n, "lena" if n % 2 else f"ghost{n}") for n in range(FLOOD)]
    owner = sign_in(url, "lena", PASSWORD, "192.0.2.1", known)
    assert owner.status == 303
    assert {end(one).status for one in flood} == {401, 503}
