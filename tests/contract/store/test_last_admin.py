"""The last administrator stays one: in the store's own transaction, whichever two ask at the same time, and on every way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assistant.adapters.people_csv import BadPeople, load_people
from assistant.adapters.store.memory_store import MemoryStore
from assistant.adapters.store.sql_accounts import SqlAccounts
from assistant.adapters.store.sql_engine import open_engine, reading
from assistant.adapters.store.sql_migrate import migrate
from assistant.adapters.store.sql_tables import audit
from assistant.ports import ADMIN, Account, AccountStore, Audit
from assistant.services.accounts.access import Actor, Role
from assistant.services.accounts.accounts import Accounts
from assistant.services.ledger import Ledger
from tests.contract.store.samples import NOW
from tests.fakes import SettableClock, done, refused

ANA = Account("ana", "Ana Brook", frozenset({"admin", "curator"}))
BEN = Account("ben", "Ben Oak", frozenset({"admin"}))
LESS = frozenset({"mentee"})


@dataclass(frozen=True)
class Store:
    """Two ways to the same accounts, such as two processes have, and the number of audit entries."""

    accounts: AccountStore
    other: AccountStore
    audits: Callable[[], int]

    def put(self, account: Account) -> bool:
        return self.accounts.put(account, entry(account))

    def admins(self) -> set[str]:
        return {account.login for account in self.other.all() if ADMIN in account.roles}


def entry(account: Account) -> Audit:
    return Audit("test", "account.put", account.login, NOW)


def less(account: Account) -> Account:
    return replace(account, roles=LESS)


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        memory = MemoryStore()
        yield Store(memory, memory, lambda: len(memory.audits))
        return
    engines = [open_engine(f"sqlite:///{tmp_path}/askwell.db") for _ in range(2)]
    migrate(engines[0])

    def audits() -> int:
        with reading(engines[0]) as db:
            return db.execute(select(func.count()).select_from(audit)).scalar_one()

    yield Store(SqlAccounts(engines[0]), SqlAccounts(engines[1]), audits)
    for engine in engines:
        engine.dispose()


def test_the_last_one_stays_and_nothing_is_written(store: Store) -> None:
    assert store.put(ANA)
    assert store.put(Account("lena", "Lena", LESS))
    before = store.audits()
    assert not store.put(less(ANA))
    assert not store.put(replace(ANA, roles=frozenset()))
    assert store.accounts.get("ana") == ANA
    assert store.audits() == before
    assert store.put(replace(ANA, name="Ana Reed", roles=frozenset({"admin"})))


def test_one_of_two_may_go(store: Store) -> None:
    assert all(map(store.put, (ANA, BEN)))
    assert store.put(less(ANA))
    assert not store.put(less(BEN))
    assert store.admins() == {"ben"}


def test_a_role_whose_name_is_longer_is_another_one(store: Store) -> None:
    assert store.put(ANA)
    assert store.put(Account("eve", "Eve", frozenset({"administrator", "not-admin"})))
    assert not store.put(less(ANA))


def test_without_an_administrator_everything_goes(store: Store) -> None:
    assert store.put(Account("lena", "Lena", LESS))
    assert store.put(Account("lena", "Lena", frozenset({"curator"})))


@pytest.mark.parametrize("round_", range(15))
def test_two_who_demote_each_other_or_themselves_at_once_leave_one(store: Store, round_: int) -> None:
    assert all(map(store.put, (ANA, BEN)))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(store.accounts.put, less(ANA), entry(ANA))
        second = pool.submit(store.other.put, less(BEN), entry(BEN))
    assert {first.result(), second.result()} == {True, False}
    assert len(store.admins()) == 1


def test_the_name_of_the_role_is_the_services(store: Store) -> None:
    assert Role.ADMIN == ADMIN


@pytest.mark.parametrize("actor", [ANA, BEN], ids=lambda account: account.login)
def test_the_service_refuses_with_what_to_do(store: Store, actor: Account) -> None:
    """Also an administrator whose own rights were taken meanwhile."""
    memory = MemoryStore()
    people = Accounts(store.accounts, Ledger(memory), memory, SettableClock())
    store.put(ANA)
    sentence = refused(people.put(Actor.of(actor), less(ANA)), "last_admin").say
    assert "ana is the last administrator" in sentence
    assert "Give somebody else the role admin" in sentence
    done(people.put(Actor.of(actor), BEN))
    done(people.put(Actor.of(actor), less(ANA)))


def test_an_import_names_each_login_once(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    head = "login,display_name,roles,mentor_id,time_zone,department\n"
    file.write_text(head + "ana,Ana,admin,,UTC,\nben,Ben,mentee,,UTC,\nana,Ana,mentee,,UTC,\n", "utf-8")
    with pytest.raises(BadPeople, match="line 4: The login 'ana' is there twice"):
        load_people(file)
