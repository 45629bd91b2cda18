"""The conversation in the terminal: turns each typed line into a message, a choice or a command, and shows the result.

Makes no decisions: every line goes to a service, and sentences about the state come from the stored request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast, get_args
from uuid import uuid4

from assistant.cli.approval import APPROVE, BRIEF_FIELD, Approval
from assistant.cli.chat_session import ChatSession
from assistant.cli.command_context import CommandContext, granted
from assistant.cli.screen import Screen
from assistant.domain import stages as s
from assistant.domain.need import SlotName
from assistant.domain.reply import Reply
from assistant.domain.request import Request
from assistant.services.conversing.message_text import refused_text
from assistant.services.conversing.status_text import provenance_text, say
from assistant.services.results import Refusal

COMMANDS = ("edit", "status", "person", "solved", "skip", "why", "open", "withdraw", "new", "quit", "help")


class Chat(ChatSession):
    """One mentee's conversation: call `begin`, then `take` with each line until it returns False."""

    def __init__(self, context: CommandContext, screen: Screen) -> None:
        super().__init__(context, screen)
        self._approval = Approval(self)

    def begin(self, request_id: str | None = None) -> None:
        """Greets, or continues a request. Raises Refused if there is no such request."""
        if request_id is None:
            self.screen.askwell(say("greet.hello"))
            self.screen.quiet(say("cli.help_hint"))
            return
        self.request = granted(self.context.app.services.request_views.read(self.context.actor, request_id))
        if self.request.pending:
            self.request = granted(self.context.app.services.conversation.settle(request_id, delayed=True))
        if self.request.replies and isinstance(self.request.stage, s.Sharpening | s.Ready):
            self._show_reply(self.request.replies[-1])
        self.moved(self.request)

    def take(self, line: str) -> bool:
        """Handles one typed line. Returns False when the conversation is over."""
        text = line.strip()
        if text.startswith("/"):
            return self._command(text[1:])
        waiting, self.waiting = self.waiting, None
        if waiting:
            waiting.then(text)
        else:
            self._message(text)
        return True

    def moved(self, request: Request) -> None:
        """Shows the brief and the next step, each if it is new. Called after every change of the request."""
        self.request = request
        if isinstance(request.stage, s.Briefing):
            self._approval.follow(request.stage)
            return
        self.next_step()

    def say(self, text: str) -> None:
        """Sends a message of the mentee; the first valid one opens the request."""
        if not self.request.id:
            opened = refused_text(text) or self.context.app.services.conversation.open(self.context.actor)
            if not self.changed(opened):
                return
        message = uuid4().hex
        with self.screen.partial_answer() as on_partial:
            answer = self.context.app.services.conversation.say(self.context.actor, self.request.id, message, text, on_partial)
        if isinstance(answer, Refusal):
            self.screen.askwell(answer.say)
        else:
            self._show(answer, message)

    def _message(self, text: str) -> None:
        """Handles a line that is not a command: a keyword of the stage, the number of an option, or a message."""
        word, _, rest = text.partition(" ")
        proposed = isinstance(self.request.stage, s.Sharpening | s.Ready) and bool(self.request.question)
        if text.casefold() == "why?" and self.reply.why:
            self.screen.askwell(self.reply.why)
        elif proposed and text.casefold() == "confirm":
            self._confirm("")
        elif proposed and word.casefold() == "edit" and rest.strip():
            self._confirm(rest.strip())
        elif isinstance(self.request.stage, s.Briefing) and text.casefold() == APPROVE:
            self._approval.begin()
        else:
            self._option(text)

    def _option(self, text: str) -> None:
        """Sends the option with this number, or the text itself; "something else" asks for the mentee's own words."""
        options = self.reply.options
        if text.isdecimal() and len(text) < 3 and 1 <= int(text) <= len(options) > 1:
            text = options[int(text) - 1]
        if text.casefold() == say("ask.something_else") and text in options:
            self.ask(say("cli.own_words"), self.say)
        else:
            self.say(text)

    def _confirm(self, question: str) -> None:
        if self.changed(self.context.app.services.conversation.confirm(self.context.actor, self.request.id, question)):
            self.screen.askwell(say("confirmed.question"))
            self.moved(self.request)

    def _show(self, answered: Request, message: str) -> None:
        self.request = answered
        if reply := answered.reply_to(message):
            self._show_reply(reply)
        else:
            self.screen.askwell(self.context.app.services.request_views.silence(answered))
        self.moved(answered)

    def _show_reply(self, reply: Reply) -> None:
        self.reply = reply
        self.screen.reply(reply)
        if provenance_text(reply.provenance):
            self.screen.quiet(provenance_text(reply.provenance))

    def _command(self, text: str) -> bool:
        name, _, rest = text.partition(" ")
        if name == "quit":
            return False
        if name not in COMMANDS:
            self.screen.askwell(say("cli.no_command", commands=", ".join(f"/{known}" for known in COMMANDS)))
            return True
        if name in ("new", "help", "why", "open") or self.request.id:
            run: Callable[[str], None] = getattr(self, f"_do_{name}")
            run(rest.strip())
        else:
            self.screen.askwell(say("cli.nothing_yet"))
        if self.waiting and name in ("help", "why", "open", "status"):
            self.screen.askwell(self.waiting.ask)
        return True

    def _do_help(self, _: str) -> None:
        for name in COMMANDS:
            self.screen.quiet(say(f"cli.help_{name}"))

    def _do_why(self, _: str) -> None:
        self.screen.askwell(self.reply.why or say("cli.nothing_asked"))

    def _do_open(self, number: str) -> None:
        """Shows the whole article of a passage, with the quote marked."""
        citations = self.request.citations
        if not number.isdecimal() or len(number) > 2 or not 1 <= int(number) <= len(citations):
            self.screen.askwell(say("cli.no_passage", count=len(citations)) if citations else say("cli.no_passages"))
            return
        citation = citations[int(number) - 1]
        article = self.context.app.services.knowledge_service.article(self.context.actor, citation.article)
        if article is None or isinstance(article, Refusal):
            self.screen.askwell(article.say if article else say("cli.article_gone"))
        else:
            self.screen.article(article.title, article.text, citation.start, citation.end)

    def _do_status(self, _: str) -> None:
        """Shows the state of the request, read again from the store."""
        if not self.changed(self.context.app.services.request_views.read(self.context.actor, self.request.id)):
            return
        if self.request.question:
            self.screen.quiet(self.request.question)
        self.screen.need(self.request.need)
        self.screen.thread(self.request.thread, {self.context.actor.id: self.context.actor.name})
        self.next_step(always=True)

    def _do_edit(self, text: str) -> None:
        """Edits a slot of the need, or a field of the brief once there is one."""
        name, _, words = text.partition(" ")
        app, actor = self.context.app, self.context.actor
        if isinstance(self.request.stage, s.Briefing):
            outcome = app.services.briefing.edit(actor, self.request.id, BRIEF_FIELD.get(name, name), words.strip())
        elif name in get_args(SlotName):
            outcome = app.services.conversation.edit_slot(actor, self.request.id, cast("SlotName", name), words.strip())
        else:
            self.screen.askwell(say("cli.no_slot", slots=", ".join(get_args(SlotName))))
            return
        self.waiting = None
        if self.changed(outcome):
            if not isinstance(self.request.stage, s.Briefing):
                self.screen.need(self.request.need)
            self.moved(self.request)

    def _do_person(self, _: str) -> None:
        self.waiting = None
        self.say(say("cli.words_person"))

    def _do_skip(self, _: str) -> None:
        if self.waiting:
            self.waiting.then(say("ask.skip"))
        else:
            self.say(say("ask.skip"))

    def _do_solved(self, _: str) -> None:
        self.waiting = None
        if self.changed(self.context.app.services.conversation.solved(self.context.actor, self.request.id)):
            self.screen.askwell(say("closed.solved"))

    def _do_withdraw(self, _: str) -> None:
        def withdraw() -> None:
            if self.changed(self.context.app.services.handoff.withdraw(self.context.actor, self.request.id)):
                self.moved(self.request)

        self.ask_yes(say("cli.withdraw_sure"), withdraw, lambda: self.screen.quiet(say("cli.kept")))

    def _do_new(self, _: str) -> None:
        if self.request.id:
            self.screen.quiet(say("cli.kept_request", request=self.request.id))
        self.request, self.reply, self.waiting, self._step = Request(""), Reply((), ""), None, ""
        self._approval = Approval(self)
        self.screen.askwell(say("greet.hello"))
