"""What every gate store promises, on a real SQLite file and on its twin in memory; and what SQL alone must show."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from assistant.adapters.store.memory_sign_ins import MemorySignIns
from assistant.adapters.store.memory_store import MemoryStore
from assistant.adapters.store.sql_accounts import SqlAccounts
from assistant.adapters.store.sql_engine import open_engine, reading
from assistant.adapters.store.sql_migrate import migrate
from assistant.adapters.store.sql_sign_ins import SqlSignIns
from assistant.adapters.store.sql_tables import audit
from assistant.ports import Account, AccountStore, Audit, SignIn
from tests.contract.store.samples import NOW

ANA = Account("ana", "Ana Brook", frozenset({"mentee", "mentor"}), "Europe/Berlin", "m1", "Sales")
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Gates:
    """The store with ana and ben in it, and its audit log."""

    store: Any
    accounts: AccountStore
    audits: Callable[[], list[Audit]]


def filled(gates: Gates) -> Gates:
    for account in (ANA, Account("ben", "Ben Oak", frozenset({"admin"}))):
        gates.accounts.put(account, Audit("test", "account.put", account.login, NOW))
    return gates


def key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def sign_in(name: str, login: str = "ana", since: datetime = NOW) -> SignIn:
    return SignIn(key(name), login, since, since + HOUR)


def entry(login: str = "ana") -> Audit:
    return Audit("ben", "password.set", login, NOW)


class GateContract:
    def test_at_first_nobody_has_a_password_and_nobody_is_in(self, gates: Gates) -> None:
        assert gates.store.password("ana") is None
        assert gates.store.password("ghost") is None
        assert gates.store.who(key("t")) is None

    def test_a_password_is_kept_with_its_audit_entry(self, gates: Gates) -> None:
        before = gates.audits()
        assert gates.store.set_password("ana", "hash-1", entry())
        assert gates.store.set_password("ana", "hash-2", entry())
        assert gates.store.password("ana") == "hash-2"
        assert gates.store.password("ben") is None
        assert gates.audits() == [*before, entry(), entry()]

    def test_who_has_no_account_gets_no_password(self, gates: Gates) -> None:
        before = gates.audits()
        assert not gates.store.set_password("ghost", "hash", entry("ghost"))
        assert gates.store.password("ghost") is None
        assert gates.audits() == before

    def test_who_is_in_is_known_with_the_account_of_now(self, gates: Gates) -> None:
        gates.store.set_password("ana", "hash", entry())
        assert gates.store.open(sign_in("t"), "hash")
        found = gates.store.who(key("t"))
        assert (found.account, found.until, found.has_password) == (ANA, NOW + HOUR, True)
        less = replace(ANA, roles=frozenset({"mentee"}), mentor=None)
        gates.accounts.put(less, Audit("ben", "account.put", "ana", NOW))
        assert gates.store.who(key("t")).account == less
        assert gates.store.who(key("other")) is None

    def test_who_came_in_without_a_password_is_known_as_such(self, gates: Gates) -> None:
        assert gates.store.open(sign_in("t"), None)
        assert not gates.store.who(key("t")).has_password

    @pytest.mark.parametrize(("stored", "verified"), [("new", "old"), ("new", None), (None, "old")])
    def test_what_was_verified_must_still_hold(self, gates: Gates, stored: str | None, verified: str | None) -> None:
        if stored:
            gates.store.set_password("ana", stored, entry())
        assert not gates.store.open(sign_in("t"), verified, "renewed")
        assert gates.store.who(key("t")) is None
        assert gates.store.password("ana") == stored

    def test_who_has_no_account_does_not_come_in(self, gates: Gates) -> None:
        assert not gates.store.open(sign_in("t", "ghost"), None)
        assert gates.store.who(key("t")) is None

    def test_a_hash_is_renewed_with_the_sign_in_and_nobody_is_put_out(self, gates: Gates) -> None:
        gates.store.set_password("ana", "old", entry())
        gates.store.open(sign_in("t1"), "old")
        before = gates.audits()
        assert gates.store.open(sign_in("t2"), "old", "renewed")
        assert gates.store.password("ana") == "renewed"
        assert all(gates.store.who(key(name)) for name in ("t1", "t2"))
        assert gates.audits() == before

    def test_one_sign_in_is_closed(self, gates: Gates) -> None:
        for name in ("t1", "t2"):
            gates.store.open(sign_in(name), None)
        gates.store.close(key("t1"))
        gates.store.close(key("never opened"))
        assert gates.store.who(key("t1")) is None
        assert gates.store.who(key("t2"))

    @pytest.mark.parametrize("by", ["close_all", "set_password"])
    def test_all_of_one_login_are_closed(self, gates: Gates, by: str) -> None:
        for name, login in (("t1", "ana"), ("t2", "ana"), ("t3", "ben")):
            gates.store.open(sign_in(name, login), None)
        _ = gates.store.close_all("ana") if by == "close_all" else gates.store.set_password("ana", "hash", entry())
        assert gates.store.who(key("t1")) is None
        assert gates.store.who(key("t2")) is None
        assert gates.store.who(key("t3"))

    def test_what_is_over_is_forgotten_at_the_next_sign_in(self, gates: Gates) -> None:
        gates.store.open(sign_in("t1"), None)
        assert gates.store.who(key("t1")).until == NOW + HOUR
        gates.store.open(sign_in("t2", "ben", NOW + HOUR - timedelta(seconds=1)), None)
        assert gates.store.who(key("t1"))
        gates.store.open(sign_in("t3", "ben", NOW + HOUR), None)
        assert gates.store.who(key("t1")) is None
        assert gates.store.who(key("t2"))

    def test_a_new_password_and_a_sign_in_with_the_old_one_never_both_stand(self, gates: Gates) -> None:
        gates.store.set_password("ana", "hash-0", entry())
        for n in range(20):
            with ThreadPoolExecutor(2) as pool:
                opened = pool.submit(gates.store.open, sign_in(f"t{n}"), f"hash-{n}")
                pool.submit(gates.store.set_password, "ana", f"hash-{n + 1}", entry()).result()
                opened.result()
            assert gates.store.who(key(f"t{n}")) is None


class TestMemoryGate(GateContract):
    @pytest.fixture
    def gates(self) -> Gates:
        accounts = MemoryStore()
        store = MemorySignIns(accounts)
        return filled(Gates(store, accounts, lambda: list(store.audits)))


class TestSqlGate(GateContract):
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "askwell.db"

    @pytest.fixture
    def engine(self, path: Path) -> Iterator[Engine]:
        engine = open_engine(f"sqlite:///{path}")
        migrate(engine)
        yield engine
        engine.dispose()

    @pytest.fixture
    def gates(self, engine: Engine) -> Gates:
        def audits() -> list[Audit]:
            with reading(engine) as db:
                rows = db.execute(select(audit).where(audit.c.operation == "password.set").order_by(audit.c.id))
                return [Audit(row.actor, row.operation, row.subject, row.at) for row in rows]

        return filled(Gates(SqlSignIns(engine), SqlAccounts(engine), audits))

    def test_a_password_without_its_audit_entry_is_not_kept(self, gates: Gates, engine: Engine) -> None:
        gates.store.set_password("ana", "old", entry())
        gates.store.open(sign_in("t"), "old")

        def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if "INSERT INTO audit" in statement:
                raise KeyboardInterrupt

        event.listen(engine, "before_cursor_execute", fail)
        with pytest.raises(KeyboardInterrupt):
            gates.store.set_password("ana", "new", entry())
        event.remove(engine, "before_cursor_execute", fail)
        assert gates.store.password("ana") == "old"
        assert gates.store.who(key("t"))

    def test_who_is_one_query_by_index(self, gates: Gates, engine: Engine) -> None:
        gates.store.open(sign_in("t"), None)
        asked: list[tuple[str, Any]] = []

        def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
            if not statement.startswith("BEGIN"):
                asked.append((statement, parameters))

        event.listen(engine, "before_cursor_execute", note)
        assert gates.store.who(key("t"))
        event.remove(engine, "before_cursor_execute", note)
        assert len(asked) == 1
        with reading(engine) as db:
            plan = [str(row.detail) for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0][0]}", asked[0][1])]
        assert len(plan) == 3
        assert all(step.startswith("SEARCH") for step in plan), plan

    def test_who_is_in_is_in_for_every_process(self, gates: Gates, path: Path) -> None:
        gates.store.open(sign_in("t"), None)
        other = open_engine(f"sqlite:///{path}")
        assert SqlSignIns(other).who(key("t"))
        SqlSignIns(other).close(key("t"))
        assert gates.store.who(key("t")) is None
        other.dispose()
