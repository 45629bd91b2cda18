"""`askwell chat`: reads lines from a terminal, with line editing and history, until the person leaves."""

from __future__ import annotations

import select
import sys
from contextlib import suppress

from assistant.cli.chat import Chat
from assistant.cli.chat_json import talk
from assistant.cli.command_context import acting, going_on
from assistant.cli.screen import Screen
from assistant.services.conversing.status_text import say


def run(login: str | None, request_id: str | None, as_json: bool) -> None:
    """A new or continued conversation of `login`, for a person or (`as_json`) for a program."""
    with acting(login, sample=True) as context:
        if as_json:
            sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
            talk(context, request_id, sys.stdin.buffer, sys.stdout)
            return
        chat = Chat(context, Screen(context.actor.time_zone))
        chat.begin(request_id)
        try:
            with suppress(EOFError, KeyboardInterrupt):
                _converse(chat)
        finally:
            print()
            if chat.request.id:
                print(say("cli.kept_request", request=chat.request.id))


def _converse(chat: Chat) -> None:
    _enable_line_editing()
    while _take(chat, _pasted(input(say("cli.prompt") + " "))):
        pass


def _take(chat: Chat, line: str) -> bool:
    """Returns False when the person leaves. If the store is unavailable, says so and continues."""

    def failed(sentence: str) -> bool:
        chat.screen.askwell(sentence)
        return True

    return going_on(lambda: chat.take(line), failed)


def _pasted(line: str) -> str:
    """Joins lines that are pasted at once into one message."""
    lines = [line]
    while sys.stdin.isatty() and select.select([sys.stdin], [], [], 0)[0]:
        try:
            lines.append(input())
        except EOFError:
            break
    return "\n".join(lines)


def _enable_line_editing() -> None:
    """Arrow keys and history, if the system has readline."""
    with suppress(ImportError):
        import readline

        readline.set_history_length(200)
