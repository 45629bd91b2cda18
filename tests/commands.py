"""One command of `askwell` in this process: what it leaves behind on both outputs, and its exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

import pytest

from assistant.cli import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


def outcome_of(
    arguments: tuple[str, ...], keyboard: TextIO, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Outcome:
    """Runs the command with this standard input; never a traceback."""
    monkeypatch.setattr(sys, "stdin", keyboard)
    capfd.readouterr()
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    out, err = capfd.readouterr()
    code = leaving.value.code
    assert isinstance(code, int) or code is None
    assert "Traceback" not in out + err
    return Outcome(code or 0, out, err)
