"""Passwords and sign-ins in SQL. Every change locks the account's row first.

So a sign-in whose password is changed while it is being checked is not opened.
"""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from assistant.adapters.store.sql_accounts import account_of
from assistant.adapters.store.sql_engine import one_read, writing
from assistant.adapters.store.sql_outbox import write_audits
from assistant.adapters.store.sql_tables import accounts, passwords, sign_ins
from assistant.ports import Audit, SignedIn, SignIn

_WHO = (
    select(accounts, sign_ins.c.until, passwords.c.hash.is_not(None).label("has_password"))
    .join_from(sign_ins, accounts, sign_ins.c.login == accounts.c.login)
    .outerjoin(passwords, passwords.c.login == accounts.c.login)
    .where(sign_ins.c.token_hash == bindparam("hash"))
)


class SqlSignIns:
    """Implements the ports PasswordStore and SignInStore. Raises StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def password(self, login: str) -> str | None:
        with one_read(self._engine) as db:
            return _password(db, login)

    def set_password(self, login: str, password: str, audit: Audit) -> bool:
        with writing(self._engine) as db:
            if not _lock_account(db, login):
                return False
            db.execute(delete(passwords).where(passwords.c.login == login))
            db.execute(insert(passwords).values(login=login, hash=password, changed_at=audit.at))
            db.execute(delete(sign_ins).where(sign_ins.c.login == login))
            write_audits(db, [audit])
            return True

    def open(self, sign_in: SignIn, verified: str | None, renewed: str | None = None) -> bool:
        with writing(self._engine) as db:
            if not _lock_account(db, sign_in.login) or _password(db, sign_in.login) != verified:
                return False
            if renewed:
                db.execute(update(passwords).where(passwords.c.login == sign_in.login).values(hash=renewed))
            db.execute(delete(sign_ins).where(sign_ins.c.until <= sign_in.since))
            db.execute(insert(sign_ins).values(asdict(sign_in)))
            return True

    def who(self, token_hash: str) -> SignedIn | None:
        with one_read(self._engine) as db:
            row = db.execute(_WHO, {"hash": token_hash}).one_or_none()
        if row is None:
            return None
        return SignedIn(account_of(row), row.until, bool(row.has_password))

    def close(self, token_hash: str) -> None:
        with writing(self._engine) as db:
            db.execute(delete(sign_ins).where(sign_ins.c.token_hash == token_hash))

    def close_all(self, login: str) -> None:
        with writing(self._engine) as db:
            db.execute(delete(sign_ins).where(sign_ins.c.login == login))


def _password(db: Connection, login: str) -> str | None:
    return db.execute(select(passwords.c.hash).where(passwords.c.login == login)).scalar_one_or_none()


def _lock_account(db: Connection, login: str) -> bool:
    """Locks the account's row for this transaction; False if there is no such account."""
    row = select(accounts.c.login).where(accounts.c.login == login).with_for_update()
    return db.execute(row).first() is not None
