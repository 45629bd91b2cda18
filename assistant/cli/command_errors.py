"""Turns every exception of a command into one sentence on standard error and an exit code, never a traceback.

Expected errors have their own sentence. Bugs go to the log file as exception types and code locations; their messages may
quote what people wrote, so they are not logged.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from typing import NoReturn

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


class Refused(Exception):
    """The command was refused; `str()` is the sentence for the person. Exit code 1."""


class NotPossible(Exception):
    """Wrong arguments or settings; `str()` says what to do. Exit code 2."""


def guarded(run: Callable[[], object]) -> NoReturn:
    """Runs, then exits the process; every exception becomes a sentence and an exit code."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        run()
    except Exception as error:  # the one place where a bug becomes a sentence
        sentence, code = explained(error)
        print(sentence, file=sys.stderr, flush=True)
        sys.exit(code)
    sys.exit(0)


def explained(error: Exception) -> tuple[str, int]:
    """The sentence for a person and the exit code."""
    if isinstance(error, NotPossible):
        return str(error), 2
    return expected(error) or unexpected(error), 1


def expected(error: Exception) -> str:
    """The sentence for a refusal, an unavailable store or unreadable content; empty for anything else."""
    from assistant.adapters.people_csv import BadPeople
    from assistant.adapters.toml_organisation import BadOrganisation
    from assistant.ports import StoreUnavailable
    from prompts.catalog import text
    from retrieval.errors import RetrievalError

    if isinstance(error, Refused | RetrievalError | BadOrganisation | BadPeople):
        return str(error)
    no_room = isinstance(error, OSError) and error.errno in NO_ROOM
    return text("refuse.storage") if no_room or isinstance(error, StoreUnavailable) else ""


def unexpected(error: Exception) -> str:
    """Logs a bug and returns the sentence for the person."""
    from assistant.logs import file_in_use, note_bug
    from prompts.catalog import text

    note_bug(error)
    place = file_in_use()
    return text("cli.unexpected", log=place) if place else text("cli.unexpected_early")
