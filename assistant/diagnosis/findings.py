"""A finding, and the settings that all checks look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.settings import Settings
from prompts.catalog import text

Level = Literal["ok", "note", "fault"]


@dataclass(frozen=True)
class Finding:
    """`note` is worth knowing and works; with a `fault` something does not."""

    level: Level
    sentence: str


Check = Callable[[Settings], Iterator[Finding]]


def ok(key: str, /, **values: object) -> Finding:
    return Finding("ok", text(key, **values))


def note(key: str, /, **values: object) -> Finding:
    return Finding("note", text(key, **values))


def fault(key: str, /, **values: object) -> Finding:
    return Finding("fault", text(key, **values))


def said(level: Level, error: Exception) -> Finding:
    """For the errors of our own whose message is a sentence for people."""
    return Finding(level, str(error))
