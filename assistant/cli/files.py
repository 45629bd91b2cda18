"""Reads input from a file or standard input, and writes output to a file or standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.cli.command_errors import Refused
from assistant.services.conversing.status_text import say


def write_output(content: bytes, out: Path | None) -> None:
    """Writes to the file `out` and says so, or to standard output. Raises Refused if the file cannot be written."""
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Refused(say("cli.cannot_write", file=out)) from error
    print(say("cli.wrote", file=out))


def read_input(source: str, limit: int) -> str:
    """The text of a file, or of standard input for "-", cut after `limit` + 1 characters.

    Raises Refused if the file cannot be read as UTF-8.
    """
    try:
        if source == "-":
            return sys.stdin.buffer.read(4 * limit + 4).decode("utf-8", "replace")[: limit + 1]
        with Path(source).open(encoding="utf-8-sig") as opened:
            return opened.read(limit + 1)
    except (OSError, ValueError) as error:
        raise Refused(say("cli.cannot_read", file=source)) from error
