"""Passwords as Argon2id hashes, with the parameters that the library recommends today.

A login without a password is checked against a hash of something random, so that the time spent says nothing about it.
"""

from __future__ import annotations

import secrets
import unicodedata


class Argon2Passwords:
    """A Passwords. `cost` replaces parameters of argon2.PasswordHasher, such as memory_cost in KiB."""

    def __init__(self, **cost: int) -> None:
        from argon2 import PasswordHasher

        self._hasher = PasswordHasher(**cost)  # type: ignore[arg-type]
        self._nobody = self.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        return self._hasher.hash(_bytes(password))

    def matches(self, password: str, known: str | None) -> bool:
        """False also for a hash that cannot be read."""
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            right = self._hasher.verify(known or self._nobody, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return right and known is not None

    def outdated(self, known: str) -> bool:
        return self._hasher.check_needs_rehash(known)


def _bytes(password: str) -> bytes:
    """The same for every way in which keyboards compose the same characters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
