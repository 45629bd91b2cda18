"""From a drafted brief to one that left, in the terminal: read it, fill what the checklist misses, see what goes to whom, send.

What is sent is what was shown: the approval carries the hash of exactly that brief and exactly those people.
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
"""The brief's name for what the need calls otherwise."""
ASKED_FOR: dict[str, FieldName] = {
    "one most pressing question": "question",
    "necessary background": "background",
    "what success looks like": "success",
}
"""The field that answers an item of the checklist; the last item, ready to note actions, is asked before sending."""
LATER = ("skip", "later")
ONLY = "only"
APPROVE = "approve"


class Approval:
    """What happens around the brief of one conversation."""

    def __init__(self, chat: ChatSession) -> None:
        self._chat = chat
        self._shown: tuple[Brief, tuple[str, ...]] | None = None

    def follow(self, stage: s.Briefing) -> None:
        """Show a brief that is new or changed by a message, then go on with the checklist."""
        if (stage.draft, stage.recipients) != self._shown:
            self._show(stage)
            self.check()

    def begin(self) -> None:
        """The word "approve": what the checklist misses first, then the mentee's readiness, then the last look."""
        stage = self._stage()
        if stage is None:
            return
        if any(check.name in ASKED_FOR for check in _failed(stage)):
            self.check()
        elif stage.draft.ready_to_note:
            self._last_look()
        else:
            self._chat.ask_yes(say("cli.ready_to_note"), self._ready, partial(self._not_sent, "cli.not_ready"))

    def check(self) -> None:
        """Ask for the next thing that the checklist misses, one at a time, or say how to approve."""
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
        """The answer to one item of the checklist, in the mentee's words, or that it will be said in person."""
        if text.casefold() in LATER:
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
            self._seen()
        self.check()

    def _ready(self) -> None:
        chat = self._chat
        if chat.changed(chat.context.app.services.briefing.ready_to_note(chat.context.actor, chat.request.id)):
            self._last_look()

    def _last_look(self) -> None:
        """Exactly what goes to whom, and one question."""
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
                self._last_look()
        elif word not in ("y", "yes"):
            self._not_sent("cli.not_sent")
        elif chat.changed(app.services.briefing.approve(actor, chat.request.id, seen)):
            chat.screen.askwell(say("cli.receipt"))
            chat.next_step(always=True)
        else:
            chat.screen.quiet(say("cli.approve_again"))

    def _show(self, stage: s.Briefing) -> None:
        self._chat.screen.brief(stage.draft, self._name(stage.recipients[0]))
        self._chat.screen.recipients([self._name(mentor) for mentor in stage.recipients])
        self._seen()

    def _seen(self) -> None:
        stage = self._chat.request.stage
        self._shown = (stage.draft, stage.recipients) if isinstance(stage, s.Briefing) else None

    def _not_sent(self, key: str) -> None:
        self._chat.screen.askwell(say(key))

    def _stage(self) -> s.Briefing | None:
        """The stage as the record has it now, as another process may have moved it."""
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
