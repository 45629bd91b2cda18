"""Hashes and checks passwords with Argon2id, with the parameters that the library recommends.

A login without a password is checked against the hash of a random password, so the response time does not reveal it.
"""

from __future__ import annotations

import secrets
import unicodedata


class Argon2Passwords:
    """Implements `ports.Passwords`. `cost` replaces parameters of argon2.PasswordHasher, such as memory_cost in KiB."""

    def __init__(self, **cost: int) -> None:
        from argon2 import PasswordHasher

        self._hasher = PasswordHasher(**cost)  # type: ignore[arg-type]
        self._dummy = self.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        return self._hasher.hash(_bytes(password))

    def matches(self, password: str, known: str | None) -> bool:
        """False for a wrong password, for no known hash, and for a hash that cannot be read."""
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            correct = self._hasher.verify(known or self._dummy, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return correct and known is not None

    def outdated(self, known: str) -> bool:
        return self._hasher.check_needs_rehash(known)


def _bytes(password: str) -> bytes:
    """NFKC normalises, so that keyboards that compose characters differently give the same password."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
