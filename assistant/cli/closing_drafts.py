"""`askwell thanks` and `askwell article`: a draft on standard output or in a file, and beside it what to do with it."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.cli.command_context import acting, granted
from assistant.cli.files import put
from assistant.services.conversing.status_text import provenance_text, say
from assistant.services.handing_over.closing_drafts import ClosingDraft


def thanks(login: str | None, request_id: str) -> None:
    with acting(login) as context:
        _give(
            granted(context.app.services.closing_drafts.thanks(context.actor, request_id)),
            None,
            say("closing_drafts.thanks_help"),
        )


def article(login: str | None, request_id: str, out: Path | None) -> None:
    with acting(login) as context:
        _give(
            granted(context.app.services.closing_drafts.article(context.actor, request_id)),
            out,
            say("closing_drafts.article_help"),
        )


def _give(draft: ClosingDraft, out: Path | None, help: str) -> None:
    """The draft alone goes out; what is said about it is on standard error."""
    put(f"{draft.text.rstrip()}\n".encode(), out)
    for sentence in filter(None, [help, provenance_text(draft.provenance)]):
        print(sentence, file=sys.stderr)
