"""The type of a finding and helpers to make one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.settings import Settings
from prompts.catalog import text

Level = Literal["ok", "note", "fault"]


@dataclass(frozen=True)
class Finding:
    """`note` is worth knowing but works; `fault` means that something does not work."""

    level: Level
    sentence: str


Check = Callable[[Settings], Iterator[Finding]]


def ok(key: str, /, **values: object) -> Finding:
    return Finding("ok", text(key, **values))


def note(key: str, /, **values: object) -> Finding:
    return Finding("note", text(key, **values))


def fault(key: str, /, **values: object) -> Finding:
    return Finding("fault", text(key, **values))


def error_finding(level: Level, error: Exception) -> Finding:
    """For our own errors, whose message is a sentence for people."""
    return Finding(level, str(error))
