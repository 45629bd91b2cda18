"""Validates and normalises text from people."""

from __future__ import annotations

import re
import unicodedata

from assistant.services.results import Refusal, refuse

LONGEST, LONGEST_ID, LONGEST_MESSAGE_ID = 8000, 64, 120
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def readable(words: str) -> str:
    """The text in NFC, without control and direction characters, with unified line ends, trimmed."""
    plain = _CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", plain).encode("utf-8", "ignore").decode().strip()


def refused_text(words: str, limit: int = LONGEST) -> Refusal | None:
    """A refusal for an empty or too long text, else None."""
    if len(words) > limit:
        return refuse("too_long", size=len(words), limit=limit)
    return None if readable(words) else refuse("empty")


def is_id(value: str, limit: int = LONGEST_ID) -> bool:
    """Whether the value can be an id: printable and at most `limit` characters."""
    return 0 < len(value) <= limit and value.isprintable()


def has_words(text: str) -> bool:
    """Whether the text has at least two letters."""
    return sum(character.isalpha() for character in text) >= 2


def mostly_foreign(text: str) -> bool:
    """Whether most letters are not Latin, which the offline language cannot read."""
    letters = [character for character in text if character.isalpha()]
    latin = sum("LATIN" in unicodedata.name(character, "") for character in letters)
    return len(letters) >= 4 and latin < len(letters) / 2
