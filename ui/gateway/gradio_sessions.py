"""Sessions of Gradio's queue belong to a person: the name that a browser gives to its own gets that person's mark.

Gradio lets whoever knows the name of a session join and hear it. With the mark, the same name of somebody else is another
session. What orders an event is looked at here too, because Gradio fails on what is no order.
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
class Order:
    """A request to Gradio, as Gradio is to get it."""

    scope: Scope
    receive: Receive


async def marked(scope: Scope, receive: Receive, login: str, handlers: int) -> Order | None:
    """The same request in the person's own session; None when it is not what Gradio's script sends.

    `handlers` is how many there are: an event names one of them by its number.
    """
    if scope["method"] == "POST":
        body = _ordered(await _read(receive), login, handlers)
        return Order(_sized(scope, body), _replayed(body, receive)) if body else None
    if "/heartbeat/" in scope["path"]:
        path = _own(scope["path"], login)
        return Order({**scope, "path": path, "raw_path": path.encode()}, receive)
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    name = query.get("session_hash", "")
    if not _NAME.fullmatch(name):
        return None
    query["session_hash"] = _own(name, login)
    return Order({**scope, "query_string": urlencode(query).encode()}, receive)


def _own(name: str, login: str) -> str:
    return f"{name}_{hashlib.sha256(login.encode()).hexdigest()[:16]}"


def _ordered(body: bytes, login: str, handlers: int) -> bytes:
    """The order in the person's own session; empty when it is none."""
    try:
        order = json.loads(body)
        if not isinstance(order, dict) or not _is_order(order, handlers):
            return b""
        return json.dumps({**order, "session_hash": _own(order["session_hash"], login)}).encode()
    except (ValueError, RecursionError):
        return b""


def _is_order(order: Mapping[str, Any], handlers: int) -> bool:
    name, number, data = order.get("session_hash"), order.get("fn_index"), order.get("data", [])
    named = isinstance(name, str) and bool(_NAME.fullmatch(name))
    return named and type(number) is int and 0 <= number < handlers and isinstance(data, list)


async def _read(receive: Receive) -> bytes:
    body, more = bytearray(), True
    while more:
        message = await receive()
        body.extend(message.get("body", b""))
        more = message.get("more_body", False)
    return bytes(body)


def _sized(scope: Scope, body: bytes) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    return {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}


def _replayed(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again
