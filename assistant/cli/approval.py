"""Approval of a brief in the terminal: show it, ask for what the checklist misses, show the recipients, send.

The approval carries the hash of the brief and the recipients that were shown, so exactly that is sent.
"""

from __future__ import annotations

from functools import partial

from assistant.cli.chat_session import ChatSession
from assistant.domain import stages as s
from assistant.domain.brief import Brief, Check, FieldName, approval_hash, checklist
from assistant.domain.request import Request
from assistant.services.conversing.status_text import say
from assistant.services.results import Refusal

BRIEF_FIELD = {"task": "question", "context": "background", "outcome": "success"}
"""Field names of the brief by slot names of the need, where they differ."""
ASKED_FOR: dict[str, FieldName] = {
    "one most pressing question": "question",
    "necessary background": "background",
    "what success looks like": "success",
}
"""The field that fulfils each checklist item. The last item, ready to note actions, is asked for before sending."""
SKIP_WORDS = ("skip", "later")
ONLY = "only"
APPROVE = "approve"


class Approval:
    """Leads through the approval of the brief of one conversation."""

    def __init__(self, chat: ChatSession) -> None:
        self._chat = chat
        self._shown: tuple[Brief, tuple[str, ...]] | None = None

    def follow(self, stage: s.Briefing) -> None:
        """Shows the brief if it is new or changed, then continues with the checklist."""
        if (stage.draft, stage.recipients) != self._shown:
            self._show(stage)
            self.check()

    def begin(self) -> None:
        """Handles the word "approve": first missing checklist items, then readiness to note actions, then the confirmation."""
        stage = self._stage()
        if stage is None:
            return
        if any(check.name in ASKED_FOR for check in _failed(stage)):
            self.check()
        elif stage.draft.ready_to_note:
            self._confirm()
        else:
            self._chat.ask_yes(say("cli.ready_to_note"), self._ready, partial(self._not_sent, "cli.not_ready"))

    def check(self) -> None:
        """Asks for the next missing checklist item, or says how to approve."""
        stage = self._stage()
        if stage is None:
            return
        missing = next((check for check in _failed(stage) if check.name in ASKED_FOR), None)
        if missing is None:
            self._chat.screen.askwell(say("cli.approve_how"))
            return
        person = self._name(stage.recipients[0])
        how = say("cli.check_question") if ASKED_FOR[missing.name] == "question" else say("cli.check_field", name=person)
        self._chat.ask(f"{missing.hint} {how}", partial(self._fill, missing))

    def _fill(self, check: Check, text: str) -> None:
        """Handles the answer to a checklist item: the mentee's text, "in person", or a word to skip it."""
        if text.casefold() in SKIP_WORDS:
            self._chat.screen.quiet(say("cli.later"))
            return
        if text.casefold() == APPROVE:
            self.check()
            return
        field, app, actor = ASKED_FOR[check.name], self._chat.context.app, self._chat.context.actor
        outcome: Request | Refusal
        if not text:
            outcome = Refusal("empty", say("refuse.empty"))
        elif text.casefold().rstrip(".") == say("cli.in_person"):
            outcome = app.services.briefing.in_person(actor, self._chat.request.id, field)
        else:
            outcome = app.services.briefing.edit(actor, self._chat.request.id, field, text)
        if self._chat.changed(outcome):
            self._remember_shown()
        self.check()

    def _ready(self) -> None:
        chat = self._chat
        if chat.changed(chat.context.app.services.briefing.ready_to_note(chat.context.actor, chat.request.id)):
            self._confirm()

    def _confirm(self) -> None:
        """Shows the brief and its recipients, and asks whether to send exactly that."""
        stage = self._stage()
        if stage is None:
            return
        self._show(stage)
        key = "cli.send_or_only" if len(stage.recipients) > 1 else "cli.send"
        seen = approval_hash(stage.draft, stage.recipients)
        self._chat.ask(say(key, name=self._name(stage.recipients[0])), partial(self._decide, stage, seen))

    def _decide(self, stage: s.Briefing, seen: str, text: str) -> None:
        chat, word = self._chat, text.casefold()
        app, actor = chat.context.app, chat.context.actor
        if word == ONLY and len(stage.recipients) > 1:
            if chat.changed(app.services.briefing.only_to(actor, chat.request.id, stage.recipients[:1])):
                self._confirm()
        elif word not in ("y", "yes"):
            self._not_sent("cli.not_sent")
        elif chat.changed(app.services.briefing.approve(actor, chat.request.id, seen)):
            chat.screen.askwell(say("cli.receipt"))
            chat.next_step(always=True)
        else:
            chat.screen.quiet(say("cli.approve_again"))

    def _show(self, stage: s.Briefing) -> None:
        self._chat.screen.brief(stage.draft, self._name(stage.recipients[0]))
        reasons = [stage.draft.reason_for(mentor) for mentor in stage.recipients]
        self._chat.screen.recipients([self._name(mentor) for mentor in stage.recipients], reasons)
        self._remember_shown()

    def _remember_shown(self) -> None:
        stage = self._chat.request.stage
        self._shown = (stage.draft, stage.recipients) if isinstance(stage, s.Briefing) else None

    def _not_sent(self, key: str) -> None:
        self._chat.screen.askwell(say(key))

    def _stage(self) -> s.Briefing | None:
        """Reads the stage again, since another process may have changed it. Shows the next step if it is not Briefing."""
        chat = self._chat
        if not chat.changed(chat.context.app.services.request_views.read(chat.context.actor, chat.request.id)):
            return None
        if isinstance(chat.request.stage, s.Briefing):
            return chat.request.stage
        chat.next_step(always=True)
        return None

    def _name(self, mentor: str) -> str:
        return self._chat.context.mentor_name(mentor)


def _failed(stage: s.Briefing) -> list[Check]:
    return [check for check in checklist(stage.draft) if not check.passed]
