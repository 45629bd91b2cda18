"""Signs people in and out, and resolves tokens to actors.

A login with its password gets a token, of which only the SHA-256 is stored. An unknown login and a wrong password give the same
refusal in the same time. Guessing is throttled, except from known browsers. In demo mode the sample people sign in without a
password as long as they have none; these sign-ins end with demo mode. A public demo withholds the roles curator and admin.
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
    """The token for the browser, valid until `until`; after a password sign-in also the known-browser cookie."""

    token: str = field(repr=False)
    account: Account
    until: datetime
    browser: str = field(default="", repr=False)


def bad_password(password: str) -> Refusal | None:
    """The refusal of a password of unsuitable length, or None."""
    if LEAST <= len(password) <= MOST:
        return None
    return refuse("bad_password", least=LEAST, most=MOST)


class SignInService:
    """`samples` are the people who sign in without a password in demo mode, without the roles `withheld`."""

    def __init__(
        self, accounts: AccountStore, keys: PasswordStore, store: SignInStore, passwords: Passwords, clock: Clock,
        lasts: timedelta = timedelta(hours=12), samples: Sequence[Account] = (), withheld: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._accounts, self._keys, self._store, self._passwords = accounts, keys, store, passwords
        self._clock, self._lasts = clock, lasts
        self._samples, self._withheld = {account.login: account for account in samples}, frozenset(withheld)
        self._throttle, self._hashing = Throttle(), BoundedSemaphore(AT_ONCE)

    def sign_in(self, login: str, password: str, where: str, browser: str = "") -> SignInToken | Refusal:
        """Signs in by password; `where` is the client's address, `browser` its known-browser cookie or empty.

        At most two passwords are hashed at once, since a hash takes much memory.
        """
        login, cookie = login.strip(), KnownBrowser.read(browser)
        with self._hashing:
            now = self._clock.now()
            try:
                stored = self._stored(login)
                known = cookie.id if stored and cookie.signed_in(login, stored) else ""
                if wait := self._throttle.wait(login, where, now, known):
                    return refuse("try_later", wait=_in_words(wait))
                token = self._checked(login, password, stored, cookie)
            except StoreUnavailable as error:
                return not_stored(error)
            if token is None:
                self._throttle.failed(login, where, now, known)
                return refuse("sign_in")
            self._throttle.succeeded(login, where, now, known)
            return token

    def knows(self, login: str, browser: str) -> bool:
        """Whether this account signed in before from the browser with this cookie. Raises StoreUnavailable."""
        stored = self._stored(login.strip()) if browser else None
        return stored is not None and KnownBrowser.read(browser).signed_in(login.strip(), stored)

    def as_sample(self, login: str) -> SignInToken | Refusal:
        """Signs in as a sample person in demo mode, without a password."""
        try:
            account = self._accounts.get(login) if login in self._samples else None
            sample = self._as_sample(account) if account else None
            token = self._open(sample, None) if sample else None
        except StoreUnavailable as error:
            return not_stored(error)
        return token or refuse("no_sample")

    def samples(self) -> tuple[Account, ...]:
        """The sample people to offer in demo mode, at most two of them mentors. Raises StoreUnavailable."""
        if not self._samples:
            return ()
        known = {account.login: account for account in map(self._as_sample, self._accounts.all()) if account}
        first = [login for login in FIRST_SAMPLES if login in known]
        offered: list[Account] = []
        mentors = 0
        for account in (known[login] for login in dict.fromkeys([*first, *self._samples]) if login in known):
            mentor = Role.MENTOR in account.roles
            if (mentor and mentors == SAMPLE_MENTORS) or self._keys.password(account.login):
                continue
            mentors += mentor
            offered.append(account)
        return tuple(offered)

    def who(self, token: str) -> Actor | None:
        """The actor of a valid token, with their current rights, in one query. Raises StoreUnavailable."""
        found = self._store.who(_digest(token)) if token else None
        if found is None or found.until <= self._clock.now():
            return None
        return _acting(found.account if found.has_password else self._as_sample(found.account))

    def actor(self, login: str) -> Actor | None:
        """The actor of a signed-in login, with their current rights. Raises StoreUnavailable."""
        account = self._accounts.get(login)
        if account and self._withheld and not self._keys.password(login):
            account = self._as_sample(account)
        return _acting(account)

    def sign_out(self, token: str) -> None:
        """Raises StoreUnavailable; the sign-in then stays open."""
        self._store.close(_digest(token))

    def sign_out_everywhere(self, login: str) -> None:
        """Raises StoreUnavailable; the sign-ins then stay open."""
        self._store.close_all(login)

    def set_password(self, actor: Actor, login: str, password: str) -> Account | Refusal:
        """Sets the password, for the person or an administrator. Ends every sign-in of this login, also the actor's own."""
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
        """The actor who may add the very first account, which must be an administrator's own; else None.

        Raises StoreUnavailable.
        """
        first = Role.ADMIN in account.roles and not self._accounts.all()
        return Actor.of(account) if first else None

    def _stored(self, login: str) -> str | None:
        """The stored password hash; None if there is none or the login is invalid."""
        return self._keys.password(login) if login.isascii() and login.isprintable() else None

    def _checked(self, login: str, password: str, stored: str | None, browser: KnownBrowser) -> SignInToken | None:
        """The token if the password matches. A wrong pair takes the same time whatever is wrong with it."""
        known = stored if len(password) <= MOST else None
        if not self._passwords.matches(password[:MOST], known) or known is None:
            return None
        account = self._accounts.get(login)
        renewed = self._passwords.hash(password) if self._passwords.outdated(known) else None
        token = self._open(account, known, renewed) if account else None
        return replace(token, browser=str(browser.remembering(login, renewed or known))) if token else None

    def _open(self, account: Account, verified: str | None, renewed: str | None = None) -> SignInToken | None:
        token, now = secrets.token_urlsafe(32), self._clock.now()
        until = now + self._lasts
        opened = self._store.open(SignIn(_digest(token), account.login, now, until), verified, renewed)
        return SignInToken(token, account, until) if opened else None

    def _as_sample(self, account: Account) -> Account | None:
        """The sample account without the withheld roles; None if it is no sample or no role is left.

        A sample login that now belongs to another person is no sample.
        """
        sample, roles = self._samples.get(account.login), account.roles - self._withheld
        return replace(account, roles=roles) if roles and sample and sample.name == account.name else None

    def _hashed(self, password: str) -> str:
        with self._hashing:
            return self._passwords.hash(password)


def _acting(account: Account | None) -> Actor | None:
    return Actor.of(account) if account else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _in_words(wait: timedelta) -> str:
    """The wait as "15 seconds" or "2 minutes", rounded up."""
    seconds = 5 * ceil(wait.total_seconds() / 5)
    return (
        say("password_prompt.minutes", count=ceil(seconds / 60))
        if seconds > 90
        else say("password_prompt.seconds", count=seconds)
    )
