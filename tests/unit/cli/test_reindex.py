"""Changing the embedder from the command line: what is sent where is said and agreed to before anything is sent."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import logs
from assistant.bootstrap import build
from assistant.cli import knowledge_commands
from assistant.first_start import prepare
from assistant.services.conversing.status_text import say
from assistant.settings import Settings
from assistant.starter import STARTER
from retrieval.embedding.embedder_choice import read_choice
from tests.commands import Outcome, Run, outcome_of
from tests.embedding_server import DIMENSION, KEY, MODEL, EmbeddingServer, embedding_server

REINDEX = ("reindex", "--embedder", "openai", "--as", "petra")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("askwell")
    for folder, name in (("articles", "comparing-supplier-quotes.md"), (".", "organisation.toml"), (".", "people.csv")):
        (root / "knowledge" / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(STARTER / folder / name, root / "knowledge" / folder)
    app = build(Settings(data=root / "data", knowledge=root / "knowledge", database_url="", embedder="wordllama"))
    prepare(app)
    app.retrieval.close()
    app.close()
    return root


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with embedding_server() as running:
        yield running


@pytest.fixture
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: EmbeddingServer) -> Path:
    shutil.copytree(prepared / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    values = {
        "DATA": str(tmp_path / "data"), "KNOWLEDGE": str(prepared / "knowledge"), "EMBEDDER": "wordllama",
        "EMBEDDING_BASE_URL": server.url, "EMBEDDING_API_KEY": KEY, "EMBEDDING_MODEL": MODEL,
        "EMBEDDING_DIMENSION": str(DIMENSION),
    }  # fmt: skip
    for name in ("AS", "DATABASE_URL", "DEMO"):
        monkeypatch.delenv(f"ASKWELL_{name}", raising=False)
    for name, value in values.items():
        monkeypatch.setenv(f"ASKWELL_{name}", value)
    return tmp_path / "data"


@pytest.fixture
def run(folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """One command in this process; with `typed` at a terminal."""

    def command(*arguments: str, typed: str | None = None) -> Outcome:
        keyboard = io.StringIO(typed or "")
        keyboard.isatty = lambda: typed is not None  # type: ignore[method-assign]
        return outcome_of(arguments, keyboard, capfd, monkeypatch)

    yield command
    logs.stop()


def used(folder: Path) -> str:
    choice = read_choice(folder / "embedder.json")
    assert choice is not None
    return choice.embedder


def test_nothing_is_sent_before_somebody_agreed(run: Run, server: EmbeddingServer, folder: Path) -> None:
    alone = run(*REINDEX)
    assert (alone.code, alone.err.splitlines()[-1]) == (2, say("cli.cost_needs_yes"))
    assert f"go to the model {MODEL} at {server.url}" in alone.err
    assert say("cli.cost_unknown") in alone.err
    no = run(*REINDEX, typed="n\n")
    assert (no.code, no.err.splitlines()[-1]) == (1, say("cli.cost_declined"))
    assert (server.heard, used(folder)) == ([], "wordllama")


def test_after_a_yes_the_folder_uses_it_and_says_so(run: Run, server: EmbeddingServer, folder: Path) -> None:
    done = run(*REINDEX, typed="y\n")
    assert done.code == 0
    assert say("cli.reindexed") in done.out
    assert say("cli.embedder_setting", setting="wordllama", used="openai") in done.out
    assert used(folder) == "openai"
    sent = server.texts
    again = run(*REINDEX)
    assert (again.code, server.texts > sent) == (0, True), "nothing waits, so nobody is asked; only the line is found anew"
    assert "Comparing" in run("search", "how do I compare supplier quotes", "--as", "lena").out
    assert run("reindex", "--embedder", "wordllama", "--as", "petra").code == 0
    assert used(folder) == "wordllama"


def test_yes_may_be_said_beforehand(run: Run, folder: Path) -> None:
    assert run(*REINDEX, "--yes").code == 0
    assert used(folder) == "openai"


def test_a_missing_right_key_or_address_is_one_sentence(
    run: Run, server: EmbeddingServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("reindex", "--embedder", "openai", "--as", "lena").code == 1
    server.always = "401"
    refused = run(*REINDEX, "--yes")
    assert (refused.code, "ASKWELL_EMBEDDING_API_KEY" in refused.err) == (1, True)
    monkeypatch.setenv("ASKWELL_EMBEDDING_API_KEY", "")
    monkeypatch.setenv("ASKWELL_EMBEDDING_BASE_URL", "")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    keyless = run(*REINDEX, "--yes")
    assert (keyless.code, "ASKWELL_EMBEDDING_API_KEY" in keyless.err) == (1, True)
    assert used(folder) == "wordllama"


def test_stopped_half_way_it_says_that_nothing_is_lost(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(knowledge_commands, "_reindexed", stop)
    outcome = run(*REINDEX, "--yes")
    assert (outcome.code, outcome.err.splitlines()[-1]) == (1, say("cli.reindex_stopped"))


def test_a_running_askwell_is_told(run: Run, folder: Path) -> None:
    app = build(Settings())
    try:
        assert app.retrieval.embedder == "wordllama"
        assert run(*REINDEX, "--yes").out.splitlines()[0] == say("cli.reindex_handed_over")
        assert app.retrieval.search.search("how do I compare supplier quotes").hits
        app.retrieval.wait()
        assert app.retrieval.embedder == "openai"
        assert app.retrieval.search.search("how do I compare supplier quotes").hits
    finally:
        app.close()


def test_the_vendors_key_goes_to_the_vendor_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-vendor")
    monkeypatch.setenv("ASKWELL_EMBEDDING_API_KEY", "")
    assert Settings().endpoint.api_key == ""
    monkeypatch.setenv("ASKWELL_EMBEDDING_BASE_URL", "")
    assert Settings().endpoint.api_key == "sk-vendor"
