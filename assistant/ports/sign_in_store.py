"""The port to the open sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.ports.account_store import Account


@dataclass(frozen=True)
class SignIn:
    """A sign-in valid in [since, until), identified by the SHA-256 of its secret token."""

    token_hash: str
    login: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class SignedIn:
    """A stored sign-in with its account as it is now."""

    account: Account
    until: datetime
    has_password: bool


class SignInStore(Protocol):
    def open(self, sign_in: SignIn, verified: str | None, renewed: str | None = None) -> bool:
        """Stores a sign-in if the login's stored hash is still `verified` (None: it has none), else returns False.

        `renewed` replaces the hash in the same transaction. Sign-ins that ended before `since` are deleted.
        """

    def who(self, token_hash: str) -> SignedIn | None:
        """The sign-in with this token hash, also an expired one."""

    def close(self, token_hash: str) -> None: ...
    def close_all(self, login: str) -> None: ...
