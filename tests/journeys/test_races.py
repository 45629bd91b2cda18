"""A thousand races over threads and processes on one SQLite file: one winner a slot, never a mentor over capacity.

Two processes of three threads meet at a barrier before each round of races and then all want the same things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from assistant.adapters.store.event_codec import encode
from assistant.adapters.store.read_model import summary_of
from assistant.adapters.store.sql_bookings import SqlBookings
from assistant.adapters.store.sql_engine import open_engine, reading, writing
from assistant.adapters.store.sql_migrate import migrate
from assistant.adapters.store.sql_requests import SqlRequestStore
from assistant.adapters.store.sql_tables import booking_cells, bookings, events, requests
from assistant.domain.events import Opened
from assistant.domain.request import fold
from assistant.ports import DuplicateMessage, Effects, Hold, SlotTaken, StaleVersion
from tests.contract.store.samples import NOW, hold_of, said

PROCESSES, THREADS = 2, 3
CONTENDERS = PROCESSES * THREADS
SLOT_RACES, SEAT_RACES, SENDS = 600, 300, 100
SEATS = 2
ROUND = 50
HOUR = timedelta(hours=1)
Result = tuple[str, int, str]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path}/askwell.db", wait=60)
    migrate(engine)
    open_requests(engine)
    yield engine
    engine.dispose()


@pytest.mark.slow
def test_a_thousand_races_have_the_right_winners(engine: Engine) -> None:
    results = run_races(engine.url.render_as_string())
    assert len(results) == CONTENDERS * (SLOT_RACES + SEAT_RACES + SENDS)
    check_slots(engine, [r for r in results if r[0] == "slot"])
    check_seats(engine, [r for r in results if r[0] == "seat"])
    check_sends(engine, [r for r in results if r[0] == "send"])


def check_slots(engine: Engine, results: list[Result]) -> None:
    assert Counter(race for _, race, won in results if won == "won") == dict.fromkeys(range(SLOT_RACES), 1)
    assert {won for _, _, won in results} == {"won", "slot"}
    with reading(engine) as db:
        cells = select(func.count()).select_from(booking_cells).where(booking_cells.c.mentor == "slots")
        assert db.execute(cells).scalar() == 2 * SLOT_RACES


def check_seats(engine: Engine, results: list[Result]) -> None:
    assert Counter(race for _, race, won in results if won == "won") == dict.fromkeys(range(SEAT_RACES), SEATS)
    assert {won for _, _, won in results} == {"won", "capacity"}
    store = SqlBookings(engine)
    assert {store.load("seats", f"W{race}") for race in range(SEAT_RACES)} == {SEATS}
    with reading(engine) as db:
        assert set(db.execute(select(bookings.c.seat).where(bookings.c.mentor == "seats")).scalars()) == {1, 2}


def check_sends(engine: Engine, results: list[Result]) -> None:
    assert Counter(race for _, race, won in results if won == "won") == dict.fromkeys(range(SENDS), 1)
    assert {won for _, _, won in results} == {"won", "duplicate"}
    events = SqlRequestStore(engine).events("send")
    assert fold("send", events).version == 1 + SENDS


def run_races(url: str) -> list[Result]:
    spawn = get_context("spawn")
    with spawn.Manager() as manager:
        barrier, results = spawn.Barrier(CONTENDERS, timeout=120), manager.list()
        racers = [spawn.Process(target=race_from_threads, args=(url, n, barrier, results)) for n in range(PROCESSES)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(180)
        assert [racer.exitcode for racer in racers] == [0] * PROCESSES
        return list(results)


def race_from_threads(url: str, process: int, barrier: Barrier, results: Any) -> None:
    engine = open_engine(url, wait=60)
    store = SqlRequestStore(engine)
    with ThreadPoolExecutor(THREADS) as pool:
        for some in pool.map(lambda n: race(store, process * THREADS + n, barrier), range(THREADS)):
            results.extend(some)
    engine.dispose()


def race(store: SqlRequestStore, who: int, barrier: Barrier) -> list[Result]:
    """Runs every race once: all contenders in the same order, rounds begin together."""
    results: list[Result] = []
    for n in range(SLOT_RACES):
        meet(barrier, n)
        results.append(("slot", n, take(store, slot_hold(n, who))))
    for n in range(SEAT_RACES):
        meet(barrier, n)
        results.append(("seat", n, take(store, seat_hold(n, who))))
    for n in range(SENDS):
        meet(barrier, n)
        results.append(("send", n, send(store, n)))
    return results


def meet(barrier: Barrier, race: int) -> None:
    if race % ROUND == 0:
        barrier.wait()


def slot_hold(race: int, who: int) -> Hold:
    """Everybody wants the same half hour."""
    return hold_of(f"slot-{race}-{who}", NOW + race * HOUR, "slots", f"mentee {who}", SLOT_RACES + 1, week="W0")


def seat_hold(race: int, who: int) -> Hold:
    """Everybody wants another hour of the same week."""
    start = NOW + timedelta(weeks=52 + race, hours=who)
    return hold_of(f"seat-{race}-{who}", start, "seats", f"mentee {who}", SEATS, week=f"W{race}")


def take(store: SqlRequestStore, hold: Hold) -> str:
    try:
        store.append(hold.request, 1, [said("m1")], Effects(hold=hold))
    except SlotTaken as taken:
        return taken.what
    return "won"


def send(store: SqlRequestStore, race: int) -> str:
    while True:
        try:
            store.append("send", len(store.events("send")), [said(f"m{race}")])
        except StaleVersion:
            continue
        except DuplicateMessage:
            return "duplicate"
        return "won"


def open_requests(engine: Engine) -> None:
    """All requests that the races need, opened in one transaction."""
    names = [("send", "ana")]
    names += [(f"slot-{race}-{who}", f"mentee {who}") for race in range(SLOT_RACES) for who in range(CONTENDERS)]
    names += [(f"seat-{race}-{who}", f"mentee {who}") for race in range(SEAT_RACES) for who in range(CONTENDERS)]
    opened = [(name, Opened(at=NOW, actor=mentee, mentee=mentee)) for name, mentee in names]
    common = {"seq": 1, "at": NOW, "actor": "ana"}
    bodies = [(name, *encode(event)) for name, event in opened]
    with writing(engine) as db:
        db.execute(requests.insert(), [asdict(summary_of(fold(name, [event]))) for name, event in opened])
        db.execute(events.insert(), [{**common, "request_id": r, "type": kind, "body": body} for r, kind, body in bodies])
