"""Word lists of the debrief rules from `debrief.toml`: `rule("turn.refuse")` is one compiled pattern of alternatives."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

_Table = dict[str, dict[str, list[str]]]


@cache
def _table() -> _Table:
    source = resources.files("assistant.adapters.offline").joinpath("data/debrief.toml").read_text("utf-8")
    table: _Table = tomllib.loads(source)
    return table


def words(key: str) -> tuple[str, ...]:
    """The entries under `group.name`; raises KeyError when there is no such rule."""
    group, name = key.split(".")
    return tuple(_table()[group][name])


def sections() -> tuple[str, ...]:
    return tuple(_table()["section"])


def either(key: str) -> str:
    """The entries as one uncaptured alternative, for use inside a larger pattern."""
    return f"(?:{'|'.join(words(key))})"


@cache
def rule(key: str) -> re.Pattern[str]:
    """The entries of `group.name` as whole words, in any case."""
    return re.compile(rf"(?<![\w']){either(key)}(?![\w])", re.IGNORECASE)


def says(key: str, text: str) -> bool:
    return rule(key).search(text) is not None


def begins(key: str, text: str) -> bool:
    return rule(key).match(text) is not None


def count(key: str, text: str) -> int:
    return sum(1 for _ in rule(key).finditer(text))


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{either('form.lead')})(?:\s*[,.!:\u2026-]+\s*|\s+)|[\s\"'(\[*>-]+)+", re.IGNORECASE)


def skip_lead(text: str) -> str:
    """The text without fillers ("So, well, ...") at its start; never empties it."""
    found = _lead().match(text)
    return text[found.end() :] if found and found.end() < len(text) else text
