"""Signing in and out: who is at the other end of a connection.

Whoever gives a login and its password gets a token; only its SHA-256 is kept. An unknown login and a wrong password are one
refusal and cost the same time, and guessing becomes slow. In demo mode the sample people may be entered without a password,
as long as they have none; when the demo ends, what was opened so is closed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from threading import BoundedSemaphore

from assistant.ports import (
    Account,
    AccountStore,
    Audit,
    Clock,
    GateStore,
    Passwords,
    PasswordStore,
    SignIn,
    StoreUnavailable,
)
from assistant.services.access import Actor, Role, may
from assistant.services.results import Refusal, refuse
from assistant.services.throttle import Throttle
from assistant.services.wording import say

LEAST, MOST = 12, 200
FIRST_SAMPLES = ("lena", "gwendolen", "petra", "alasdair")
SAMPLE_MENTORS = 2
AT_ONCE = 2


@dataclass(frozen=True)
class Ticket:
    """What a browser gets: the token, good until the moment given."""

    token: str = field(repr=False)
    account: Account
    until: datetime


def bad_password(password: str) -> Refusal | None:
    """Why this cannot become a password; None when it can."""
    if LEAST <= len(password) <= MOST:
        return None
    return refuse("bad_password", least=LEAST, most=MOST)


class Gate:
    """`samples` are the people to enter without a password; none of them outside demo mode."""

    def __init__(
        self, accounts: AccountStore, keys: PasswordStore, store: GateStore, passwords: Passwords, clock: Clock,
        lasts: timedelta = timedelta(hours=12), samples: Sequence[Account] = (),
    ) -> None:  # fmt: skip
        self._accounts, self._keys, self._store, self._passwords = accounts, keys, store, passwords
        self._clock, self._lasts = clock, lasts
        self._samples = {account.login: account for account in samples}
        self._throttle, self._few = Throttle(), BoundedSemaphore(AT_ONCE)

    def sign_in(self, login: str, password: str, where: str) -> Ticket | Refusal:
        """By password; `where` is the address of the client.

        At most two are checked at once, each against the failures of all before it: a hash takes much memory.
        """
        login = login.strip()
        with self._few:
            now = self._clock.now()
            if wait := self._throttle.wait(login, where, now):
                return refuse("try_later", wait=_in_words(wait))
            try:
                ticket = self._checked(login, password)
            except StoreUnavailable:
                return refuse("storage")
            if ticket is None:
                self._throttle.failed(login, where, now)
                return refuse("sign_in")
            self._throttle.succeeded(login, where, now)
            return ticket

    def as_sample(self, login: str) -> Ticket | Refusal:
        """One click in demo mode."""
        try:
            account = self._accounts.get(login) if login in self._samples else None
            ticket = self._open(account, None) if account and self._is_sample(account) else None
        except StoreUnavailable:
            return refuse("storage")
        return ticket or refuse("no_sample")

    def samples(self) -> tuple[Account, ...]:
        """The people to offer in demo mode, at most two of them mentors; nobody otherwise. Raises StoreUnavailable."""
        if not self._samples:
            return ()
        here = {account.login: account for account in self._accounts.all() if self._is_sample(account)}
        first = [login for login in FIRST_SAMPLES if login in here]
        offered: list[Account] = []
        mentors = 0
        for account in (here[login] for login in dict.fromkeys([*first, *self._samples]) if login in here):
            mentor = Role.MENTOR in account.roles
            if (mentor and mentors == SAMPLE_MENTORS) or self._keys.password(account.login):
                continue
            mentors += mentor
            offered.append(account)
        return tuple(offered)

    def who(self, token: str) -> Actor | None:
        """Whose open sign-in this is, with the rights of this moment. One query. Raises StoreUnavailable."""
        found = self._store.who(_digest(token)) if token else None
        if found is None or found.until <= self._clock.now():
            return None
        return Actor.of(found.account) if found.has_password or self._is_sample(found.account) else None

    def sign_out(self, token: str) -> None:
        """Raises StoreUnavailable: then the sign-in is still open."""
        self._store.close(_digest(token))

    def sign_out_everywhere(self, login: str) -> None:
        """Raises StoreUnavailable: then the sign-ins are still open."""
        self._store.close_all(login)

    def set_password(self, actor: Actor, login: str, password: str) -> Account | Refusal:
        """By the person or an administrator. Every sign-in of this login is closed, the actor's own too."""
        refusal = None if actor.id == login else may(actor, "account.manage")
        if refusal := refusal or bad_password(password):
            return refusal
        try:
            account = self._accounts.get(login)
            if account is None:
                return refuse("unknown_person", login=login)
            audit = Audit(actor.id, "password.set", login, self._clock.now())
            kept = self._keys.set_password(login, self._hashed(password), audit)
        except StoreUnavailable:
            return refuse("storage")
        return account if kept else refuse("unknown_person", login=login)

    def founder(self, account: Account) -> Actor | None:
        """Who may add this account where there is none yet: the administrator whose account it is, else nobody.

        Raises StoreUnavailable.
        """
        first = Role.ADMIN in account.roles and not self._accounts.all()
        return Actor.of(account) if first else None

    def _checked(self, login: str, password: str) -> Ticket | None:
        """The same work for every wrong pair, whatever is wrong with it."""
        readable = login.isascii() and login.isprintable() and len(password) <= MOST
        known = self._keys.password(login) if readable else None
        if not self._passwords.matches(password[:MOST], known) or known is None:
            return None
        account = self._accounts.get(login)
        renewed = self._passwords.hash(password) if self._passwords.outdated(known) else None
        return self._open(account, known, renewed) if account else None

    def _open(self, account: Account, verified: str | None, renewed: str | None = None) -> Ticket | None:
        token, now = secrets.token_urlsafe(32), self._clock.now()
        until = now + self._lasts
        opened = self._store.open(SignIn(_digest(token), account.login, now, until), verified, renewed)
        return Ticket(token, account, until) if opened else None

    def _is_sample(self, account: Account) -> bool:
        """Still the person who came with the samples, and not somebody else who was given the login."""
        sample = self._samples.get(account.login)
        return sample is not None and sample.name == account.name

    def _hashed(self, password: str) -> str:
        with self._few:
            return self._passwords.hash(password)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _in_words(wait: timedelta) -> str:
    """ "15 seconds", "2 minutes": rounded up, so that the next try is not too early."""
    seconds = 5 * ceil(wait.total_seconds() / 5)
    return say("gate.minutes", count=ceil(seconds / 60)) if seconds > 90 else say("gate.seconds", count=seconds)
