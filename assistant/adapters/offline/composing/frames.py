"""The frames in which people put what they ask, as compiled patterns; `frames.toml` lists them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_PLACE = re.compile(r"<([A-Z]+)>")


@cache
def frame(*names: str, after: str = "") -> re.Pattern[str]:
    """A pattern that matches any alternative of the named frames at the place where it is tried, followed by `after`."""
    alternatives = [_filled(alternative) for name in names for alternative in _table()["frames"][name]]
    return re.compile(f"(?:{'|'.join(alternatives)}){after}", re.IGNORECASE)


@cache
def part(name: str) -> str:
    """A named list of words as regex alternatives: WH, AUX, SUBJECT or BEFORE."""
    return _filled(_table()["parts"][name])


def _filled(pattern: str) -> str:
    while _PLACE.search(pattern):
        pattern = _PLACE.sub(lambda found: _table()["parts"][found[1]], pattern)
    return pattern


@cache
def _table() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(
        (files("assistant.adapters.offline") / "data" / "frames.toml").read_text("utf-8")
    )
    return found
