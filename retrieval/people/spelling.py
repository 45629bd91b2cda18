"""Compares skill names regardless of case, plural, dots, hyphens, spaces and British spelling, and corrects one wrong letter.

Names that differ by one inserted, missing, changed or swapped letter share a string that remains when one letter is deleted
from either (the SymSpell method, W. Garbe 2012).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

SHORTEST_SLIP, LONGEST_SLIP = 6, 64
"""Letters of a name that is corrected: shorter names are too similar to each other, longer texts are no names."""

_TOKEN = re.compile(r"[.]?[^\W_]+(?:[#+]+|(?:[.&'’][^\W_]+)*)", re.UNICODE)  # noqa: RUF001
_INNER = re.compile(r"(?<=.)[.&'’]")  # noqa: RUF001
_VARIANTS = (
    (re.compile(r"is(ation|ing|ed|er|e)$"), r"iz\1"),
    (re.compile(r"ll(ing|ed|er)$"), r"l\1"),
    (re.compile(r"our$"), "or"),
)


def tokens(text: str) -> list[str]:
    """The words of a text, with the punctuation of names (C++, .NET, Node.js)."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=50_000)
def folded(token: str) -> str:
    """A word in lower case without inner dots and plural s, in American spelling."""
    low = _INNER.sub("", token.lower())
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "js")):
        low = low[:-1]
    if len(low) > 5:
        for pattern, put in _VARIANTS:
            low = pattern.sub(put, low)
    return low


def key(name: str) -> str:
    """The key of a name: its folded words without spaces. Empty if there is no letter or digit."""
    return "".join(folded(token) for token in tokens(name))


def slips(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Maps each key, and each key with one letter deleted, to the keys that it comes from."""
    found: dict[str, list[str]] = {}
    for name_key in sorted(set(keys)):
        for rest in _rests(name_key):
            found.setdefault(rest, []).append(name_key)
    return {rest: tuple(ones) for rest, ones in found.items()}


def one_letter_off(wrong: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The keys given to `slips` that differ from this one by one letter, sorted; none for short names."""
    near = {name_key for rest in _rests(wrong) for name_key in known.get(rest, ()) if abs(len(name_key) - len(wrong)) <= 1}
    return tuple(sorted(name_key for name_key in near if _digits(name_key) == _digits(wrong)))


def _rests(name: str) -> set[str]:
    if not SHORTEST_SLIP <= len(name) <= LONGEST_SLIP:
        return set()
    return {name, *(name[:n] + name[n + 1 :] for n in range(len(name)))}


def _digits(name: str) -> str:
    return "".join(char for char in name if char.isdigit())
