"""What goes along when content is copied: articles, people, vectors and sample accounts, and never a request."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.cli.copying import copy_content
from assistant.settings import Settings
from tests.fakes import FakeApp, SettableClock, sql_ports

CANARY = "task: canary in the conversation"


def settings(folder: Path, **changes: str) -> Settings:
    return Settings(data=folder, database_url=changes.get("database_url", ""))


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A data folder with accounts, one article, one request and an index."""
    folder = tmp_path / "used"
    (folder / "index" / "g1").mkdir(parents=True)
    (folder / "index" / "lock").touch()
    (folder / "index" / "g1" / "seal.json").write_text("{}")
    ports = sql_ports(folder / "askwell.db")
    wired = FakeApp(ports, SettableClock())
    wired.say(wired.open(), CANARY)
    ports.close()
    with closing(sqlite3.connect(folder / "askwell.db")) as db, db:
        db.execute("INSERT INTO articles VALUES ('a1', 'T', 'S', '[]', '[]', 'o', '2026-01-01', 90, 's', 'Body', '[]', 'hash')")
    return folder


def rows(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "askwell.db")) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_content_and_sample_people_go_along_and_requests_do_not(used: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.mkdir()
    copy_content(settings(used), target, "lena")
    assert rows(target, "articles") == 1
    assert rows(target, "accounts") == rows(used, "accounts") > 0
    for table in ("requests", "events", "bookings", "outbox", "audit"):
        assert rows(target, table) == 0, table
    assert (target / "index" / "g1" / "seal.json").exists()
    assert not (target / "index" / "lock").exists()
    assert not any(b"canary" in path.read_bytes() for path in target.rglob("*") if path.is_file())
    assert rows(used, "requests") == 1


def test_other_peoples_accounts_stay(used: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.mkdir()
    copy_content(settings(used), target, "somebody-else")
    assert rows(target, "accounts") == 0


def test_of_another_database_nothing_is_copied(used: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.mkdir()
    copy_content(settings(used, database_url="postgresql://x/y"), target, "lena")
    assert list(target.iterdir()) == []
