"""askwell ingest as a curator sees it, and what becomes of content that an older version took."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from assistant.services.conversing.status_text import say
from tests.commands import Run
from tests.imports import CASES, HEADER, row

WANTS_PERSON = "Just get me a person. It is about my board slides."


def copied(case: str, folder: Path) -> Path:
    shutil.copytree(next(CASES.glob(f"{case}-*")), folder / case)
    return folder / case


def spoil(data: Path, column: str, value: str) -> int:
    """Every stored mentor but the last has this value, as an older version would have taken it; how many."""
    with sqlite3.connect(data / "askwell.db") as db:
        last = db.execute("SELECT max(id) FROM profiles").fetchone()[0]
        return db.execute(f"UPDATE profiles SET {column} = ?, content_hash = id WHERE id <> ?", (value, last)).rowcount


def test_a_report_names_what_was_not_taken_and_the_rest_comes_in(run: Run, env: Path) -> None:
    outcome = run("ingest", str(copied("02", env) / "in.csv"), "--as", "petra")
    assert outcome.code == 1
    assert say("cli.ingested_mentors", added=2, changed=0, unchanged=0) in outcome.out
    assert outcome.err.splitlines()[-2:] == [
        say("cli.ingest_refused"), "  in.csv, line 4: time_zone is 'GMT+1'. Write an IANA name such as Europe/Berlin.",
    ]  # fmt: skip


def test_what_was_not_used_is_told_and_is_no_failure(run: Run, env: Path) -> None:
    outcome = run("ingest", str(copied("25", env)), "--as", "petra")
    assert outcome.code == 0
    assert say("cli.ingested_articles", added=4, changed=0, unchanged=0) in outcome.out
    assert say("cli.ingest_unused") in outcome.err
    assert "e.txt" in outcome.err


def test_a_file_from_another_spreadsheet_is_unchanged_content(run: Run, env: Path) -> None:
    folder = copied("10", env)
    counts = [run("ingest", str(folder / name), "--as", "petra").out for name in ("in.csv", "sep.csv", "tab.csv")]
    assert say("cli.ingested_mentors", added=1, changed=0, unchanged=0) in counts[0]
    assert all(say("cli.ingested_mentors", added=0, changed=0, unchanged=1) in one for one in counts[1:])


def test_a_record_that_went_bad_leaves_what_is_stored(run: Run, env: Path) -> None:
    path = env / "in.csv"
    path.write_text(f"{HEADER}\n{row(evidence='I have tuned harpsichords for years.')}\n", "utf-8")
    assert run("ingest", str(path), "--as", "petra").code == 0
    path.write_text(f"{HEADER}\n{row(evidence='I forgot it.', office_hours='FREQ=DAILY;BYHOUR=9;BYSETPOS=1/PT60M')}\n", "utf-8")
    outcome = run("ingest", str(path), "--as", "petra")
    assert (outcome.code, "BYSETPOS=1" in outcome.err) == (1, True)
    assert "harpsichords" in run("experts", "tuning a harpsichord").out


@pytest.mark.parametrize(("column", "value"), [
    ("office_hours", "FREQ=MONTHLY;BYDAY=TU;BYHOUR=14;BYMINUTE=0;BYSETPOS=1/PT60M"),
    ("office_hours", "FREQ=WEEKLY;BYDAY=TU;BYHOUR=14;UNTIL=20269999/PT60M"), ("time_zone", "W. Europe Summer Hour"),
])  # fmt: skip
def test_bad_mentors_of_an_older_version_end_nobodys_turn_and_doctor_names_them(
    column: str, value: str, run: Run, env: Path
) -> None:
    bad = spoil(env / "data", column, value)
    replies = run("chat", "--json", "--as", "lena", lines=[WANTS_PERSON])
    assert replies.code == 0, replies.err
    (reply,) = [json.loads(line) for line in replies.out.splitlines()]
    assert reply["experts"]
    outcome = run("doctor", "--json")
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    said = [line["sentence"] for line in rows if line["check"] == "mentors" and line["level"] == "fault"]
    assert outcome.code == 1
    assert len(said) == bad
    assert "m001" in said[0]
    assert column in said[0]


def test_doctor_reads_the_content_folder_as_an_import_does(run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(Path(os.environ["ASKWELL_KNOWLEDGE"]), env / "knowledge")
    monkeypatch.setenv("ASKWELL_KNOWLEDGE", str(env / "knowledge"))
    mentors = env / "knowledge" / "mentors" / "mentors.csv"
    mentors.write_text(mentors.read_text("utf-8").replace("Europe/Oslo", "MEZ").replace("BYDAY=WE;", "", 1), "utf-8")
    shutil.copy(next(CASES.glob("24-*")) / "zz-bad.md", env / "knowledge" / "articles")
    (env / "knowledge" / "articles" / "notes.txt").write_text("x", "utf-8")
    rows = [json.loads(line) for line in run("doctor", "--json").out.splitlines()]
    said = {
        level: [row["sentence"] for row in rows if (row["check"], row["level"]) == ("knowledge", level)]
        for level in ("fault", "note")
    }
    assert sum("time_zone is 'MEZ'" in sentence for sentence in said["fault"]) >= 1
    assert any("does not say on which day" in sentence for sentence in said["fault"])
    assert any("zz-bad.md, line 3" in sentence for sentence in said["fault"])
    assert any("notes.txt" in sentence for sentence in said["note"])
