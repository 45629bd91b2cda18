"""On a real server: who is concerned is told within two seconds, nobody else is, and no stream outlives its reason."""

from __future__ import annotations

import asyncio
import http.client
import logging
import queue
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI, Request

from assistant.adapters.store.sql_changes import SqlChanges
from assistant.adapters.store.sql_engine import open_engine
from assistant.ports import ChangeMark, Changes, StoreUnavailable
from assistant.services.accounts.access import Actor
from tests.fakes import MONDAY, FakeApp, SettableClock, done
from tests.unit.ui.support import served, until
from ui.gateway.limits import StreamLimit
from ui.live.updates import Hub, StreamTiming, live_router

POLL = "{}"
QUICK = StreamTiming(poll_seconds=0.05)
NOTHING = 0.4


class Scripted:
    """Changes that a test announces, or that fail while `broken`."""

    def __init__(self) -> None:
        self.broken, self.looks = False, 0
        self._people: queue.SimpleQueue[frozenset[str]] = queue.SimpleQueue()

    def tell(self, *people: str) -> None:
        self._people.put(frozenset(people))

    def start(self, now: datetime) -> ChangeMark:
        return ChangeMark(now, frozenset(), frozenset(), {})

    def since(self, mark: ChangeMark, now: datetime) -> tuple[ChangeMark, frozenset[str]]:
        self.looks += 1
        if self.broken:
            raise StoreUnavailable("the disk is gone")
        return mark, frozenset() if self._people.empty() else self._people.get()


class Listener:
    """One open page: reads the stream in a thread and keeps what it says."""

    def __init__(self, url: str, login: str = "", last: str = "") -> None:
        self._line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        headers = {"Cookie": f"who={login}"} | ({"Last-Event-ID": last} if last else {})
        self._line.request("GET", "/live", headers=headers)
        self._socket = self._line.sock
        self.answer = self._line.getresponse()
        self.events: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.said, self.ended = "", threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        until(lambda: self.said or self.ended.is_set())

    def told(self, within: float = 2) -> str | None:
        """The data of the next event, or None."""
        try:
            return self.events.get(timeout=within)
        except queue.Empty:
            return None

    @property
    def id(self) -> str:
        return str(re.findall(r"^id: (.+)$", self.said, re.MULTILINE)[-1])

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(2)
        self.ended.wait(5)
        self._line.close()

    def _read(self) -> None:
        try:
            for line in self.answer:
                self.said += line.decode()
                if line.startswith(b"data: "):
                    self.events.put(line[6:].decode().strip())
        except (OSError, http.client.HTTPException, ValueError):
            self.said += "broken off"
        self.answer.close()
        self.ended.set()


class World:
    """A server with one hub; `signed_in` is who may listen, by the login in the cookie."""

    def __init__(self, hub: Hub, signed_in: dict[str, Actor]) -> None:
        self.hub, self.signed_in = hub, signed_in
        self.url, self._closing = "", ExitStack()

    def who(self, request: Request) -> Actor | None:
        return self.signed_in.get(request.cookies.get("who", ""))

    def open(self, streams: int = 99) -> World:
        @asynccontextmanager
        async def life(app: FastAPI) -> AsyncIterator[None]:
            async with self.hub.watching():
                yield

        app = FastAPI(lifespan=life)
        app.include_router(live_router(self.who, self.hub))
        app.add_middleware(StreamLimit, find_actor=self.who, limit=streams)
        self.url = self._closing.enter_context(served(app, self.hub.stop))
        return self

    def listen(self, login: str = "", last: str = "") -> Listener:
        listener = Listener(self.url, login, last)
        self._closing.callback(listener.close) if listener.answer.status == 200 else listener.close()
        return listener

    def close(self) -> None:
        self._closing.close()


LENA, MIKA = Actor("lena", frozenset({"mentee"})), Actor("mika", frozenset({"mentee"}))
ADA = Actor("login-ada", frozenset({"mentor"}), "ada")
EVERYBODY = {actor.id: actor for actor in (LENA, MIKA, ADA)}
MakeWorld = Callable[..., World]


@pytest.fixture
def script() -> Scripted:
    return Scripted()


@pytest.fixture
def make(script: Scripted) -> Iterator[MakeWorld]:
    worlds = ExitStack()

    def build(changes: Changes = script, timing: StreamTiming = QUICK, streams: int = 99, most: int = 99) -> World:
        world = World(Hub(changes, SettableClock(), timing, most), dict(EVERYBODY)).open(streams)
        worlds.callback(world.close)
        return world

    yield build
    worlds.close()


def test_the_other_one_is_told_and_nobody_else(sql_app: FakeApp, tmp_path: Path, make: MakeWorld) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/askwell.db")
    world = make(SqlChanges(engine), StreamTiming())
    lena, mika, ada = (world.listen(login) for login in ("lena", "mika", "login-ada"))
    request = sql_app.to_offer()
    assert lena.told() is not None
    assert ada.told() is not None
    for page in (lena, ada):
        while page.told(0.6):
            continue
    begun = time.monotonic()
    done(sql_app.handoff.pass_on(ADA, request))
    assert lena.told() is not None
    assert time.monotonic() - begun < 2
    assert mika.told(NOTHING) is None
    assert re.fullmatch(r'retry: 1000\nid: \w+-\d+\n\n(id: \w+-\d+\nevent: changed\ndata: \{"n": \d+\}\n\n)+', lena.said)
    engine.dispose()


def test_a_mentor_is_told_by_the_name_of_the_mentor(make: MakeWorld, script: Scripted) -> None:
    world = make()
    ada, lena, again = world.listen("login-ada"), world.listen("lena"), world.listen("login-ada")
    script.tell("mentor:ada")
    assert ada.told() == again.told() == '{"n": 1}'
    script.tell("login-ada", "mentor:ben")
    assert ada.told() == again.told() == '{"n": 2}'
    assert lena.told(NOTHING) is None


def test_without_a_sign_in_there_is_nothing_to_hear(make: MakeWorld) -> None:
    world = make()
    for login in ("", "nobody"):
        listener = world.listen(login)
        assert listener.answer.status == 401
        assert "event" not in listener.said


def test_a_page_that_comes_back_learns_what_it_missed(make: MakeWorld, script: Scripted) -> None:
    world = make()
    first = world.listen("lena")
    left = first.id
    first.close()
    assert world.listen("lena", left).told(NOTHING) is None
    script.tell("lena")
    until(lambda: world.hub.count(LENA) == 1)
    assert world.listen("lena", left).told() == '{"n": 1}'
    assert world.listen("lena", "another-process-7").told() == '{"n": 1}'


def test_a_stream_ends_with_the_sign_in(make: MakeWorld) -> None:
    world = make(timing=StreamTiming(poll_seconds=0.05, check_seconds=0.2))
    lena, mika = world.listen("lena"), world.listen("mika")
    del world.signed_in["lena"]
    assert lena.ended.wait(5)
    assert not mika.ended.is_set()


def test_a_stream_ends_with_the_sign_in_also_when_much_happens(make: MakeWorld, script: Scripted) -> None:
    world = make(timing=StreamTiming(poll_seconds=0.02, check_seconds=0.3))
    lena = world.listen("lena")
    for _ in range(200):
        script.tell("lena")
    del world.signed_in["lena"]
    assert lena.ended.wait(2)


def test_a_stream_ends_when_the_roles_change(make: MakeWorld) -> None:
    world = make(timing=StreamTiming(poll_seconds=0.05, check_seconds=0.1))
    ada = world.listen("login-ada")
    world.signed_in["login-ada"] = Actor("login-ada", frozenset({"mentee"}))
    assert ada.ended.wait(5)


def test_a_stream_lasts_its_time_and_shows_that_it_lives(make: MakeWorld) -> None:
    lena = make(timing=StreamTiming(poll_seconds=0.05, keep_alive_seconds=0.1, longest_seconds=0.6)).listen("lena")
    assert lena.ended.wait(5)
    assert lena.said.count(": keep-alive\n\n") >= 2
    assert lena.told(0) is None
    assert "broken off" not in lena.said


def test_a_server_that_stops_ends_its_streams(make: MakeWorld) -> None:
    world = make()
    pages = [world.listen("lena"), world.listen("mika")]
    begun = time.monotonic()
    world.close()
    assert time.monotonic() - begun < 4
    assert all(page.ended.is_set() and "broken off" not in page.said for page in pages)


def test_a_page_that_was_closed_is_noticed(make: MakeWorld) -> None:
    world = make(streams=2)
    first = world.listen("lena")
    world.listen("lena")
    assert world.listen("lena").answer.status == 429
    first.close()
    until(lambda: world.listen("lena").answer.status == 200, 3)


def test_of_many_pages_the_oldest_give_way_and_are_told_to_poll(make: MakeWorld, script: Scripted) -> None:
    world = make(most=3)
    other = world.listen("mika")
    pages = [world.listen("lena") for _ in range(12)]
    for old in pages[:9]:
        assert old.ended.wait(5)
        assert (old.answer.status, old.told()) == (200, POLL)
        assert old.said.endswith("event: poll\ndata: {}\n\n")
    script.tell("lena", "mika")
    assert [page.told() for page in (*pages[9:], other)] == ['{"n": 1}'] * 4
    assert not any(page.ended.is_set() for page in (*pages[9:], other))


def test_a_page_that_was_closed_makes_nobody_give_way(make: MakeWorld, script: Scripted) -> None:
    world = make(most=2)
    first, second = world.listen("lena"), world.listen("lena")
    second.close()
    until(lambda: len(world.hub._streams._open["lena"]) == 1)
    third = world.listen("lena")
    script.tell("lena")
    assert first.told() == third.told() == '{"n": 1}'


def test_an_outage_is_logged_once_and_over_when_it_is_over(
    make: MakeWorld, script: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    lena = make().listen("lena")
    for _ in range(2):
        script.broken, seen = True, script.looks
        until(lambda seen=seen: script.looks > seen + 4)
        script.broken = False
        script.tell("lena")
        assert lena.told() is not None
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 2


def test_a_slow_store_holds_up_nobody() -> None:
    """The store answers only after the loop has gone on."""
    gone_on = threading.Event()

    class Slow(Scripted):
        def since(self, mark: ChangeMark, now: datetime) -> tuple[ChangeMark, frozenset[str]]:
            assert gone_on.wait(5)
            return mark, frozenset({"lena"})

    async def run() -> bool:
        hub = Hub(Slow(), SettableClock(MONDAY), QUICK)
        async with hub.watching():
            await asyncio.sleep(0.2)
            gone_on.set()
            return await hub.wait_for_change(LENA, 0, 2)

    assert asyncio.run(run())


def test_waiting_ends_in_time_and_at_the_end() -> None:
    async def run() -> None:
        hub = Hub(Scripted(), SettableClock(), QUICK)
        assert not await hub.wait_for_change(LENA, 0, 0)
        assert not await hub.wait_for_change(LENA, 0, 0.05)
        async with hub.watching():
            waiting = asyncio.create_task(hub.wait_for_change(LENA, 0, 60))
            await asyncio.sleep(0.05)
        assert not await asyncio.wait_for(waiting, 1)
        assert not await hub.wait_for_change(LENA, 7, 60)

    asyncio.run(run())
