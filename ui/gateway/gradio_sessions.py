"""Ties sessions of Gradio's queue to a person by appending a hash of the login to the session name.

Gradio lets anybody who knows the name of a session join it and read its events. With the hash, the same name sent by another
person is another session. The body of an event is validated here too, because Gradio fails on a malformed one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.types import Message, Receive, Scope

_NAME = re.compile(r"[\w-]{1,64}")


@dataclass(frozen=True)
class GradioRequest:
    """A request as it is passed on to Gradio."""

    scope: Scope
    receive: Receive


async def in_own_session(scope: Scope, receive: Receive, login: str, handlers: int) -> GradioRequest | None:
    """The request with the session name of this person; None if it is malformed.

    `handlers` is the number of event handlers: an event names one by its index.
    """
    if scope["method"] == "POST":
        body = _own_body(await _read(receive), login, handlers)
        return GradioRequest(_with_length(scope, body), _replayed(body, receive)) if body else None
    if "/heartbeat/" in scope["path"]:
        path = _own_name(scope["path"], login)
        return GradioRequest({**scope, "path": path, "raw_path": path.encode()}, receive)
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    name = query.get("session_hash", "")
    if not _NAME.fullmatch(name):
        return None
    query["session_hash"] = _own_name(name, login)
    return GradioRequest({**scope, "query_string": urlencode(query).encode()}, receive)


def _own_name(name: str, login: str) -> str:
    return f"{name}_{hashlib.sha256(login.encode()).hexdigest()[:16]}"


def _own_body(body: bytes, login: str, handlers: int) -> bytes:
    """The JSON body with the person's own session name; empty if the body is malformed."""
    try:
        event = json.loads(body)
        if not isinstance(event, dict) or not _is_valid(event, handlers):
            return b""
        return json.dumps({**event, "session_hash": _own_name(event["session_hash"], login)}).encode()
    except (ValueError, RecursionError):
        return b""


def _is_valid(event: Mapping[str, Any], handlers: int) -> bool:
    name, number, data = event.get("session_hash"), event.get("fn_index"), event.get("data", [])
    has_name = isinstance(name, str) and bool(_NAME.fullmatch(name))
    return has_name and type(number) is int and 0 <= number < handlers and isinstance(data, list)


async def _read(receive: Receive) -> bytes:
    body, more = bytearray(), True
    while more:
        message = await receive()
        body.extend(message.get("body", b""))
        more = message.get("more_body", False)
    return bytes(body)


def _with_length(scope: Scope, body: bytes) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    return {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}


def _replayed(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again
