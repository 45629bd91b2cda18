"""Accounts in SQL. A change and its audit entry are one transaction."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, bindparam, insert, select, update

from assistant.adapters.store.sql_engine import insert_new, one_read, writing
from assistant.adapters.store.sql_outbox import write_audits
from assistant.adapters.store.sql_tables import accounts
from assistant.ports import ADMIN, Account, Audit
from retrieval.adapters.sql_ids import given, of_ids

_ACCOUNTS = select(accounts)
_ACCOUNT = select(accounts).where(accounts.c.login == bindparam("who"))


class SqlAccounts:
    """Implements `ports.AccountStore`. Raises StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, login: str) -> Account | None:
        with one_read(self._engine) as db:
            row = db.execute(_ACCOUNT, {"who": login}).one_or_none()
            return account_of(row) if row else None

    def some(self, logins: Collection[str]) -> dict[str, Account]:
        with one_read(self._engine) as db:
            rows = db.execute(of_ids(db, _ACCOUNTS, accounts.c.login), given(sorted(logins))).all()
            return {row.login: account_of(row) for row in rows}

    def all(self) -> tuple[Account, ...]:
        """Every account, by login."""
        return self._some()

    def for_mentor(self, mentor: str) -> tuple[Account, ...]:
        return self._some(accounts.c.mentor == mentor)

    def without_model(self) -> tuple[Account, ...]:
        return self._some(accounts.c.model.is_(False))

    def put(self, account: Account, audit: Audit) -> bool:
        values = {
            "login": account.login,
            "name": account.name,
            "roles": json.dumps(sorted(account.roles)),
            "time_zone": account.time_zone,
            "mentor": account.mentor,
            "department": account.department,
        }
        with writing(self._engine) as db:
            if ADMIN not in account.roles and _admins(db) == [account.login]:
                return False
            if not insert_new(db, insert(accounts).values(**values, model=account.model)):
                db.execute(update(accounts).where(accounts.c.login == account.login).values(values))
            write_audits(db, [audit])
            return True

    def set_model(self, login: str, on: bool, audit: Audit) -> bool:
        other = (accounts.c.login == login) & accounts.c.model.is_not(on)
        with writing(self._engine) as db:
            changed = db.execute(update(accounts).where(other).values(model=on)).rowcount > 0
            if changed:
                write_audits(db, [audit])
            return changed

    def _some(self, *which: ColumnElement[bool]) -> tuple[Account, ...]:
        with one_read(self._engine) as db:
            return tuple(account_of(row) for row in db.execute(select(accounts).where(*which).order_by(accounts.c.login)).all())


def _admins(db: Connection) -> list[str]:
    """Logins of administrators. Locks their rows, so that two administrators cannot demote each other at the same time."""
    having = accounts.c.roles.contains(json.dumps(ADMIN))
    return list(db.execute(select(accounts.c.login).where(having).order_by(accounts.c.login).with_for_update()).scalars())


def account_of(row: Row[Any]) -> Account:
    """The account of a row with all columns of `accounts`."""
    roles = frozenset(json.loads(row.roles))
    return Account(row.login, row.name, roles, row.time_zone, row.mentor, row.department, row.model)
