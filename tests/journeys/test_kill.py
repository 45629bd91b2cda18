"""Killed at any moment, the store has everything it acknowledged, in order, and opens again at once.

A real process appends and says so after each commit; it is killed fifty times.
"""

from __future__ import annotations

import random
import sqlite3
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.adapters.store.sql_engine import open_engine
from assistant.adapters.store.sql_migrate import migrate
from assistant.adapters.store.sql_request_index import SqlRequestIndex
from assistant.adapters.store.sql_requests import SqlRequestStore
from assistant.domain.events import Opened
from assistant.domain.request import fold
from assistant.ports import DuplicateMessage, Effects
from tests.contract.store.samples import NOW, hold_of, note, said

KILLS = 50
REQUEST = "r1"


@pytest.mark.slow
def test_fifty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    url, dice = f"sqlite:///{tmp_path}/askwell.db", random.Random(20261122)
    engine = open_engine(url)
    migrate(engine)
    acknowledged: list[str] = []
    kills = 0
    while kills < KILLS or len(acknowledged) <= KILLS:  # a busy machine acknowledges less before each kill
        kill, kills = kills, kills + 1
        request = f"{REQUEST}-{kill // 5}"
        acknowledged += run_and_kill(url, request, kill, dice.uniform(0, 0.1))
        check_file(tmp_path / "askwell.db")
        check_request(engine, request, {message for message in acknowledged if message.startswith(f"{request}:")})
        check_resend(engine, request, acknowledged[-1:])
    engine.dispose()
    assert len(acknowledged) > KILLS
    assert kills <= 10 * KILLS


def run_and_kill(url: str, request: str, kill: int, after: float) -> list[str]:
    """Message ids that the process acknowledged before it was killed, `after` seconds after it began to write."""
    processes = get_context("forkserver")
    processes.set_forkserver_preload([__name__, "pydantic.type_adapter"])
    here, there = processes.Pipe(duplex=False)
    child = processes.Process(target=append_for_ever, args=(url, request, kill, there))
    child.start()
    there.close()
    assert here.recv() == "begin"
    child.join(after)
    assert child.is_alive()
    child.kill()
    child.join()
    acknowledged: list[str] = []
    with here:
        try:
            while True:
                acknowledged.append(here.recv())
        except EOFError:
            return acknowledged


def append_for_ever(url: str, request: str, kill: int, told: Connection) -> None:
    """Appends a message, its note and now and then a booking, in one go; tells each id after its commit."""
    engine = open_engine(url)
    store = SqlRequestStore(engine)
    if not store.events(request):
        store.create(request, Opened(at=NOW, actor=request, mentee=request))
    told.send("begin")
    n = 0
    while True:
        message = f"{request}:{kill}-{n}"
        hold = hold_of(request, mentor=request, mentee=request, capacity=1)
        effects = Effects(notes=(note(message),), hold=hold, release=True)
        store.append(request, len(store.events(request)), [said(message, text="word " * 40)], effects)
        told.send(message)
        n += 1


def check_file(path: Path) -> None:
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    gaps = "SELECT request_id FROM events GROUP BY request_id HAVING max(seq) <> count(*) OR min(seq) <> 1"
    assert db.execute(gaps).fetchall() == []
    assert db.execute("SELECT count(*) FROM bookings WHERE active GROUP BY request_id HAVING count(*) > 1").fetchall() == []
    orphans = "SELECT count(*) FROM outbox WHERE key NOT IN (SELECT message_id FROM events WHERE message_id IS NOT NULL)"
    assert db.execute(orphans).fetchone() == (0,)
    db.close()


def check_request(engine: Engine, request: str, acknowledged: set[str]) -> None:
    events = SqlRequestStore(engine).events(request)
    stored = {message for event in events if (message := getattr(event, "message_id", None))}
    assert acknowledged <= stored
    (summary,) = SqlRequestIndex(engine).of_mentee(request)
    assert summary.version == fold(request, events).version == len(events)


def check_resend(engine: Engine, request: str, messages: list[str]) -> None:
    store = SqlRequestStore(engine)
    for message in messages:
        if message.startswith(f"{request}:"):
            with pytest.raises(DuplicateMessage):
                store.append(request, len(store.events(request)), [said(message)])
