"""Redacts personal data before it is sent to a model: e-mail addresses, phone numbers and names of the directory.

Each is replaced by a placeholder and restored exactly. A person keeps one number within a redaction: PERSON_1 is the first
spelling of the name, PERSON_1B the next. Placeholders that occur in the original text are redacted too, to avoid confusion.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from string import ascii_uppercase
from threading import Lock
from typing import NamedTuple

from assistant.dialogue.privacy.contact_data import mails, phones
from assistant.dialogue.privacy.names import FoundName, NameFinder

_PLACEHOLDER = re.compile(r"(?<!\w)(?:PERSON|EMAIL|PHONE|WORD)_[0-9]+[A-Z]*(?!\w)")


class _Span(NamedTuple):
    start: int
    end: int
    kind: str
    key: object


class Redaction:
    """The placeholders of one turn. Thread-safe."""

    def __init__(self, names: Collection[str] | NameFinder = ()) -> None:
        self._names = names if isinstance(names, NameFinder) else NameFinder(names)
        self._lock = Lock()
        self._numbers: dict[tuple[str, object], int] = {}
        self._written: dict[tuple[str, object], dict[str, str]] = {}
        self._hidden: dict[str, str] = {}
        self._brought: set[str] = set()

    def hide(self, text: str) -> str:
        """The text with a placeholder for each name, e-mail address and phone number."""
        with self._lock:
            self._brought.update(match[0].rstrip(ascii_uppercase) for match in _PLACEHOLDER.finditer(text))
            parts, done = [], 0
            for span in self._spans(text):
                parts += [text[done : span.start], self._placeholder(span, text[span.start : span.end])]
                done = span.end
            return "".join([*parts, text[done:]])

    def restore(self, text: str) -> str:
        """The text with this redaction's placeholders replaced by the originals; others stay."""
        with self._lock:
            return _PLACEHOLDER.sub(lambda match: self._hidden.get(match[0], match[0]), text)

    def _spans(self, text: str) -> Iterator[_Span]:
        """The spans to redact, from left to right; of two that overlap, the more certain kind."""
        found = [_Span(start, end, "EMAIL", text[start:end].lower()) for start, end in mails(text)]
        found += [_Span(start, end, "PHONE", _digits(text[start:end])) for start, end in phones(text)]
        found += [_Span(*match.span(), "WORD", match[0]) for match in _PLACEHOLDER.finditer(text)]
        found += [_Span(name.start, name.end, "PERSON", name) for name in self._names.find(text)]
        taken = bytearray(len(text))
        return iter(sorted(span for span in found if _free(taken, span)))

    def _placeholder(self, span: _Span, written: str) -> str:
        key = self._who(span.key) if isinstance(span.key, FoundName) else span.key
        number = self._number(span.kind, key)
        forms = self._written.setdefault((span.kind, key), {})
        if written not in forms:
            forms[written] = f"{span.kind}_{number}{_letters(len(forms))}"
            self._hidden[forms[written]] = written
        return forms[written]

    def _who(self, found: FoundName) -> object:
        """The person meant, or the name itself if several are possible."""
        if ("PERSON", found.words) in self._numbers:
            return found.words
        seen = [person for person in found.people if ("PERSON", person) in self._numbers]
        candidates = seen if len(seen) == 1 else found.people
        return candidates[0] if len(candidates) == 1 else found.words

    def _number(self, kind: str, key: object) -> int:
        """The number for this key; a new one differs from those in the original texts."""
        if (kind, key) not in self._numbers:
            number = 1 + max((known for (of, _), known in self._numbers.items() if of == kind), default=0)
            while f"{kind}_{number}" in self._brought:
                number += 1
            self._numbers[kind, key] = number
        return self._numbers[kind, key]


def _free(taken: bytearray, span: _Span) -> bool:
    """Takes the span if no part of it is taken yet."""
    free = not any(taken[span.start : span.end])
    if free:
        taken[span.start : span.end] = b"\x01" * (span.end - span.start)
    return free


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _letters(count: int) -> str:
    """ "" for the first writing, then B, C ... Z, BA, BB ..."""
    letters = ""
    while count:
        count, rest = divmod(count, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
