"""How commands fail: one sentence, the right exit code, and a log without anybody's words."""

from __future__ import annotations

import errno
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import logs
from assistant.adapters.people_csv import BadPeople
from assistant.cli.command_errors import NotPossible, Refused, guarded
from assistant.ports import StoreUnavailable
from assistant.services.conversing.status_text import say
from retrieval.errors import BadSource, IndexLocked

SECRET = "what the mentee said about Karlsson"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    level = logging.getLogger().level
    logs.start(tmp_path / "data")
    yield tmp_path / "data" / logs.NAME
    logs.stop()
    logging.captureWarnings(False)
    logging.raiseExceptions = True
    logging.getLogger().setLevel(level)


def left(error: BaseException, capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    def fail() -> None:
        raise error

    with pytest.raises(SystemExit) as leaving:
        guarded(fail)
    out, err = capsys.readouterr()
    assert out == ""
    return leaving.value.code, err.strip()


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (Refused("No."), 1, "No."),
        (NotPossible("Say who."), 2, "Say who."),
        (StoreUnavailable("the disk is full"), 1, say("refuse.storage")),
        (OSError(errno.ENOSPC, "x"), 1, say("refuse.storage")),
        (PermissionError(errno.EACCES, "x"), 1, say("refuse.storage")),
        (BadPeople("people.csv, line 3: no."), 1, "people.csv, line 3: no."),
        (BadSource("a.csv", "It is broken.", 3), 1, "a.csv, line 3: It is broken."),
        (IndexLocked("x"), 1, str(IndexLocked("x"))),
    ],
)
def test_what_was_expected_has_its_sentence(
    error: Exception, code: int, sentence: str, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert left(error, capsys) == (code, sentence)
    assert not log.exists()


def test_a_bug_is_one_sentence_and_a_private_log_without_words(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as first:
            raise ValueError(f"about {SECRET}") from first
    except ValueError as error:
        code, sentence = left(error, capsys)
    assert code == 1
    assert sentence == say("cli.unexpected", log=log)
    kept = log.read_text("utf-8")
    assert "ValueError" in kept
    assert "KeyError" in kept
    assert "test_faults.py" in kept
    assert SECRET not in kept
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_bug_without_a_log_is_still_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert left(RuntimeError(SECRET), capsys) == (1, say("cli.unexpected_early"))


def test_a_log_that_cannot_be_written_disturbs_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    logs.start(tmp_path / "data")
    try:
        code, sentence = left(RuntimeError("x"), capsys)
    finally:
        logs.stop()
        logging.captureWarnings(False)
        logging.raiseExceptions = True
    assert code == 1
    assert "Traceback" not in sentence


def test_an_exit_passes(capsys: pytest.CaptureFixture[str]) -> None:
    def leave() -> None:
        raise SystemExit(2)

    with pytest.raises(SystemExit) as leaving:
        guarded(leave)
    assert leaving.value.code == 2
