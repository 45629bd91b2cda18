"""The port to the accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.ports.audit import Audit

ADMIN = "admin"
"""The role that manages accounts; at least one account keeps it."""


@dataclass(frozen=True)
class Account:
    """A person who can sign in.

    `mentor` is the id of their mentor profile. `model` allows sending what they write, and their profile, to a language model.
    """

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
        """The accounts with these logins, by login, in one read; unknown logins are left out."""

    def all(self) -> tuple[Account, ...]: ...

    def for_mentor(self, mentor: str) -> tuple[Account, ...]:
        """The accounts with this mentor profile."""

    def without_model(self) -> tuple[Account, ...]:
        """The accounts that do not allow a language model."""

    def put(self, account: Account, audit: Audit) -> bool:
        """Adds the account, or replaces the one with this login except its `model`.

        Returns False and writes nothing if the last administrator would lose the role.
        """

    def set_model(self, login: str, on: bool, audit: Audit) -> bool:
        """Changes `model` only; returns False and writes nothing if there is no such account or no change."""
