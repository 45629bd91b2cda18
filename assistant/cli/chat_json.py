"""The conversation for programs: reads one message per line and writes one JSON object per line, in the same order.

A line is plain text, a JSON string, or an object with `text` and optionally `message_id`; a repeated id is the same turn.
The line "/new" begins another request and has no answer. The first valid message opens the request.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, TextIO
from uuid import uuid4

from assistant.cli.command_context import CommandContext, going_on, granted
from assistant.cli.reply_json import ReplyJson, answer_json, refusal_json
from assistant.domain.reply import Reply
from assistant.domain.request import Request
from assistant.services.conversing.message_text import refused_text
from assistant.services.conversing.status_text import say
from assistant.services.results import Refusal

NEW = "/new"
LONGEST_LINE = 200_000
LONGEST_ID = 200


@dataclass(frozen=True)
class Message:
    id: str
    text: str


def talk(context: CommandContext, request_id: str | None, source: BinaryIO, out: TextIO) -> None:
    """Answers every line of `source` (UTF-8) on `out`. Raises Refused if there is no request `request_id`."""
    current = _resumed(context, request_id) if request_id else Request("")
    for line in _lines(source):
        if line.strip() == NEW:
            current = Request("")
            continue
        current, reply = _safely_answered(context, current, _message(line))
        out.write(json.dumps(reply, ensure_ascii=False) + "\n")
        out.flush()


def _resumed(context: CommandContext, request_id: str) -> Request:
    """The request, after an interrupted turn is answered."""
    request = granted(context.app.services.request_views.read(context.actor, request_id))
    return granted(context.app.services.conversation.settle(request.id, delayed=True)) if request.pending else request


def _safely_answered(context: CommandContext, current: Request, message: Message | Refusal) -> tuple[Request, ReplyJson]:
    """Refuses only this message if the store is not available."""

    def refused(sentence: str) -> tuple[Request, ReplyJson]:
        return current, _refused(context, current, Refusal("storage", sentence))

    return going_on(lambda: _answered(context, current, message), refused)


def _answered(context: CommandContext, current: Request, message: Message | Refusal) -> tuple[Request, ReplyJson]:
    """The request after the message, and the JSON object to write."""
    if isinstance(message, Refusal):
        return current, _refused(context, current, message)
    if not current.id:
        opened = refused_text(message.text) or context.app.services.conversation.open(context.actor)
        if isinstance(opened, Refusal):
            return current, _refused(context, current, opened)
        current = opened
    answer = context.app.services.conversation.say(context.actor, current.id, message.id, message.text)
    if isinstance(answer, Refusal):
        now = context.app.services.request_views.read(context.actor, current.id)
        current = current if isinstance(now, Refusal) else now
        return current, _refused(context, current, answer)
    reply = answer.reply_to(message.id) or Reply((), context.app.services.request_views.silence(answer))
    return answer, answer_json(answer, reply, context.app.services.request_views.next_step(answer, context.actor))


def _refused(context: CommandContext, request: Request, refusal: Refusal) -> ReplyJson:
    return refusal_json(request, refusal, context.app.services.request_views.next_step(request, context.actor))


def _message(line: str) -> Message | Refusal:
    """The message of a line; refuses an object without text or with an invalid id."""
    try:
        value = json.loads(line) if line.lstrip()[:1] in ('"', "{") else line
    except (ValueError, RecursionError):
        value = line
    if isinstance(value, str):
        return Message(uuid4().hex, value)
    text, given = value.get("text"), value.get("message_id", "")
    if not isinstance(text, str) or not isinstance(given, str) or len(given) > LONGEST_ID or not given.isprintable():
        return Refusal("bad_line", say("cli.bad_line"))
    return Message(given or uuid4().hex, text)


def _lines(source: BinaryIO) -> Iterator[str]:
    """Lines without line ends; invalid UTF-8 is replaced, and a line is cut at LONGEST_LINE bytes (and then refused)."""
    while raw := source.readline(LONGEST_LINE):
        whole = raw
        while not whole.endswith(b"\n") and len(whole) == LONGEST_LINE:
            whole = source.readline(LONGEST_LINE) or b"\n"
        yield raw.decode("utf-8", "replace").rstrip("\r\n")
