"""`askwell thanks` and `askwell article`: write a draft to standard output or a file, and a hint to standard error."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.cli.command_context import acting, granted
from assistant.cli.files import write_output
from assistant.services.conversing.status_text import provenance_text, say
from assistant.services.handing_over.closing_drafts import ClosingDraft


def thanks(login: str | None, request_id: str) -> None:
    with acting(login) as context:
        _write_draft(
            granted(context.app.services.closing_drafts.thanks(context.actor, request_id)),
            None,
            say("closing_drafts.thanks_help"),
        )


def article(login: str | None, request_id: str, out: Path | None) -> None:
    with acting(login) as context:
        _write_draft(
            granted(context.app.services.closing_drafts.article(context.actor, request_id)),
            out,
            say("closing_drafts.article_help"),
        )


def _write_draft(draft: ClosingDraft, out: Path | None, hint: str) -> None:
    """Writes the draft; the hint and the provenance go to standard error."""
    write_output(f"{draft.text.rstrip()}\n".encode(), out)
    for sentence in filter(None, [hint, provenance_text(draft.provenance)]):
        print(sentence, file=sys.stderr)
