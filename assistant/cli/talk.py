"""`askwell chat` at a terminal: reads lines, with a history that keeps what was refused, until the person leaves."""

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
    """The conversation of `login`, new or continued, for a person or (`as_json`) for a program."""
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
    _editing()
    while _taken(chat, _burst(input(say("cli.prompt") + " "))):
        pass


def _taken(chat: Chat, line: str) -> bool:
    """False when the person leaves; a store that cannot be used now is said, and the conversation goes on."""

    def told(sentence: str) -> bool:
        chat.screen.askwell(sentence)
        return True

    return going_on(lambda: chat.take(line), told)


def _burst(line: str) -> str:
    """What was pasted in several lines is one message."""
    lines = [line]
    while sys.stdin.isatty() and select.select([sys.stdin], [], [], 0)[0]:
        try:
            lines.append(input())
        except EOFError:
            break
    return "\n".join(lines)


def _editing() -> None:
    """Arrow keys and history, where the system has them."""
    with suppress(ImportError):
        import readline

        readline.set_history_length(200)
