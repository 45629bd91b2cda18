"""What every usage store promises, on a real SQLite file and on its twin in memory; and what SQL alone must show."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import Engine, select

from assistant.adapters.store.memory_usage import MemoryUsage
from assistant.adapters.store.sql_engine import open_engine, reading
from assistant.adapters.store.sql_tables import usage
from assistant.adapters.store.sql_usage import SqlUsage
from assistant.domain.usage import Spent, Tally
from assistant.ports import UsageStore
from tests.contract.store.samples import DAY, MINUTE, NOW

ASK = Spent(NOW, "ana", "ask", "tiny", "v1", 100, 20, 40, False, 300)
MIDNIGHT = NOW.replace(hour=0, minute=0)
EVER = NOW - 999 * DAY


class UsageContract:
    def test_at_first_nothing_is_spent(self, store: UsageStore) -> None:
        assert (store.spent("ana", EVER), store.total(EVER), store.by_task(EVER), store.people(EVER)) == (0, 0, (), 0)

    def test_several_can_be_recorded_at_once(self, store: UsageStore) -> None:
        store.record(ASK, replace(ASK, person="ben", outcome="late"), replace(ASK, at=NOW - DAY))
        assert (store.spent("ana", EVER), store.spent("ben", NOW), store.total(EVER), store.total(NOW)) == (240, 120, 360, 240)

    def test_a_persons_tokens_are_theirs(self, store: UsageStore) -> None:
        for row in (ASK, replace(ASK, prompt=7), replace(ASK, person="ben", prompt=1000)):
            store.record(row)
        assert (store.spent("ana", MIDNIGHT), store.spent("ben", MIDNIGHT), store.spent("eve", MIDNIGHT)) == (147, 1020, 0)
        assert (store.total(MIDNIGHT), store.people(MIDNIGHT)) == (1167, 2)

    @pytest.mark.parametrize(("since", "tokens"), [(NOW - 2 * DAY, 111), (MIDNIGHT, 110), (NOW, 100), (NOW + MINUTE, 0)])
    def test_only_since_then(self, store: UsageStore, since: datetime, tokens: int) -> None:
        for at, prompt in ((NOW - DAY, 1), (MIDNIGHT, 10), (NOW, 100)):
            store.record(replace(ASK, at=at, prompt=prompt, completion=0))
        assert (store.spent("ana", since), store.total(since)) == (tokens, tokens)

    def test_tallied_by_task_model_and_outcome(self, store: UsageStore) -> None:
        late = replace(ASK, outcome="late", milliseconds=8000)
        for row in (ASK, late, replace(ASK, task="answer"), replace(ASK, person="ben"), replace(ASK, model="other"), late):
            store.record(row)
        assert store.by_task(NOW) == (
            Tally("answer", "tiny", "", 1, 100, 20, 40, 300),
            Tally("ask", "other", "", 1, 100, 20, 40, 300),
            Tally("ask", "tiny", "", 2, 200, 40, 80, 600),
            Tally("ask", "tiny", "late", 2, 200, 40, 80, 16000),
        )

    def test_after_forty_days_only_totals_stay(self, store: UsageStore) -> None:
        for days, person in ((41, "ana"), (41, "ben"), (40, "cleo"), (0, "ana")):
            store.record(replace(ASK, at=NOW - days * DAY, person=person))
        store.record(replace(ASK, at=NOW + MINUTE, person="dov"))
        assert store.spent("ana", EVER) == 120
        assert (store.spent("ben", EVER), store.spent("cleo", EVER), store.spent("", EVER)) == (0, 120, 0)
        assert (store.total(EVER), store.people(EVER)) == (600, 3)
        assert store.by_task(EVER) == (Tally("ask", "tiny", "", 5, 500, 100, 200, 1500),)

    def test_it_is_forgotten_also_where_nothing_more_is_spent(self, store: UsageStore) -> None:
        store.record(ASK)
        for days, tokens in ((39, 120), (40, 120), (41, 0)):
            store.forget(NOW + days * DAY)
            assert (store.spent("ana", EVER), store.total(EVER)) == (tokens, 120)

    def test_many_at_once_are_all_counted(self, store: UsageStore) -> None:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(store.record, [ASK] * 40))
        assert store.total(NOW) == 40 * 120


class TestMemoryUsage(UsageContract):
    @pytest.fixture
    def store(self) -> UsageStore:
        return MemoryUsage()


class TestSqlUsage(UsageContract):
    @pytest.fixture
    def engine(self, tmp_path: Path, schema: Path) -> Iterator[Engine]:
        engine = open_engine(f"sqlite:///{copy(schema, tmp_path / 'askwell.db')}")
        yield engine
        engine.dispose()

    @pytest.fixture
    def store(self, engine: Engine) -> UsageStore:
        return SqlUsage(engine)

    def test_the_old_days_are_one_row_each_and_name_nobody(self, store: UsageStore, engine: Engine) -> None:
        for days in (50, 50, 49):
            for person in ("ana", "ben"):
                store.record(replace(ASK, at=NOW - days * DAY, person=person))
        store.record(ASK)
        with reading(engine) as db:
            rows = db.execute(select(usage.c.day, usage.c.person, usage.c.calls, usage.c.prompt).order_by(usage.c.day)).all()
        day = [(NOW - days * DAY).date().isoformat() for days in (50, 49, 0)]
        assert [tuple(row) for row in rows] == [(day[0], None, 4, 400), (day[1], None, 2, 200), (day[2], "ana", 1, 100)]

    def test_totals_are_made_each_day(self, store: UsageStore, engine: Engine) -> None:
        for days in range(45):
            store.record(replace(ASK, at=NOW + days * DAY))
        with reading(engine) as db:
            known = db.execute(select(usage.c.day).where(usage.c.person.is_not(None))).scalars().all()
        assert min(known) == (NOW + timedelta(days=44 - 40)).date().isoformat()

    def test_a_persons_day_is_found_by_an_index(self, engine: Engine) -> None:
        with reading(engine) as db:
            plan = db.exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT SUM(prompt + completion) FROM usage WHERE person = 'ana' AND day >= '2026-11-22'"
            ).all()
        assert "ix_usage_person" in str(plan)
