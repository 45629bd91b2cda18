"""Text and bytes that go out of a command: to a file, or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.cli.command_errors import Refused
from assistant.services.conversing.status_text import say


def put(content: bytes, out: Path | None) -> None:
    """Write to `out` and say so, or to standard output as it is. Raises Refused when the file cannot be written."""
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


def taken(source: str, limit: int) -> str:
    """The text of a file, or of standard input for "-"; at most one character more than `limit` is read.

    Raises Refused when it cannot be read as UTF-8.
    """
    try:
        if source == "-":
            return sys.stdin.buffer.read(4 * limit + 4).decode("utf-8", "replace")[: limit + 1]
        with Path(source).open(encoding="utf-8-sig") as opened:
            return opened.read(limit + 1)
    except (OSError, ValueError) as error:
        raise Refused(say("cli.cannot_read", file=source)) from error
