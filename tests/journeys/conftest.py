"""A small real installation for commands to run in: prepared once, copied for each test."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.bootstrap import build
from assistant.first_start import prepare
from assistant.settings import Settings
from assistant.starter import STARTER
from tests.commands import Outcome, Run, outcome_of

ARTICLES = (
    "board-slides-lead-with-the-ask", "status-update-for-a-steering-committee", "prepare-for-a-30-minute-session",
    "comparing-supplier-quotes", "spreadsheet-lookups-that-fail",
)  # fmt: skip
MENTORS = 14


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small knowledge base out of the starter content, prepared once; `knowledge` and `data` are inside."""
    root = tmp_path_factory.mktemp("askwell")
    (root / "knowledge" / "articles").mkdir(parents=True)
    (root / "knowledge" / "mentors").mkdir()
    for name in ARTICLES:
        shutil.copy(STARTER / "articles" / f"{name}.md", root / "knowledge" / "articles")
    for name in ("organisation.toml", "people.csv"):
        shutil.copy(STARTER / name, root / "knowledge")
    lines = (STARTER / "mentors" / "mentors.csv").read_text("utf-8").splitlines()
    (root / "knowledge" / "mentors" / "mentors.csv").write_text("\n".join(lines[: MENTORS + 1]) + "\n", "utf-8")
    app = build(Settings(data=root / "data", knowledge=root / "knowledge", database_url="", demo=True))
    prepare(app)
    app.close()
    return root


@pytest.fixture
def env(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the prepared data folder for one test, and the environment that points at it."""
    shutil.copytree(prepared / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ASKWELL_KNOWLEDGE", str(prepared / "knowledge"))
    for name in ("ASKWELL_AS", "ASKWELL_DATABASE_URL", "ASKWELL_DEMO"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run(env: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """One command in this process."""

    def command(*arguments: str, lines: Sequence[str] = ()) -> Outcome:
        typed = "".join(line + "\n" for line in lines).encode()
        return outcome_of(arguments, io.TextIOWrapper(io.BytesIO(typed)), capfd, monkeypatch)

    yield command
    from assistant import logs

    logs.stop()
