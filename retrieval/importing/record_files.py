"""Reads records from CSV and JSONL files, one at a time: the line number and the known fields.

An unreadable record is reported and skipped. The separator (comma, semicolon, tab or bar) is detected from the header, or set
by a first line such as `sep=;`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from prompts.catalog import text
from retrieval.errors import BadSource
from retrieval.importing.columns import meant, not_used
from retrieval.importing.import_report import Findings, shortened
from retrieval.importing.source_text import lines_of

MAX_BYTES = 50_000_000
MAX_FIELD = 20_000
"""Characters in one field of a record."""
MAX_ROWS = 100_000
"""Records of one file."""
MOST_COLUMNS = 20_000
"""Cells of a header, including empty ones, or keys of an object."""
MOST_KEYS = 200
"""Unknown keys of a JSONL file that are collected for the report."""
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEP = re.compile(r'"?sep=(?P<mark>[,;\t|])"?\s*', re.IGNORECASE)

Record = tuple[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """The fields that are used, and the required ones; `also` are accepted but not suggested."""

    names: Sequence[str]
    required: Sequence[str]
    also: Sequence[str] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.names, *self.also)


@dataclass(slots=True)
class _Header:
    """The known name of each header cell (or None), the header as written, and the cells without a header."""

    names: list[str | None]
    raw: list[str]
    unnamed: int = 0
    first_unnamed: int = 0


def csv_records(path: Path, known: Known, findings: Findings) -> Iterator[Record]:
    """The records of a CSV file. Raises BadSource if the whole file cannot be used."""
    csv.field_size_limit(MAX_FIELD)
    skipped, separator, lines = _beginning(lines_of(path, MAX_BYTES, text("source.split_file")), known)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    header: _Header | None = None
    line, count = skipped + 1, 0
    for cells in _each(path, reader, skipped, findings):
        line, begins = skipped + reader.line_num + 1, line
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        _check_size(path, count - 1, len(cells) if header is None else 0, begins)
        if header is None:
            header = _header(path, cells, known, findings, begins)
        elif (row := _row(path, cells, header, known, findings, begins, separator)) is not None:
            yield begins, row
    if header is None:
        raise BadSource(path, text("source.list_empty"))
    if header.unnamed:
        findings.leave(path, text("source.unnamed_cells", count=header.unnamed), header.first_unnamed)


def _check_size(path: Path, records: int, columns: int, line: int) -> None:
    if records > MAX_ROWS:
        raise BadSource(path, text("source.many_people", limit=f"{MAX_ROWS:,}"), line)
    if columns > MOST_COLUMNS:
        raise BadSource(path, text("source.many_columns", limit=f"{MOST_COLUMNS:,}"), line)


def _each(path: Path, reader: Any, skipped: int, findings: Findings) -> Iterator[list[str]]:
    """The rows; a row with unbalanced quotes is reported with its lines and skipped."""
    broken = 0
    while True:
        before = reader.line_num
        try:
            cells: list[str] = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            first, last = skipped + before + 1, skipped + reader.line_num
            broken += 1
            _check_size(path, broken, 0, first)
            if "field limit" in str(error):
                findings.refuse(path, text("source.cell_long", limit=f"{MAX_FIELD:,}"), first)
            elif last > first:
                findings.refuse(path, text("source.quotes_span", last=last), first)
            else:
                findings.refuse(path, text("source.quotes"), first)
            cells = []
        yield cells


def _beginning(lines: Iterator[str], known: Known) -> tuple[int, str, Iterator[str]]:
    """The number of lines before the header, the separator, and the lines from the header on."""
    skipped, declared = 0, ""
    for line in lines:
        if match := _SEP.fullmatch(line):
            declared = match["mark"]
        elif line.strip():
            return skipped, declared or _separator(line, known), chain([line], lines)
        skipped += 1
    return skipped, ",", iter(())


def _separator(header: str, known: Known) -> str:
    """The separator that gives the most known names in the header."""

    def found(mark: str) -> int:
        try:
            cells = next(csv.reader([header], delimiter=mark))
        except csv.Error:
            return 0
        return len({meant(cell, known.all) for cell in cells} - {None})

    return max(SEPARATORS, key=found)


def _header(path: Path, cells: list[str], known: Known, findings: Findings, line: int) -> _Header:
    names = [meant(cell, known.all) for cell in cells]
    missing = [name for name in known.required if name not in names]
    if missing:
        raise BadSource(path, text("source.columns_missing", columns=", ".join(missing)), line)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise BadSource(path, text("source.column_twice", column=shortened(twice[0])), line)
    unknown = [cell.strip() for cell, name in zip(cells, names, strict=True) if name is None and cell.strip()]
    if unknown:
        findings.leave(path, not_used(unknown, known.names), line)
    return _Header(names, [cell.strip() for cell in cells])


def _row(
    path: Path, cells: list[str], header: _Header, known: Known, findings: Findings, line: int, separator: str
) -> Mapping[str, str] | None:
    """The known fields of a row. Additional or missing empty cells at its end are accepted."""
    width = len(header.names)
    required = max(header.names.index(name) for name in known.required)
    if any(cell.strip() for cell in cells[width:]) or len(cells) <= required:
        marks = SEPARATORS[separator]
        findings.refuse(path, text("source.cells", found=len(cells), wanted=width, marks=marks), line)
        return None
    cells = [*cells[:width], *[""] * (width - len(cells))]
    if any(cell.strip() and not name for cell, name in zip(cells, header.raw, strict=True)):
        header.unnamed += 1
        header.first_unnamed = header.first_unnamed or line
    return {name: cell for name, cell in zip(header.names, cells, strict=True) if name}


class _Repeated(ValueError):
    """An object has a key twice."""


def json_records(path: Path, known: Known, findings: Findings) -> Iterator[Record]:
    """The records of a JSONL file. Raises BadSource if the whole file cannot be used."""
    count, unknown = 0, dict[str, int]()
    for number, content in enumerate(lines_of(path, MAX_BYTES, text("source.split_file")), start=1):
        if not content.strip():
            continue
        count += 1
        _check_size(path, count, 0, number)
        row = _object(path, content, number, findings)
        if row is None:
            continue
        _check_size(path, count, len(row), number)
        for key in row:
            if meant(key, known.all) is None and len(unknown) < MOST_KEYS:
                unknown.setdefault(key, number)
        named = _named(path, row, known, number, findings)
        if named is not None:
            yield number, named
    if not count:
        raise BadSource(path, text("source.lines_empty"))
    if unknown:
        findings.leave(path, not_used(unknown, known.names), next(iter(unknown.values())))


def _object(path: Path, content: str, number: int, findings: Findings) -> dict[str, Any] | None:
    try:
        row = json.loads(content, object_pairs_hook=_once)
    except _Repeated as error:
        findings.refuse(path, text("source.key_twice", key=shortened(error)), number)
    except (ValueError, RecursionError):
        findings.refuse(path, text("source.no_json"), number)
    else:
        if isinstance(row, dict):
            return row
        findings.refuse(path, text("source.no_object"), number)
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Repeated(key)
        found[key] = value
    return found


def _named(path: Path, row: dict[str, Any], known: Known, number: int, findings: Findings) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for key, value in row.items():
        name = meant(key, known.all)
        if name is not None and name in found:
            findings.refuse(path, text("source.key_twice", key=shortened(key)), number)
            return None
        if name is not None:
            found[name] = value
    return found
