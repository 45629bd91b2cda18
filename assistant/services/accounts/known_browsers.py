"""Recognises browsers from which an account signed in before, by a signed cookie.

The cookie holds a random browser id and a signature for each of the last accounts that signed in there. A signature is an HMAC
over account and browser, keyed with the account's stored password hash: it is valid for this account only, cannot be forged
without the database, and expires when the password changes. The cookie does not replace the password.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace

MOST_ACCOUNTS = 8
_COOKIE = re.compile(rf"([\w-]{{22}})((?:\.[\w-]{{22}}){{1,{MOST_ACCOUNTS}}})", re.ASCII)


@dataclass(frozen=True)
class KnownBrowser:
    """The content of one browser's cookie; `str()` is the cookie's value."""

    id: str
    signatures: tuple[str, ...] = ()

    @staticmethod
    def read(cookie: str) -> KnownBrowser:
        """Parses a cookie; anything invalid gives a new browser id."""
        found = _COOKIE.fullmatch(cookie)
        return KnownBrowser(found[1], tuple(found[2][1:].split("."))) if found else KnownBrowser(_text(secrets.token_bytes(16)))

    def signed_in(self, login: str, password_hash: str) -> bool:
        """Whether this account signed in here before, with its current password."""
        right = self._signature(login, password_hash)
        return any(hmac.compare_digest(right, signature) for signature in self.signatures)

    def remembering(self, login: str, password_hash: str) -> KnownBrowser:
        """A copy that remembers a sign-in of this account."""
        mine = self._signature(login, password_hash)
        others = [signature for signature in self.signatures if signature != mine]
        return replace(self, signatures=(mine, *others)[:MOST_ACCOUNTS])

    def _signature(self, login: str, password_hash: str) -> str:
        message = f"askwell known browser\0{login}\0{self.id}".encode("utf-8", "replace")
        return _text(hmac.digest(password_hash.encode(), message, "sha256")[:16])

    def __str__(self) -> str:
        return ".".join((self.id, *self.signatures))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
