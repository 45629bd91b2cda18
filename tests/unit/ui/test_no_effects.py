"""Looking changes nothing: every address is asked for by GET, by everybody and more than once, and no row is written."""

from __future__ import annotations

import asyncio
import http.client
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from fastapi import FastAPI

from tests.unit.ui.support import addresses, served
from tests.unit.ui.wire import AppServices, Still, open_app
from ui.live.updates import Hub

PAGES = ("/", "/requests", "/mentor", "/library")
QUERIES = ("?person=1", "?request=r1&person=1", "?words=task%3A+face+the+board", "?request=new-one", "?name=withdraw&request=r1")
WHO = ("", "lena", "login-ada", "petra", "alasdair")
ENDLESS_SECONDS = 0.3


@dataclass(frozen=True)
class Site:
    """A running server over the services of an application."""

    wired: AppServices
    web: FastAPI
    url: str

    def ask(self, method: str, path: str, cookie: str = "", body: str = "") -> tuple[int, str]:
        """The status and the cookie that was given; of an answer that never ends only the beginning is read."""
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=5)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        line.request(method, path, body or None, {"Cookie": cookie, **kind} if cookie else kind)
        socket, answer = line.sock, line.getresponse()
        if answer.headers.get_content_type() == "text/event-stream":
            socket.settimeout(ENDLESS_SECONDS)
        with suppress(TimeoutError):
            answer.read()
        line.close()
        return answer.status, (answer.getheader("Set-Cookie") or "").partition(";")[0]

    def cookie(self, login: str) -> str:
        return self.ask("POST", "/sign-in/sample", body=urlencode({"login": login}))[1] if login else ""

    def rows(self) -> str:
        """Every row of the database, whatever it is of."""
        with closing(sqlite3.connect(self.wired.path)) as db:
            return "\n".join(db.iterdump())


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    from ui.server import disable_telemetry

    disable_telemetry()
    from ui import app as web

    monkeypatch.setattr(web, "BackgroundWorker", Still)
    wired = open_app(tmp_path)
    wired.open("lena", "r1")
    wired.say("r1", "task: face the board")
    made, hub = asyncio.run(_created(wired))
    with served(made, hub.stop) as url:
        yield Site(wired, made, url)
    wired.app.close()


async def _created(wired: AppServices) -> tuple[FastAPI, Hub]:
    from ui import app as web

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return web.create(wired.app)


def every_address(site: Site) -> list[str]:
    routes = {address.path for address in addresses(site.web) if address.method == "GET"}
    of_a_request = {path.replace("/request/x", "/request/r1") for path in routes}
    return sorted(routes | of_a_request | set(PAGES) | {page + query for page in PAGES for query in QUERIES})


def test_no_get_writes_a_row(site: Site) -> None:
    paths, cookies = every_address(site), {login: site.cookie(login) for login in WHO}
    assert len(paths) > 60
    before, statuses = site.rows(), set[int]()
    for login, cookie in cookies.items():
        for path in paths:
            statuses |= {site.ask("GET", path, cookie)[0] for _ in range(2)}
        assert site.rows() == before, login
    assert {200, 303, 401, 404} <= statuses
    assert max(statuses) < 500


def test_a_written_row_is_noticed(site: Site) -> None:
    before = site.rows()
    site.cookie("lena")
    assert site.rows() != before
