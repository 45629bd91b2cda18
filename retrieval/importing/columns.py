"""Matches the header of a column, or a key, with a known field: case, spaces, hyphens and underscores are ignored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

from prompts.catalog import text
from retrieval.importing.import_report import shortened

LONGEST_NAME = 60
"""Characters of a name that are compared."""
MOST_NAMES = 20
"""Unused names that one line of the report lists."""


def meant(name: str, known: Sequence[str]) -> str | None:
    """The known name for a spelling, such as time_zone for "Time Zone", or None."""
    return _by_key(tuple(known)).get(_key(name))


def not_used(names: Iterable[str], known: Sequence[str]) -> str:
    """A sentence that lists the unused names, each with the most similar known name if there is one."""
    listed = list(dict.fromkeys(names))
    shown = ", ".join(_with_hint(name, known) for name in listed[:MOST_NAMES])
    more = text("source.and_more", count=len(listed) - MOST_NAMES) if len(listed) > MOST_NAMES else ""
    return text("source.columns_unused", columns=shown + more, known=", ".join(known))


def _with_hint(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(_key(name), [_key(field) for field in known], 1, 0.75)
    hint = meant(near[0], known) if near else None
    return text("source.perhaps", name=shortened(name), known=hint) if hint else shortened(name)


@lru_cache(maxsize=16)
def _by_key(known: tuple[str, ...]) -> dict[str, str]:
    return {_key(field): field for field in known}


def _key(name: str) -> str:
    return "".join(letter for letter in name[:LONGEST_NAME].casefold() if letter.isalnum())
