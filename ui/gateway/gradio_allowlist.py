"""The door before Gradio: it lets in what the pages need and nothing else, and fits Gradio's pages to our policy.

Gradio serves uploads, proxies, recordings, a second API and its own documentation beside the pages. None of that is reached.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.services.conversing.status_text import say
from ui.gateway.gradio_markup import fitted
from ui.gateway.gradio_sessions import marked
from ui.gateway.refusals import refusal
from ui.gateway.request_actor import Who, asking

_FILES = re.compile(r"/assets/.+|/static/(?:js|img|fonts)/.+|/theme\.css|/favicon\.ico")
_GET = re.compile(r"/gradio_api/(?:app_id|queue/data|heartbeat/\w{1,64})")
_POST = re.compile(r"/gradio_api/(?:queue/join|cancel|reset)")
_UNGUARDED = re.compile(r"/gradio_api/(?:heartbeat/.*|cancel|reset)")
_SESSION = re.compile(r"/gradio_api/(?:queue/(?:join|data)|cancel|heartbeat/.*)")


def stand_before_gradio(app: FastAPI, pages: Collection[str], who: Who, handlers: int = 10_000) -> None:
    """Puts the door before the app that is mounted at "/", which has so many handlers. Raises ValueError when there is none."""
    mounted = [route for route in app.routes if isinstance(route, Mount) and not route.path]
    if not mounted:
        raise ValueError('Gradio is to be mounted at "/" first')
    for mount in mounted:
        mount.app = GradioAllowlist(mount.app, pages, who, handlers)


class GradioAllowlist:
    """ASGI: 404 for all that is not listed above, 401 without a sign-in where Gradio itself does not ask for one."""

    def __init__(self, app: ASGIApp, pages: Collection[str], who: Who, handlers: int = 10_000) -> None:
        self._app, self._pages, self._who, self._handlers = app, frozenset(pages), who, handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        if not self._is_open(scope["method"], path):
            await refusal(scope, 404, say("shell.nothing_here"))(scope, receive, send)
        elif _SESSION.fullmatch(path) or _UNGUARDED.fullmatch(path):
            await self._of_a_person(scope, receive, send, path)
        elif path in self._pages:
            await self._page(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _of_a_person(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        actor = await asking(self._who, scope)
        if actor is None:
            await refusal(scope, 401, say("shell.signed_out"))(scope, receive, send)
        elif not _SESSION.fullmatch(path):
            await self._app(scope, receive, send)
        elif order := await marked(scope, receive, actor.id, self._handlers):
            await self._app(order.scope, order.receive, send)
        else:
            await refusal(scope, 400, say("refuse.no_act"))(scope, receive, send)

    def _is_open(self, method: str, path: str) -> bool:
        if method == "POST":
            return bool(_POST.fullmatch(path))
        if method == "HEAD":
            return path in self._pages or bool(_FILES.fullmatch(path))
        return method == "GET" and (path in self._pages or bool(_FILES.fullmatch(path) or _GET.fullmatch(path)))

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Holds an HTML answer back until it is whole, then sends it with the nonce in place."""
        first: Message | None = None
        body = bytearray()

        async def fit(message: Message) -> None:
            nonlocal first
            if message["type"] == "http.response.start" and _is_html(message):
                first = message
                return
            if first is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                page = fitted(body.decode(), scope["state"]["nonce"]).encode() if body else b""
                if page:
                    MutableHeaders(raw=first["headers"])["content-length"] = str(len(page))
                await send(first)
                await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, fit)


def _is_html(message: Message) -> bool:
    return MutableHeaders(raw=message["headers"]).get("content-type", "").startswith("text/html")
