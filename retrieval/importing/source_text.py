"""Reads the text of source files, with limits on size: UTF-8 with or without a byte order mark, or UTF-16 with one."""

from __future__ import annotations

import io
import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from prompts.catalog import text
from retrieval.errors import BadSource

LONGEST_LINE = 1_000_000
"""Characters of one line of a list."""
MOST_LINES = 2_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def whole_text(path: Path, limit: int, advice: str) -> str:
    """The text of a file with unified line ends, in Unicode NFC. Raises BadSource."""
    return unicodedata.normalize("NFC", "".join(_unified(line) for line in lines_of(path, limit, advice)))


def lines_of(path: Path, limit: int, advice: str) -> Iterator[str]:
    """The lines of a file with their ends, read one at a time. Raises BadSource at the first line that is not text."""
    try:
        with _opened(path, limit, advice) as source:
            number = 0
            while line := source.readline(LONGEST_LINE + 1):
                number += 1
                _check(path, line, number)
                yield line
    except UnicodeDecodeError as error:
        raise BadSource(path, text("source.broken_unicode")) from error
    except OSError as error:
        raise BadSource(path, text("source.unreadable")) from error


def is_storable(value: str) -> bool:
    """Whether a text can be stored: it has no NUL and no lone surrogate."""
    return _UNSTORABLE.search(value) is None


def _opened(path: Path, limit: int, advice: str) -> IO[str]:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise BadSource(path, text("source.no_file"))
    if found.st_size > limit:
        raise BadSource(path, text("source.too_large", size=f"{found.st_size:,}", limit=f"{limit:,}", advice=advice))
    binary = path.open("rb")
    if binary.read(2) in _UTF16:
        binary.seek(0)
        return io.TextIOWrapper(binary, "utf-16", newline="")
    binary.seek(0)
    return io.TextIOWrapper(binary, "utf-8-sig", errors="surrogateescape", newline="")


def _check(path: Path, line: str, number: int) -> None:
    if number > MOST_LINES:
        raise BadSource(path, text("source.many_lines", limit=f"{MOST_LINES:,}"), number)
    if len(line) > LONGEST_LINE:
        raise BadSource(path, text("source.long_line", limit=f"{LONGEST_LINE:,}"), number)
    if _NOT_UTF8.search(line):
        raise BadSource(path, text("source.encoding"), number)
    if "\x00" in line:
        raise BadSource(path, text("source.nul"), number)


def _unified(line: str) -> str:
    return line.rstrip("\r\n") + "\n" if line.endswith(("\r", "\n")) else line
