"""When two names are the same name: what case, plural, dots, hyphens, blanks and British spelling do not change.

A slip of one letter is found over what is left of a name when one letter is taken away: two names that share such a
rest differ by one letter put in, left out, changed or swapped with its neighbour (the method of SymSpell, W. Garbe 2012).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

SHORTEST_SLIP, LONGEST_SLIP = 6, 64
"""Letters of a name in which one wrong letter is forgiven; shorter names are too near to each other, longer ones no names."""

_TOKEN = re.compile(r"[.]?[^\W_]+(?:[#+]+|(?:[.&'’][^\W_]+)*)", re.UNICODE)  # noqa: RUF001
_INNER = re.compile(r"(?<=.)[.&'’]")  # noqa: RUF001
_VARIANTS = (
    (re.compile(r"is(ation|ing|ed|er|e)$"), r"iz\1"),
    (re.compile(r"ll(ing|ed|er)$"), r"l\1"),
    (re.compile(r"our$"), "or"),
)


def tokens(text: str) -> list[str]:
    """The words of a text, with the signs that belong to names (C++, .NET, Node.js)."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=50_000)
def folded(token: str) -> str:
    """A word without case, inner dots and plural s, in one spelling."""
    low = _INNER.sub("", token.lower())
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "js")):
        low = low[:-1]
    if len(low) > 5:
        for pattern, put in _VARIANTS:
            low = pattern.sub(put, low)
    return low


def key(name: str) -> str:
    """What all spellings of a name share: its folded words without blanks. Empty if there is no letter or digit."""
    return "".join(folded(token) for token in tokens(name))


def slips(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Each rest of a key with one letter less, and the key itself, to the keys that leave it."""
    found: dict[str, list[str]] = {}
    for one in sorted(set(keys)):
        for rest in _rests(one):
            found.setdefault(rest, []).append(one)
    return {rest: tuple(ones) for rest, ones in found.items()}


def one_letter_off(wrong: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The keys, of those that `slips` was given, that one slip turns into this one; sorted, none for short names."""
    near = {one for rest in _rests(wrong) for one in known.get(rest, ()) if abs(len(one) - len(wrong)) <= 1}
    return tuple(sorted(one for one in near if _digits(one) == _digits(wrong)))


def _rests(name: str) -> set[str]:
    if not SHORTEST_SLIP <= len(name) <= LONGEST_SLIP:
        return set()
    return {name, *(name[:n] + name[n + 1 :] for n in range(len(name)))}


def _digits(name: str) -> str:
    return "".join(char for char in name if char.isdigit())
