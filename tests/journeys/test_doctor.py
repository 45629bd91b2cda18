"""askwell doctor on a real installation: all well, and each thing that can be wrong with the sentence that says what to do."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from assistant.diagnosis import run_checks
from assistant.diagnosis.data_folder import disk
from assistant.diagnosis.environment import plausible_time
from assistant.diagnosis.findings import Finding
from assistant.settings import Settings
from retrieval.adapters.file_lock import FileLock
from tests.commands import Run
from tests.model_server import KEY, MODEL, ModelServer, closed_port, model_server

Spoil = Callable[[Path], object]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_PORT", closed_port().rsplit(":", 1)[1].removesuffix("/v1"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def levels(run: Run, code: int) -> dict[str, list[tuple[str, str]]]:
    """What each check found: level and sentence."""
    outcome = run("doctor", "--json")
    assert (outcome.code, outcome.err) == (code, ""), outcome
    found: dict[str, list[tuple[str, str]]] = {}
    for row in map(json.loads, outcome.out.splitlines()):
        found.setdefault(row["check"], []).append((row["level"], row["sentence"]))
    return found


def only(run: Run, check: str, level: str) -> str:
    """The one sentence of this level that a check found."""
    found = levels(run, int(level == "fault"))
    (sentence,) = [said for kind, said in found[check] if kind == level]
    return sentence


def test_all_is_well(run: Run, env: Path) -> None:
    (env / "data").chmod(0o700)
    before = {path: path.read_bytes() for path in sorted((env / "data").glob("askwell.db"))}
    found = levels(run, 0)
    assert list(found) == list(run_checks.CHECKS)
    assert {check for check, rows in found.items() if any(level != "ok" for level, _ in rows)} == set()
    assert before == {path: path.read_bytes() for path in before}


def test_for_people_it_is_a_table(run: Run, env: Path) -> None:
    outcome = run("doctor")
    lines = outcome.out.splitlines()
    assert outcome.code == 0
    assert re.match(r"ok +data +The data folder", lines[0])
    assert lines[-1] == "Nothing is wrong."
    assert max(map(len, lines)) <= 100


def test_before_the_first_start(run: Run, env: Path) -> None:
    shutil.rmtree(env / "data")
    found = levels(run, 0)
    assert [found[check][0][0] for check in ("data", "database", "index")] == ["note", "note", "note"]
    assert not (env / "data").exists()


def damage(data: Path) -> None:
    (data / "askwell.db").write_bytes(b"this is no database" * 1000)


def tear(data: Path) -> None:
    """Pages in the middle are overwritten: it opens, and is not whole."""
    with sqlite3.connect(data / "askwell.db") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (data / "askwell.db").open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\x55" * 4096 * 40)


def put_revision(data: Path, number: str) -> None:
    with sqlite3.connect(data / "askwell.db") as db:
        db.execute("UPDATE alembic_version SET version_num = ?", (number,))


def be_a_folder(data: Path) -> None:
    (data / "askwell.db").unlink()
    (data / "askwell.db").mkdir()


@pytest.mark.parametrize(
    ("spoil", "level", "says"),
    [
        (damage, "fault", "not a database"),
        (tear, "fault", "damaged"),
        (be_a_folder, "fault", "cannot be used"),
        (lambda data: put_revision(data, "9999"), "fault", "newer Askwell"),
        (lambda data: put_revision(data, "0001"), "note", "next start"),
    ],
)
def test_the_database(spoil: Spoil, level: str, says: str, run: Run, env: Path) -> None:
    spoil(env / "data")
    assert says in only(run, "database", level)


def test_a_locked_database(run: Run, env: Path) -> None:
    other = sqlite3.connect(env / "data" / "askwell.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert "locked" in only(run, "database", "fault")
    finally:
        other.close()


def test_a_database_that_may_only_be_read(run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(env / "data" / "askwell.db") as db:
        db.execute("PRAGMA journal_mode=DELETE")
    monkeypatch.setenv("ASKWELL_DATABASE_URL", f"sqlite:///file:{env / 'data' / 'askwell.db'}?mode=ro&uri=true")
    assert levels(run, 1)["database"][0][0] == "fault"


@pytest.mark.parametrize("address", ["nonsense", "oracle://x/y", "sqlite+nothing:///x"])
def test_an_address_that_is_none(address: str, run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_DATABASE_URL", address)
    assert "ASKWELL_DATABASE_URL" in only(run, "database", "fault")


def test_a_data_folder_in_which_nothing_can_be_written(run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (env / "file").write_text("")
    monkeypatch.setenv("ASKWELL_DATA", str(env / "file" / "data"))
    assert "ASKWELL_DATA" in levels(run, 1)["data"][0][1]


def test_a_disk_on_which_nothing_more_can_be_written(env: Path) -> None:
    """A process that may make no file longer than nothing meets what a full disk would be."""
    command = [sys.executable, "-c", "from assistant.cli import main; main(['doctor', '--json'])"]
    limited = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # noqa: E731
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limited, timeout=120, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (1, "")
    assert {row["check"] for row in rows if row["level"] == "fault"} >= {"data", "database"}


def test_a_data_folder_that_others_can_read(run: Run, env: Path) -> None:
    (env / "data").chmod(0o755)
    assert "chmod 700" in only(run, "data", "note")


@pytest.mark.parametrize(("free", "level"), [(0, "fault"), (199_000_000, "fault"), (1_000_000_000, "note"), (10**11, "ok")])
def test_the_disk(free: int, level: str) -> None:
    assert disk(free).level == level


@pytest.mark.parametrize(
    ("demo", "url", "level"),
    [
        ("true", "http://127.0.0.1:7860", "ok"), ("false", "https://askwell.example", "ok"),
        ("public", "https://askwell.example", "note"), ("true", "https://askwell.example", "fault"),
    ],
)  # fmt: skip
def test_a_demo_that_others_reach(demo: str, url: str, level: str, run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_DEMO", demo)
    monkeypatch.setenv("ASKWELL_PUBLIC_URL", url)
    sentence = only(run, "demo", level)
    assert ("ASKWELL_DEMO=public" in sentence) is (level == "fault")


def test_an_index_that_is_short(run: Run, env: Path) -> None:
    _take_away_vectors(env / "data")
    assert "askwell reindex" in only(run, "index", "fault")


def test_an_index_of_other_content_or_damaged(run: Run, env: Path) -> None:
    next((env / "data" / "index").glob("g*/seal.json")).write_text("{}")
    assert "next start" in only(run, "index", "note")


def test_an_index_in_use(run: Run, env: Path) -> None:
    owner = FileLock(env / "data" / "index")
    assert owner.acquire()
    try:
        assert "running Askwell" in only(run, "index", "note")
    finally:
        owner.release()


def test_an_embedder_that_the_indexes_do_not_know(run: Run, env: Path) -> None:
    file = env / "data" / "embedder.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "id": "minilm-of-old"}))
    assert "askwell reindex --embedder minilm" in only(run, "embedder", "fault")


def test_an_embedder_without_a_key(run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (env / "data" / "embedder.json").unlink()
    monkeypatch.setenv("ASKWELL_EMBEDDER", "openai")
    assert "ASKWELL_EMBEDDING_API_KEY" in only(run, "embedder", "fault")


def test_content_that_cannot_be_read(run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_KNOWLEDGE", str(env / "nowhere"))
    assert "ASKWELL_KNOWLEDGE" in only(run, "knowledge", "fault")
    (env / "nowhere").mkdir()
    assert "organisation.toml" in only(run, "knowledge", "fault")


def test_a_port_that_another_program_holds(run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("ASKWELL_PORT", str(other.getsockname()[1]))
        assert "Another program" in only(run, "port", "fault")


def test_a_host_that_is_not_here(run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_HOST", "192.0.2.7")
    assert "ASKWELL_HOST" in only(run, "port", "fault")


@pytest.mark.slow
def test_askwell_is_running_already(run: Run, env: Path) -> None:
    with _serving():
        found = levels(run, 0)
        assert "already running" in found["port"][0][1]
        assert "running Askwell" in found["index"][0][1]


@pytest.mark.parametrize(
    ("now", "written", "level"),
    [
        (NOW, None, "ok"), (NOW, NOW - timedelta(days=3), "ok"), (NOW, NOW + timedelta(minutes=5), "ok"),
        (NOW, NOW + timedelta(hours=2), "fault"), (NOW.replace(year=1970), None, "fault"),
        (NOW.replace(year=2177), None, "fault"),
    ],
)  # fmt: skip
def test_the_clock(now: datetime, written: datetime | None, level: str) -> None:
    assert plausible_time(now, written).level == level


def test_a_check_that_breaks_is_a_finding(run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(settings: Settings) -> Iterator[Finding]:
        raise ZeroDivisionError("what somebody wrote")
        yield

    monkeypatch.setitem(run_checks.CHECKS, "clock", breaks)
    assert "failed" in only(run, "clock", "fault")
    assert "what somebody wrote" not in (env / "data" / "askwell.log").read_text()


# The language model, over real HTTP.


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with model_server() as server:
        for name, value in {"BASE_URL": server.url, "API_KEY": KEY, "MODEL": MODEL}.items():
            monkeypatch.setenv(f"ASKWELL_LLM_{name}", value)
        yield server


def test_a_model_that_does_all(server: ModelServer, run: Run, env: Path) -> None:
    told = levels(run, 0)["model"]
    assert {level for level, _ in told} == {"ok"}
    words = " ".join(sentence for _, sentence in told)
    for part in ("has the model play-1", "by json_schema", "streams", "token usage", "answers in 0.", "the answer at once"):
        assert part in words
    assert KEY not in words
    assert [seen.task for seen in server.seen] == ["check", "check", "sharpen", "check"]
    assert json.loads((env / "data" / "model.json").read_text())


def test_a_model_that_does_less(server: ModelServer, run: Run, env: Path) -> None:
    server.output_modes, server.usage, server.models = set(), False, [MODEL]
    server.answers["check"] = lambda messages: '{"word":"four"}'
    notes = [sentence for level, sentence in levels(run, 0)["model"] if level == "note"]
    assert len(notes) == 3
    assert "by prompt only" in notes[0]
    assert "does not stream" in notes[1]
    assert "estimates it" in notes[2]


def test_a_slow_model(server: ModelServer, run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(messages: object) -> str:
        time.sleep(0.7)
        return '{"word": "four"}'

    server.answers["check"] = slowly
    monkeypatch.setenv("ASKWELL_LLM_SECONDS", "1")
    assert any("ASKWELL_LLM_SECONDS" in sentence for level, sentence in levels(run, 0)["model"] if level == "note")


def test_a_better_rung_is_found_again(server: ModelServer, run: Run, env: Path) -> None:
    server.output_modes = {"json_mode"}
    assert any("by json_mode" in sentence for _, sentence in levels(run, 0)["model"])
    server.output_modes = {"json_schema"}
    assert any("by json_schema" in sentence for _, sentence in levels(run, 0)["model"])


def test_every_model_of_a_task_is_tried(server: ModelServer, run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_LLM_TASK_MODELS", '{"sharpen": "small"}')
    told = levels(run, 1)["model"]
    assert [sentence for level, sentence in told if level == "fault"] == [
        "The endpoint does not know the model small, or its address is wrong. Check ASKWELL_LLM_MODEL and ASKWELL_LLM_BASE_URL."
    ]
    assert any("play-1 streams" in sentence for _, sentence in told)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("401", "ASKWELL_LLM_API_KEY"), ("404", "does not know"), ("429", "limits the rate"), ("quota", "no credit"),
        ("500", "server error"), ("empty", "empty answer"), ("cut", "cut off"), ("html", "/v1"), ("redirect", "/v1"),
        ("not_json", "cannot be read"), ("wrong_schema", "schema"), ("big", "too much"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_model(fault: str, says: str, server: ModelServer, run: Run, env: Path) -> None:
    server.fault = fault
    assert says in only(run, "model", "fault")


def test_a_wrong_key(server: ModelServer, run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_LLM_API_KEY", "sk-wrong")
    outcome = run("doctor")
    assert outcome.code == 1
    assert "ASKWELL_LLM_API_KEY" in outcome.out
    assert "sk-wrong" not in outcome.out + outcome.err


def test_nobody_listens(run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_LLM_BASE_URL", closed_port())
    assert "ASKWELL_LLM_MODEL" in only(run, "model", "note")
    monkeypatch.setenv("ASKWELL_LLM_MODEL", "small")
    assert "ASKWELL_LLM_BASE_URL" in only(run, "model", "fault")


def _take_away_vectors(data: Path) -> None:
    """In a way that nobody notices: the seal is made anew."""
    import chromadb

    from retrieval.adapters.index_seal import read_seal, write_seal

    place = next((data / "index").glob("g*"))
    made = read_seal(place, {})
    assert made
    client = chromadb.PersistentClient(str(place / "vectors"), chromadb.Settings(anonymized_telemetry=False))
    for collection in client.list_collections():
        ids = collection.get(include=[])["ids"]
        collection.delete(ids[: len(ids) // 2])
    client.close()
    write_seal(place, made)


@contextmanager
def _serving() -> Iterator[None]:
    """askwell serve as a process of its own, with the environment of this test."""
    command = [sys.executable, "-c", "from assistant.cli import main; main(['serve'])"]
    served = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 120
        while not _answers(f"http://127.0.0.1:{os.environ['ASKWELL_PORT']}/sign-in"):
            assert served.poll() is None
            assert time.monotonic() < end, "it did not start"
            time.sleep(0.2)
        yield
    finally:
        served.terminate()
        served.wait(20)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as page:
            return bool(page.status == 200)
    except (URLError, OSError):
        return False
