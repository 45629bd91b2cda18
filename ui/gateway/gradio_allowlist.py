"""Allowlist in front of Gradio: passes only the requests that the pages need, and adds the CSP nonce to Gradio's HTML.

Gradio also serves uploads, a proxy, recordings, a second API and its own documentation; all of that answers 404.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.services.conversing.status_text import say
from ui.gateway.gradio_markup import rewrite_page
from ui.gateway.gradio_sessions import in_own_session
from ui.gateway.refusals import refusal
from ui.gateway.request_actor import FindActor, signed_in_actor

_FILES = re.compile(r"/assets/.+|/static/(?:js|img|fonts)/.+|/theme\.css|/favicon\.ico")
_GET = re.compile(r"/gradio_api/(?:app_id|queue/data|heartbeat/\w{1,64})")
_POST = re.compile(r"/gradio_api/(?:queue/join|cancel|reset)")
_UNCHECKED_BY_GRADIO = re.compile(r"/gradio_api/(?:heartbeat/.*|cancel|reset)")
_SESSION = re.compile(r"/gradio_api/(?:queue/(?:join|data)|cancel|heartbeat/.*)")


def add_gradio_allowlist(app: FastAPI, pages: Collection[str], find_actor: FindActor, handlers: int = 10_000) -> None:
    """Wraps the app mounted at "/", which has this many event handlers. Raises ValueError if none is mounted."""
    mounted = [route for route in app.routes if isinstance(route, Mount) and not route.path]
    if not mounted:
        raise ValueError('mount Gradio at "/" first')
    for mount in mounted:
        mount.app = GradioAllowlist(mount.app, pages, find_actor, handlers)


class GradioAllowlist:
    """ASGI middleware: 404 for every path not listed above, 401 without a sign-in where Gradio itself does not check."""

    def __init__(self, app: ASGIApp, pages: Collection[str], find_actor: FindActor, handlers: int = 10_000) -> None:
        self._app, self._pages, self._find_actor, self._handlers = app, frozenset(pages), find_actor, handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        if not self._is_allowed(scope["method"], path):
            await refusal(scope, 404, say("http_error.nothing_here"))(scope, receive, send)
        elif _SESSION.fullmatch(path) or _UNCHECKED_BY_GRADIO.fullmatch(path):
            await self._signed_in(scope, receive, send, path)
        elif path in self._pages:
            await self._page(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _signed_in(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        actor = await signed_in_actor(self._find_actor, scope)
        if actor is None:
            await refusal(scope, 401, say("http_error.signed_out"))(scope, receive, send)
        elif not _SESSION.fullmatch(path):
            await self._app(scope, receive, send)
        elif own := await in_own_session(scope, receive, actor.id, self._handlers):
            await self._app(own.scope, own.receive, send)
        else:
            await refusal(scope, 400, say("refuse.no_act"))(scope, receive, send)

    def _is_allowed(self, method: str, path: str) -> bool:
        if method == "POST":
            return bool(_POST.fullmatch(path))
        if method == "HEAD":
            return path in self._pages or bool(_FILES.fullmatch(path))
        return method == "GET" and (path in self._pages or bool(_FILES.fullmatch(path) or _GET.fullmatch(path)))

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Buffers an HTML answer, then sends it with the nonce on its scripts."""
        first: Message | None = None
        body = bytearray()

        async def buffered(message: Message) -> None:
            nonlocal first
            if message["type"] == "http.response.start" and _is_html(message):
                first = message
                return
            if first is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                page = rewrite_page(body.decode(), scope["state"]["nonce"]).encode() if body else b""
                if page:
                    MutableHeaders(raw=first["headers"])["content-length"] = str(len(page))
                await send(first)
                await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, buffered)


def _is_html(message: Message) -> bool:
    return MutableHeaders(raw=message["headers"]).get("content-type", "").startswith("text/html")
