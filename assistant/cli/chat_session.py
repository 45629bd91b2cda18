"""The state of a conversation in the terminal, shared by the chat and the approval of a brief."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.cli.command_context import CommandContext
from assistant.cli.screen import Screen
from assistant.domain.reply import Reply
from assistant.domain.request import Request
from assistant.services.results import Refusal

YES = ("y", "yes")


@dataclass(frozen=True)
class PendingQuestion:
    """A question that the terminal itself asked; the next line that is not a command goes to `then`."""

    ask: str
    then: Callable[[str], None]


class ChatSession:
    """The request as last read, the last reply, and the question that waits for an answer."""

    def __init__(self, context: CommandContext, screen: Screen) -> None:
        self.context, self.screen = context, screen
        self.request = Request("")
        self.reply = Reply((), "")
        self.waiting: PendingQuestion | None = None
        self._step = ""

    def ask(self, question: str, then: Callable[[str], None]) -> None:
        """Asks the person something that the terminal itself needs; the next line goes to `then`."""
        self.screen.askwell(question)
        self.waiting = PendingQuestion(question, then)

    def ask_yes(self, question: str, yes: Callable[[], None], no: Callable[[], None]) -> None:
        self.ask(question, lambda text: yes() if text.casefold() in YES else no())

    def changed(self, outcome: Request | Refusal) -> bool:
        """Stores the request that a service returned; shows a refusal, which changes nothing, and returns False."""
        if isinstance(outcome, Refusal):
            self.screen.askwell(outcome.say)
            return False
        self.request = outcome
        return True

    def next_step(self, *, always: bool = False) -> None:
        """Shows the next step if it changed since it was last shown, or always."""
        step = self.context.app.services.request_views.next_step(self.request, self.context.actor)
        if always or step != self._step:
            self.screen.quiet(step)
        self._step = step
