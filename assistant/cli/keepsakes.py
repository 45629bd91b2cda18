"""`askwell thanks` and `askwell article`: a draft on standard output or in a file, and beside it what to do with it."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.cli.desk import acting, granted
from assistant.cli.files import put
from assistant.services.keepsakes import Keepsake
from assistant.services.wording import say, way


def thanks(login: str | None, request_id: str) -> None:
    with acting(login) as desk:
        _give(granted(desk.app.keepsakes.thanks(desk.actor, request_id)), None, say("keepsake.thanks_help"))


def article(login: str | None, request_id: str, out: Path | None) -> None:
    with acting(login) as desk:
        _give(granted(desk.app.keepsakes.article(desk.actor, request_id)), out, say("keepsake.article_help"))


def _give(draft: Keepsake, out: Path | None, help: str) -> None:
    """The draft alone goes out; what is said about it is on standard error."""
    put(f"{draft.text.rstrip()}\n".encode(), out)
    for sentence in filter(None, [help, way(draft.provenance)]):
        print(sentence, file=sys.stderr)
