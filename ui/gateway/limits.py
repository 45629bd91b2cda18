"""Middleware that limits the size of bodies, refuses changes from other sites, and limits open event streams."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.services.conversing.status_text import say
from ui.gateway.refusals import refusal
from ui.gateway.request_actor import FindActor, address, signed_in_actor

_SAFE = ("GET", "HEAD", "OPTIONS")
_STREAM = re.compile(r"(/live|/gradio_api/queue/data)|(/gradio_api/heartbeat)/.+")


class BodyLimit:
    """ASGI middleware: 413 for a body over `limit` bytes, by its Content-Length or as soon as more bytes are received."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _content_length(scope) > self._limit:
            await _too_large(scope, receive, send)
        else:
            await self._counted(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts bytes. Over the limit the app receives a disconnect, and the client receives only the 413."""
        size, started, refused = 0, False, False

        async def counting() -> Message:
            nonlocal size, refused
            message = await receive()
            size += len(message.get("body", b""))
            if size <= self._limit:
                return message
            first, refused = not refused, True
            if first and not started:
                await _too_large(scope, receive, send)
            return {"type": "http.disconnect"}

        async def sending(message: Message) -> None:
            nonlocal started
            if not refused:
                started = True
                await send(message)

        try:
            await self._app(scope, counting, sending)
        except Exception:
            if not refused:
                raise


class SameOrigin:
    """ASGI middleware: 403 for a change requested by another site. Programs send neither Origin nor Sec-Fetch-Site."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app, self._public = app, _host(urlsplit(public_url).netloc)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _SAFE or self._is_ours(Headers(scope=scope)):
            await self._app(scope, receive, send)
        else:
            await refusal(scope, 403, say("http_error.other_site"))(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        source = headers.get("origin") or headers.get("referer")
        if source is None:
            return "sec-fetch-site" not in headers
        return _host(_netloc(source)) in {self._public, _host(headers.get("host", ""))} - {""}


class StreamLimit:
    """ASGI middleware: 429 if a person (or an address, without a sign-in) has `limit` event streams of one kind open.

    Each kind is counted separately, so that streams of live updates cannot use up those of Gradio's queue.
    """

    def __init__(self, app: ASGIApp, find_actor: FindActor, limit: int) -> None:
        self._app, self._find_actor, self._limit = app, find_actor, limit
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = _kind(scope)
        if not kind:
            await self._app(scope, receive, send)
            return
        actor = await signed_in_actor(self._find_actor, scope)
        holder = f"{kind} of login {actor.id}" if actor else f"{kind} of address {address(scope)}"
        if self._open[holder] >= self._limit:
            await refusal(scope, 429, say("http_error.many_streams"), **{"retry-after": "30"})(scope, receive, send)
            return
        self._open[holder] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[holder] -= 1
            if not self._open[holder]:
                del self._open[holder]


def _kind(scope: Scope) -> str:
    """The kind of event stream that is requested; "" for any other request."""
    path = scope["path"].removeprefix(scope.get("root_path", "")) if scope["type"] == "http" else ""
    found = _STREAM.fullmatch(path)
    return (found[1] or found[2]) if found else ""


def _content_length(scope: Scope) -> int:
    """The Content-Length, or 0 if it is missing or malformed; the bytes are counted anyway."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    await refusal(scope, 413, say("http_error.too_large"), connection="close")(scope, receive, send)


def _netloc(source: str) -> str:
    try:
        return urlsplit(source).netloc
    except ValueError:
        return ""


def _host(netloc: str) -> str:
    """Host and port in lower case, without the default ports 80 and 443."""
    return re.sub(r":(?:80|443)$", "", netloc.rpartition("@")[2].lower())
