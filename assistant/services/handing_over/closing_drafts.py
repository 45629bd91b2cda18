"""Drafts after a closed request: a thank-you note, and an article for the knowledge base.

They are returned to the person who asked; nothing is sent, published or stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from assistant.dialogue.language_io import ArticleDraft, SessionOutcome
from assistant.domain import stages as s
from assistant.domain.debrief import Debrief
from assistant.domain.provenance import Provenance
from assistant.domain.request import Request
from assistant.ports import AccountStore, Language, Languages
from assistant.services.accounts.access import Actor
from assistant.services.accounts.accounts import parties
from assistant.services.conversing.status_text import StatusText, say
from assistant.services.ledger import Ledger
from assistant.services.results import Refusal, refuse

LONGEST_ID = 60


@dataclass(frozen=True)
class ClosingDraft:
    """A draft to edit; for an article `file` suggests a file name."""

    text: str
    provenance: Provenance
    file: str = ""


class ClosingDrafts:
    def __init__(self, ledger: Ledger, languages: Languages, accounts: AccountStore, wording: StatusText) -> None:
        self._ledger, self._languages, self._accounts, self._wording = ledger, languages, accounts, wording

    def thanks(self, actor: Actor, request_id: str) -> ClosingDraft | Refusal:
        """A thank-you note from the mentee to the mentor of the session."""
        return self._drafted(actor, "draft.thanks", request_id, lambda language, outcome: (language.thanks(outcome), ""))

    def article(self, actor: Actor, request_id: str) -> ClosingDraft | Refusal:
        """An article as Markdown with front matter, without names, owner and review date; both must have agreed to the notes."""
        return self._drafted(actor, "draft.article", request_id, lambda language, outcome: _article(language.article(outcome)))

    def _drafted(
        self, actor: Actor, operation: str, request_id: str, word: Callable[[Language, SessionOutcome], tuple[str, str]]
    ) -> ClosingDraft | Refusal:
        request = self._ledger.read(actor, operation, request_id)
        if isinstance(request, Refusal):
            return request
        if not isinstance(request.stage, s.Closed):
            return refuse("not_closed")
        mentor, debrief = request.session_mentor, request.debrief
        if mentor is None or debrief is None:
            return refuse("no_notes")
        if operation == "draft.article" and not request.agreed:
            return refuse("not_agreed")
        language = self._languages.turn(actor.id, parties(self._accounts, request.mentee, mentor))
        text, file = word(language, self._outcome(request, mentor, debrief))
        return ClosingDraft(text, language.provenance, file)

    def _outcome(self, request: Request, mentor: str, debrief: Debrief) -> SessionOutcome:
        mentee = self._accounts.get(request.mentee)
        on = request.session_at.astimezone(ZoneInfo(request.time_zone)).date() if request.session_at else None
        name = mentee.name if mentee else request.mentee
        return SessionOutcome(request.last_question, name, self._wording.name(mentor), debrief.items, on)


def _article(lesson: ArticleDraft) -> tuple[str, str]:
    """The article with front matter, whose owner and review fields are empty, and its file name."""
    title = " ".join(lesson.title.split())
    name = "-".join(re.findall(r"[a-z0-9]+", title.casefold()))[:LONGEST_ID].strip("-") or "lesson"
    facts = {
        "id": name,
        "title": _quoted(title),
        "summary": _quoted(" ".join(lesson.summary.split())),
        "topics": "[]",
        "facets": "[]",
        "audience": "[mentee]",
        "owner": "",
        "reviewed_on": "",
        "review_every": "",
        "source": _quoted(say("lesson.source")),
    }
    head = "\n".join(f"{field}: {value}".rstrip() for field, value in facts.items())
    return f"---\n{head}\n---\n\n# {title}\n\n{lesson.body.strip()}\n", f"{name}.md"


def _quoted(text: str) -> str:
    """The text as a JSON string, which is valid YAML for any content."""
    return json.dumps(text, ensure_ascii=False)
