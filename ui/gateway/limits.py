"""Three limits before anything is read: how large a body is, where an order comes from, how many streams of a kind are open."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.services.conversing.status_text import say
from ui.gateway.refusals import refusal
from ui.gateway.request_actor import Who, address, asking

_SAFE = ("GET", "HEAD", "OPTIONS")
_STREAM = re.compile(r"(/live|/gradio_api/queue/data)|(/gradio_api/heartbeat)/.+")


class BodyLimit:
    """ASGI middleware: 413 for a body of more than `limit` bytes, by its announced length or as soon as they have come."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _announced(scope) > self._limit:
            await _too_large(scope, receive, send)
        else:
            await self._counted(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The app sees a client that went away when the limit is passed; the client sees our answer and nothing else."""
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
    """ASGI middleware: 403 for a change that another site asks for. Programs send no Origin and no Sec-Fetch-Site."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app, self._public = app, _host(urlsplit(public_url).netloc)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _SAFE or self._is_ours(Headers(scope=scope)):
            await self._app(scope, receive, send)
        else:
            await refusal(scope, 403, say("shell.other_site"))(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        source = headers.get("origin") or headers.get("referer")
        if source is None:
            return "sec-fetch-site" not in headers
        return _host(_netloc(source)) in {self._public, _host(headers.get("host", ""))} - {""}


class StreamLimit:
    """ASGI middleware: 429 when a person (or, without a sign-in, an address) already holds `limit` event streams of this kind.

    Each kind is counted for itself: pages that only listen leave room for what is sent.
    """

    def __init__(self, app: ASGIApp, who: Who, limit: int) -> None:
        self._app, self._who, self._limit = app, who, limit
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = _kind(scope)
        if not kind:
            await self._app(scope, receive, send)
            return
        actor = await asking(self._who, scope)
        holder = f"{kind} of login {actor.id}" if actor else f"{kind} of address {address(scope)}"
        if self._open[holder] >= self._limit:
            await refusal(scope, 429, say("shell.many_streams"), **{"retry-after": "30"})(scope, receive, send)
            return
        self._open[holder] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[holder] -= 1
            if not self._open[holder]:
                del self._open[holder]


def _kind(scope: Scope) -> str:
    """The kind of event stream that is asked for; "" for anything else."""
    path = scope["path"].removeprefix(scope.get("root_path", "")) if scope["type"] == "http" else ""
    found = _STREAM.fullmatch(path)
    return (found[1] or found[2]) if found else ""


def _announced(scope: Scope) -> int:
    """The Content-Length, or 0 when there is none or it is no number: then the bytes are counted."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    await refusal(scope, 413, say("shell.too_large"), connection="close")(scope, receive, send)


def _netloc(source: str) -> str:
    try:
        return urlsplit(source).netloc
    except ValueError:
        return ""


def _host(netloc: str) -> str:
    """Host and port in lower case, without a port that goes without saying."""
    return re.sub(r":(?:80|443)$", "", netloc.rpartition("@")[2].lower())
