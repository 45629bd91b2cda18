"""The ports to password hashing and to the stored hashes."""

from __future__ import annotations

from typing import Protocol

from assistant.ports.audit import Audit


class Passwords(Protocol):
    """Hashes and verifies passwords."""

    def hash(self, password: str) -> str: ...

    def matches(self, password: str, known: str | None) -> bool:
        """Whether `known` is a hash of this password. None never matches, in the same time as a real hash."""

    def outdated(self, known: str) -> bool:
        """Whether the hash was made with other parameters than the current ones."""


class PasswordStore(Protocol):
    def password(self, login: str) -> str | None:
        """The stored password hash, or None."""

    def set_password(self, login: str, password: str, audit: Audit) -> bool:
        """Stores this hash and ends every sign-in of the login in one transaction; False if there is no such account."""
