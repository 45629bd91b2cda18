"""Writes warnings and errors to a log file in the data folder, readable only by its owner.

Exceptions are logged as types and code locations without their messages, which may quote what people wrote.
"""

from __future__ import annotations

import logging
import os
import traceback
from contextlib import suppress
from copy import copy
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

NAME = "askwell.log"
SysExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _PrivateFile(logging.FileHandler):
    """Appends to a file of mode 0600; ignores errors of the disk."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return open(self.baseFilename, "a", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600))

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            super().emit(record)


class _WithoutMessages(logging.Formatter):
    """Formats an exception as types and code locations; its message may quote personal text."""

    def format(self, record: logging.LogRecord) -> str:
        own = copy(record)
        own.exc_text = None  # cached by another formatter, with the message
        return super().format(own)

    def formatException(self, ei: SysExcInfo) -> str:  # noqa: N802
        return _types_and_places(ei[1]) if ei[1] else ""


def start(folder: Path) -> None:
    """Sends warnings and errors of all loggers to `folder`/askwell.log, and nowhere else."""
    stop()
    handler = _PrivateFile(folder / NAME, delay=True)
    handler.setFormatter(_WithoutMessages("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)


def stop() -> None:
    root = logging.getLogger()
    for handler in _file_handlers():
        root.removeHandler(handler)
        handler.close()


def file_in_use() -> Path | None:
    return next((Path(handler.baseFilename) for handler in _file_handlers()), None)


def note_bug(error: BaseException) -> None:
    """Logs the types of an error and of its causes with their code locations, without the messages."""
    logging.getLogger("askwell").error("unexpected: %s", _types_and_places(error))


def _types_and_places(error: BaseException) -> str:
    chain: list[str] = []
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        places = (f"  {at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(now.__traceback__))
        chain.append("\n".join([f"{type(now).__module__}.{type(now).__qualname__}", *places]))
        now = now.__cause__ or now.__context__
    return "\ncaused by: ".join(chain)


def _file_handlers() -> list[_PrivateFile]:
    return [handler for handler in logging.getLogger().handlers if isinstance(handler, _PrivateFile)]
