"""Limits on what people type: bad input gets one clear sentence, good input is kept as it is, without control characters."""

from __future__ import annotations

import re
import unicodedata

from assistant.services.results import Refusal, refuse

LONGEST, LONGEST_ID, LONGEST_MESSAGE_ID = 8000, 64, 120
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def readable(words: str) -> str:
    """The text in composed form (NFC), without control and direction characters, line ends unified, trimmed."""
    plain = _CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", plain).encode("utf-8", "ignore").decode().strip()


def refused_text(words: str, limit: int = LONGEST) -> Refusal | None:
    """A refusal for an empty or a too long text; anything else is accepted."""
    if len(words) > limit:
        return refuse("too_long", size=len(words), limit=limit)
    return None if readable(words) else refuse("empty")


def is_id(value: str, limit: int = LONGEST_ID) -> bool:
    """Whether it can be the name or number of anything: printable, and no longer than a database keeps."""
    return 0 < len(value) <= limit and value.isprintable()


def has_words(text: str) -> bool:
    """Whether there is anything to read: at least two letters."""
    return sum(character.isalpha() for character in text) >= 2


def mostly_foreign(text: str) -> bool:
    """Whether most letters are outside the Latin script, which the offline language does not read."""
    letters = [character for character in text if character.isalpha()]
    latin = sum("LATIN" in unicodedata.name(character, "") for character in letters)
    return len(letters) >= 4 and latin < len(letters) / 2
