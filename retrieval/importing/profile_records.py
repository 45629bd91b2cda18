"""Builds a mentor's profile from a record. Values that are not understood are faults that say what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from prompts.catalog import text
from retrieval.importing.import_report import Fault, shortened
from retrieval.importing.record_files import MAX_FIELD, Known
from retrieval.importing.source_text import is_storable
from retrieval.passage import Profile

PROFILE_COLUMNS = ("id", "name", "title", "department", "level", "time_zone", "languages", "skills", "formats",
                   "weekly_capacity", "office_hours", "evidence")  # fmt: skip
REQUIRED_COLUMNS = ("id", "name", "title", "evidence")
PROFILES = Known(PROFILE_COLUMNS, REQUIRED_COLUMNS, ("country", "description", "spoken_languages", "channel_types"))
MOST_SESSIONS = 100
"""Most sessions a week that a mentor may offer."""
ID = re.compile(r"[A-Za-z0-9][\w.:@+-]{0,119}\Z")
_CAPACITY = re.compile(r"(?P<whole>[0-9]{1,4})(?:[.,]0+)?")


class BadValue(ValueError):
    """A value that cannot be used; has the fault."""

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(column)
        self.fault = Fault(column, problem)


class RecordFields:
    """The values of a record by column; an unreadable value is added to `faults` and is empty."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.faults: list[Fault] = []

    def line(self, column: str) -> str:
        """One line of text, with single spaces."""
        return " ".join(self.text(column).split())

    def text(self, column: str) -> str:
        """Text; a list is a fault."""
        parts = self._parts(column, False)
        return parts[0] if parts else ""

    def joined(self, column: str, between: str) -> str:
        """Text, or the texts of a list joined by `between`."""
        return between.join(self._parts(column, True))

    def words(self, column: str) -> tuple[str, ...]:
        """The entries of a list, or of text separated by commas, semicolons, bars or line ends; without repeats."""
        parts = self._parts(column, True)
        if not isinstance(self._values.get(column), list | tuple):
            parts = [word for part in parts for word in re.split(r"[,;|\n]", part)]
        return tuple(dict.fromkeys(line for part in parts if (line := " ".join(part.split()))))

    def _parts(self, column: str, many: bool) -> list[str]:
        value = self._values.get(column)
        try:
            if isinstance(value, list | tuple) and many:
                found = [_scalar(column, one) for one in value]
            else:
                found = [_scalar(column, value)]
            if sum(map(len, found)) > MAX_FIELD:
                raise BadValue(column, text("source.long", column=column, limit=f"{MAX_FIELD:,}"))
        except BadValue as bad:
            if bad.fault not in self.faults:
                self.faults.append(bad.fault)
            return []
        return [part for part in found if part]


def profile_of(values: Mapping[str, Any]) -> tuple[Profile | None, tuple[Fault, ...]]:
    """The profile of a record (None without a valid id) and its faults.

    Empty values get a default. A profile with faults must not be imported; it is returned to check its other values.
    """
    row = RecordFields(values)
    key = row.line("id")
    if not ID.match(key):
        return None, (*row.faults, Fault("id", text("source.id", id=shortened(key))))
    profile = Profile(
        id=key,
        name=row.line("name") or f"Mentor {key.rpartition('_')[2]}",
        title=row.line("title"),
        department=row.line("department") or "Community",
        level=row.line("level") or "not stated",
        time_zone=row.line("time_zone"),
        languages=row.words("languages") or row.words("spoken_languages") or ("en",),
        skills=row.words("skills"),
        formats=row.words("formats") or _formats(row.words("channel_types")),
        weekly_capacity=_capacity(row),
        office_hours=row.joined("office_hours", " | "),
        evidence=row.joined("evidence", "\n\n") or row.joined("description", "\n\n"),
        country=row.line("country"),
    )
    return profile, tuple(row.faults)


def _capacity(row: RecordFields) -> int:
    """Sessions a week, 1 if empty. Spreadsheets write 3 as 3.0."""
    value = row.line("weekly_capacity")
    match = _CAPACITY.fullmatch(value)
    if value and (match is None or int(match["whole"]) > MOST_SESSIONS):
        row.faults.append(Fault("weekly_capacity", text("source.capacity", value=shortened(value))))
    return int(match["whole"]) if match else 1


def _scalar(column: str, value: Any) -> str:
    """A text or number as normalised text. Raises BadValue."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadValue(column, text("source.no_text", column=column, value=shortened(value)))
    found = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").strip()
    if not is_storable(found):
        raise BadValue(column, text("source.unstorable", column=column))
    return found


def _formats(channels: tuple[str, ...]) -> tuple[str, ...]:
    """The formats for the channels of a person: always a call, and written exchange if there is any channel."""
    return ("call", "written") if channels else ("call",)
