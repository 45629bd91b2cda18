"""askwell doctor finds a damaged database, wherever in the file a few bytes were flipped."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from prompts.catalog import text
from tests.commands import Run
from tests.model_server import closed_port

PAGE = 4096
FLIPPED = 8


@pytest.fixture(autouse=True)
def _free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_PORT", closed_port().rsplit(":", 1)[1].removesuffix("/v1"))


@pytest.fixture
def file(env: Path, run: Run) -> Path:
    """The database with a request in it, all of it in the one file."""
    assert run("chat", "--as", "lena", lines=["I do not know how to begin my slides for the board."]).code == 0
    path = env / "data" / "askwell.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode=DELETE")
    return path


def flip(path: Path, at: int) -> None:
    """Every bit of a few bytes."""
    data = bytearray(path.read_bytes())
    data[at : at + FLIPPED] = bytes(byte ^ 0xFF for byte in data[at : at + FLIPPED])
    path.write_bytes(data)


def change(path: Path, old: bytes, new: bytes) -> None:
    """One letter of a value, where it stands for the last time in the file."""
    data = path.read_bytes()
    assert old in data
    assert len(old) == len(new)
    at = data.rindex(old)
    path.write_bytes(data[:at] + new + data[at + len(old) :])


def root_of(path: Path, name: str) -> int:
    """Where the first page of a table or index begins."""
    with closing(sqlite3.connect(path)) as db:
        return PAGE * (db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0] - 1)


def found(run: Run) -> tuple[str, str]:
    """Level and sentence of the check of the database."""
    outcome = run("doctor", "--json")
    assert (outcome.code, outcome.err) == (1, ""), outcome
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    (row,) = [row for row in rows if row["check"] == "database"]
    return row["level"], row["sentence"]


def in_an_index(path: Path) -> None:
    """A quick check compares no index with its table."""
    at = root_of(path, "sqlite_autoindex_accounts_1")
    data = path.read_bytes()[at : at + PAGE]
    flip(path, at + data.index(b"alasdair"))


def in_the_middle_of_a_message(path: Path) -> None:
    """No structure of the file is hurt: only the row cannot be read any more."""
    flip(path, path.read_bytes().index(b"my slides for the board"))


def in_the_json_of_an_event(path: Path) -> None:
    change(path, b'"text"', b'"text ')


SPOILERS: list[Callable[[Path], None]] = [in_an_index, in_the_middle_of_a_message, in_the_json_of_an_event]


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_flipped_bytes_are_called_damage(file: Path, run: Run, spoil: Callable[[Path], None]) -> None:
    spoil(file)
    assert found(run) == ("fault", text("doctor.database_damaged"))


@pytest.mark.parametrize("table", ["events", "accounts", "requests", "articles", "outbox"])
def test_flipped_bytes_in_the_middle_of_a_full_page_are_found(file: Path, run: Run, table: str) -> None:
    """Where the cells of the page stand: they fill it from its end."""
    at = root_of(file, table)
    page = file.read_bytes()[at : at + PAGE]
    cells = int.from_bytes(page[5:7], "big")
    flip(file, at + (cells + PAGE) // 2)
    assert found(run)[0] == "fault"


def test_a_whole_database_stays_so(file: Path, run: Run) -> None:
    outcome = run("doctor", "--json")
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    assert ("ok", text("doctor.database_ok")) in [(row["level"], row["sentence"]) for row in rows if row["check"] == "database"]
