"""Who people are: mentors, accounts, passwords and sign-ins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.domain.mentor import Mentor
from assistant.ports.request_store import Audit


class MentorDirectory(Protocol):
    def get(self, mentor_id: str) -> Mentor | None: ...
    def some(self, ids: Collection[str]) -> Mapping[str, Mentor]:
        """Those of these ids who are there, by id, in one read."""

    def all(self) -> tuple[Mentor, ...]: ...


ADMIN = "admin"
"""The role without which nobody could manage accounts any more."""


@dataclass(frozen=True)
class Account:
    """`model`: what this person writes, and their profile, may be sent to a language model."""

    login: str
    name: str
    roles: frozenset[str]
    time_zone: str = "UTC"
    mentor: str | None = None
    department: str = ""
    model: bool = True


class AccountStore(Protocol):
    def get(self, login: str) -> Account | None: ...
    def some(self, logins: Collection[str]) -> Mapping[str, Account]:
        """Those of these logins who are there, by login, in one read."""

    def all(self) -> tuple[Account, ...]: ...

    def for_mentor(self, mentor: str) -> tuple[Account, ...]:
        """Those that stand for this mentor profile."""

    def without_model(self) -> tuple[Account, ...]:
        """Those of which nothing may be sent to a language model."""

    def put(self, account: Account, audit: Audit) -> bool:
        """Adds the account, or replaces the one with this login but for its `model`.

        False, and nothing written, where it would take the role from the last administrator.
        """

    def set_model(self, login: str, on: bool, audit: Audit) -> bool:
        """Changes `model` alone; False, and nothing written, when it is so already or there is no such account."""


class Passwords(Protocol):
    """How passwords are kept: as hashes that only the password itself can match."""

    def hash(self, password: str) -> str: ...

    def matches(self, password: str, known: str | None) -> bool:
        """Whether `known` is a hash of this password. None is never matched and takes as long as a real one."""

    def outdated(self, known: str) -> bool:
        """Whether the hash was made with other parameters than those of today."""


class PasswordStore(Protocol):
    def password(self, login: str) -> str | None:
        """The hash of this person's password, or None when there is none."""

    def set_password(self, login: str, password: str, audit: Audit) -> bool:
        """Keep this hash and close every sign-in of the login, whole; False when there is no such account."""


@dataclass(frozen=True)
class SignIn:
    """Somebody is signed in, in [since, until); known by the SHA-256 of a token that only they have."""

    token_hash: str
    login: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class SignedIn:
    """Whose sign-in it is, with the account as it is now."""

    account: Account
    until: datetime
    has_password: bool


class SignInStore(Protocol):
    def open(self, sign_in: SignIn, verified: str | None, renewed: str | None = None) -> bool:
        """Keep a sign-in if the login's stored hash is still `verified` (None: it has none), else False.

        `renewed` replaces the hash in the same transaction. Sign-ins that ended before `since` are forgotten.
        """

    def who(self, token_hash: str) -> SignedIn | None:
        """Also of a sign-in whose time is over."""

    def close(self, token_hash: str) -> None: ...
    def close_all(self, login: str) -> None: ...
