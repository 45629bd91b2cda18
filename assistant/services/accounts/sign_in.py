"""Signing in and out: who is at the other end of a connection.

A login with its password gets a token; only its SHA-256 is kept. An unknown login and a wrong password are one refusal and cost
the same time, and guessing becomes slow, but not for a browser that the account signed in from before. In demo mode the sample
people may be entered without a password, as long as they have none; when the demo ends, what was opened so is closed. A demo on
a public address withholds the rights of curators and administrators from them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from threading import BoundedSemaphore

from assistant.ports import (
    Account,
    AccountStore,
    Audit,
    Clock,
    Passwords,
    PasswordStore,
    SignIn,
    SignInStore,
    StoreUnavailable,
)
from assistant.services.accounts.access import Actor, Role, may
from assistant.services.accounts.known_browsers import KnownBrowser
from assistant.services.accounts.login_throttle import Throttle
from assistant.services.conversing.message_text import LONGEST_ID, is_id
from assistant.services.conversing.status_text import say
from assistant.services.results import Refusal, not_stored, refuse

LEAST, MOST = 12, 200
FIRST_SAMPLES = ("lena", "gwendolen", "petra", "alasdair")
SAMPLE_MENTORS = 2
AT_ONCE = 2
LONGEST_LOGIN = 200


@dataclass(frozen=True)
class SignInToken:
    """What a browser gets: the token, good until the moment given, and after a password the cookie of a known browser."""

    token: str = field(repr=False)
    account: Account
    until: datetime
    browser: str = field(default="", repr=False)


def bad_password(password: str) -> Refusal | None:
    """Why this cannot become a password; None when it can."""
    if LEAST <= len(password) <= MOST:
        return None
    return refuse("bad_password", least=LEAST, most=MOST)


class SignInService:
    """`samples` are the people to enter without a password, less the roles `withheld`; none of them outside demo mode."""

    def __init__(
        self, accounts: AccountStore, keys: PasswordStore, store: SignInStore, passwords: Passwords, clock: Clock,
        lasts: timedelta = timedelta(hours=12), samples: Sequence[Account] = (), withheld: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._accounts, self._keys, self._store, self._passwords = accounts, keys, store, passwords
        self._clock, self._lasts = clock, lasts
        self._samples, self._withheld = {account.login: account for account in samples}, frozenset(withheld)
        self._throttle, self._few = Throttle(), BoundedSemaphore(AT_ONCE)

    def sign_in(self, login: str, password: str, where: str, browser: str = "") -> SignInToken | Refusal:
        """By password; `where` is the address of the client, `browser` its cookie of a known browser, if it has one.

        At most two are checked at once, each against the failures of all before it: a hash takes much memory.
        """
        login, its = login.strip(), KnownBrowser.read(browser)
        with self._few:
            now = self._clock.now()
            try:
                stored = self._stored(login)
                known = its.id if stored and its.signed_in(login, stored) else ""
                if wait := self._throttle.wait(login, where, now, known):
                    return refuse("try_later", wait=_in_words(wait))
                ticket = self._checked(login, password, stored, its)
            except StoreUnavailable as error:
                return not_stored(error)
            if ticket is None:
                self._throttle.failed(login, where, now, known)
                return refuse("sign_in")
            self._throttle.succeeded(login, where, now, known)
            return ticket

    def knows(self, login: str, browser: str) -> bool:
        """Whether this account signed in before from the browser with this cookie. Raises StoreUnavailable."""
        stored = self._stored(login.strip()) if browser else None
        return stored is not None and KnownBrowser.read(browser).signed_in(login.strip(), stored)

    def as_sample(self, login: str) -> SignInToken | Refusal:
        """One click in demo mode."""
        try:
            account = self._accounts.get(login) if login in self._samples else None
            entered = self._as_sample(account) if account else None
            ticket = self._open(entered, None) if entered else None
        except StoreUnavailable as error:
            return not_stored(error)
        return ticket or refuse("no_sample")

    def samples(self) -> tuple[Account, ...]:
        """The people to offer in demo mode, at most two of them mentors; nobody otherwise. Raises StoreUnavailable."""
        if not self._samples:
            return ()
        here = {account.login: account for account in map(self._as_sample, self._accounts.all()) if account}
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
        return _acting(found.account if found.has_password else self._as_sample(found.account))

    def actor(self, login: str) -> Actor | None:
        """The person who is signed in with this login, with the rights of this moment. Raises StoreUnavailable."""
        account = self._accounts.get(login)
        if account and self._withheld and not self._keys.password(login):
            account = self._as_sample(account)
        return _acting(account)

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
            account = self._accounts.get(login) if is_id(login, LONGEST_LOGIN) else None
            if account is None:
                return refuse("unknown_person", login=login[:LONGEST_ID])
            audit = Audit(actor.id, "password.set", login, self._clock.now())
            kept = self._keys.set_password(login, self._hashed(password), audit)
        except StoreUnavailable as error:
            return not_stored(error)
        return account if kept else refuse("unknown_person", login=login)

    def founder(self, account: Account) -> Actor | None:
        """Who may add this account where there is none yet: the administrator whose account it is, else nobody.

        Raises StoreUnavailable.
        """
        first = Role.ADMIN in account.roles and not self._accounts.all()
        return Actor.of(account) if first else None

    def _stored(self, login: str) -> str | None:
        """The hash of the password; None also for what can be no login."""
        return self._keys.password(login) if login.isascii() and login.isprintable() else None

    def _checked(self, login: str, password: str, stored: str | None, browser: KnownBrowser) -> SignInToken | None:
        """The same work for every wrong pair, whatever is wrong with it."""
        known = stored if len(password) <= MOST else None
        if not self._passwords.matches(password[:MOST], known) or known is None:
            return None
        account = self._accounts.get(login)
        renewed = self._passwords.hash(password) if self._passwords.outdated(known) else None
        ticket = self._open(account, known, renewed) if account else None
        return replace(ticket, browser=str(browser.remembering(login, renewed or known))) if ticket else None

    def _open(self, account: Account, verified: str | None, renewed: str | None = None) -> SignInToken | None:
        token, now = secrets.token_urlsafe(32), self._clock.now()
        until = now + self._lasts
        opened = self._store.open(SignIn(_digest(token), account.login, now, until), verified, renewed)
        return SignInToken(token, account, until) if opened else None

    def _as_sample(self, account: Account) -> Account | None:
        """The account as it may be entered without a password; None for nobody's and where no role is left.

        A login that was given to somebody else is no sample any more.
        """
        sample, roles = self._samples.get(account.login), account.roles - self._withheld
        return replace(account, roles=roles) if roles and sample and sample.name == account.name else None

    def _hashed(self, password: str) -> str:
        with self._few:
            return self._passwords.hash(password)


def _acting(account: Account | None) -> Actor | None:
    return Actor.of(account) if account else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _in_words(wait: timedelta) -> str:
    """ "15 seconds", "2 minutes": rounded up, so that the next try is not too early."""
    seconds = 5 * ceil(wait.total_seconds() / 5)
    return say("gate.minutes", count=ceil(seconds / 60)) if seconds > 90 else say("gate.seconds", count=seconds)
