"""The SQL store on a real SQLite file, migrated as in use."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from assistant.adapters.store.sql_accounts import SqlAccounts
from assistant.adapters.store.sql_bookings import SqlBookings
from assistant.adapters.store.sql_engine import open_engine, reading, writing
from assistant.adapters.store.sql_migrate import migrate
from assistant.adapters.store.sql_outbox import SqlOutbox
from assistant.adapters.store.sql_request_index import SqlRequestIndex
from assistant.adapters.store.sql_requests import SqlRequestStore
from assistant.adapters.store.sql_tables import audit, booking_cells, bookings, events
from assistant.domain.request import fold
from assistant.ports import Audit
from tests.contract.store.contract import StoreContract
from tests.contract.store.samples import NOW, Stores, append_with_retry, hold_of, said


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/askwell.db"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()


def stores_over(engine: Engine) -> Stores:
    def audits() -> list[Audit]:
        with reading(engine) as db:
            rows = db.execute(select(audit).order_by(audit.c.id))
            return [Audit(row.actor, row.operation, row.subject, row.at) for row in rows]

    outbox = SqlOutbox(engine)
    return Stores(SqlRequestStore(engine), SqlRequestIndex(engine), SqlBookings(engine), outbox, SqlAccounts(engine),
                  audits, outbox.dead)  # fmt: skip


class TestSqlStore(StoreContract):
    @pytest.fixture
    def stores(self, engine: Engine) -> Stores:
        return stores_over(engine)

    def test_two_processes_of_ten_threads_make_one_sequence(self, stores: Stores, url: str) -> None:
        stores.open("r1")
        spawn = get_context("spawn")
        writers = [spawn.Process(target=write_from_ten_threads, args=(url, n)) for n in range(2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(60)
            assert writer.exitcode == 0
        assert fold("r1", stores.requests.events("r1")).version == 101
        with sqlite3.connect(url.removeprefix("sqlite:///")) as db:
            rows = db.execute("SELECT seq, message_id FROM events ORDER BY seq").fetchall()
        db.close()
        assert [seq for seq, _ in rows] == list(range(1, 102))
        assert len({message for _, message in rows}) == 101

    def test_what_is_stored_is_there_for_the_next_process(self, stores: Stores, engine: Engine, url: str) -> None:
        stores.open("r1")
        stores.add("r1", said("m1"))
        engine.dispose()
        again = open_engine(url)
        assert [type(event).__name__ for event in SqlRequestStore(again).events("r1")] == ["Opened", "Said"]
        again.dispose()


class TestConstraints:
    """The database refuses by itself what the code would never write."""

    @pytest.fixture(autouse=True)
    def booked(self, engine: Engine) -> Stores:
        stores = stores_over(engine)
        for n in range(3):
            stores.open(f"r{n}", f"mentee {n}")
        stores.hold("r0", hold_of("r0", mentee="mentee 0", capacity=2))
        stores.add("r0", said("m1"))
        return stores

    def booking(self, **changes: object) -> dict[str, object]:
        row = {"request_id": "r1", "mentor": "ben", "mentee": "mentee 1", "week": "2026-W48", "seat": 2, "capacity": 2}
        return {**row, "active": True, **changes}

    def test_a_good_row_is_taken(self, engine: Engine) -> None:
        with writing(engine) as db:
            db.execute(bookings.insert().values(self.booking()))

    @pytest.mark.parametrize("bad", [{"seat": 1}, {"seat": 3}, {"seat": 0}, {"request_id": "r0"}, {"request_id": "nobody"}])
    def test_a_bad_booking_is_refused(self, engine: Engine, bad: dict[str, object]) -> None:
        with pytest.raises(IntegrityError), writing(engine) as db:
            db.execute(bookings.insert().values(self.booking(**bad)))

    @pytest.mark.parametrize(("mentor", "mentee"), [("ben", "mentee 1"), ("cleo", "mentee 0")])
    def test_a_cell_of_a_person_exists_once(self, engine: Engine, mentor: str, mentee: str) -> None:
        with pytest.raises(IntegrityError), writing(engine) as db:
            db.execute(booking_cells.insert().values(mentor=mentor, mentee=mentee, cell=NOW, booking_id=1))

    @pytest.mark.parametrize("bad", [{"seq": 3}, {"seq": 0}, {"seq": 4, "message_id": "m1"}, {"seq": 4, "request_id": "x"}])
    def test_a_bad_event_is_refused(self, engine: Engine, bad: dict[str, object]) -> None:
        row = {"request_id": "r0", "seq": 4, "type": "said", "at": NOW, "actor": "ana", "body": "{}"}
        with pytest.raises(IntegrityError), writing(engine) as db:
            db.execute(events.insert().values({**row, **bad}))


def write_from_ten_threads(url: str, process: int) -> None:
    from concurrent.futures import ThreadPoolExecutor

    engine = open_engine(url, wait=60)
    store = SqlRequestStore(engine)

    def write(thread: int) -> None:
        for n in range(5):
            append_with_retry(store, "r1", f"{process}-{thread}-{n}")

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(write, range(10)))
    engine.dispose()
