"""Passwords and sign-ins in memory, for tests; passes the same contract tests as the SQL implementation."""

from __future__ import annotations

from threading import Lock

from assistant.ports import AccountStore, Audit, SignedIn, SignIn


class MemorySignIns:
    """Implements the ports PasswordStore and SignInStore over an account store; `audits` is the audit log."""

    def __init__(self, accounts: AccountStore) -> None:
        self.audits: tuple[Audit, ...] = ()
        self._accounts, self._lock = accounts, Lock()
        self._passwords: dict[str, str] = {}
        self._sign_ins: dict[str, SignIn] = {}

    def password(self, login: str) -> str | None:
        with self._lock:
            return self._passwords.get(login)

    def set_password(self, login: str, password: str, audit: Audit) -> bool:
        with self._lock:
            if self._accounts.get(login) is None:
                return False
            self._passwords[login] = password
            self._sign_ins = {key: one for key, one in self._sign_ins.items() if one.login != login}
            self.audits += (audit,)
            return True

    def open(self, sign_in: SignIn, verified: str | None, renewed: str | None = None) -> bool:
        with self._lock:
            if self._accounts.get(sign_in.login) is None or self._passwords.get(sign_in.login) != verified:
                return False
            if renewed:
                self._passwords[sign_in.login] = renewed
            self._sign_ins = {key: one for key, one in self._sign_ins.items() if one.until > sign_in.since}
            self._sign_ins[sign_in.token_hash] = sign_in
            return True

    def who(self, token_hash: str) -> SignedIn | None:
        with self._lock:
            sign_in = self._sign_ins.get(token_hash)
            account = self._accounts.get(sign_in.login) if sign_in else None
            if sign_in is None or account is None:
                return None
            return SignedIn(account, sign_in.until, account.login in self._passwords)

    def close(self, token_hash: str) -> None:
        with self._lock:
            self._sign_ins.pop(token_hash, None)

    def close_all(self, login: str) -> None:
        with self._lock:
            self._sign_ins = {key: one for key, one in self._sign_ins.items() if one.login != login}
