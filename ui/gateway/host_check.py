"""Answers only requests for this server's own host names, against DNS rebinding."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.hosts import LOOPBACK, host_name, host_of
from assistant.services.conversing.status_text import say
from ui.gateway.refusals import refusal


class HostCheck:
    """ASGI middleware: 421 for a Host header that is not the public host, a loopback name or one of `more`, with any port."""

    def __init__(self, app: ASGIApp, public_url: str, more: Collection[str] = ()) -> None:
        self._app, self._public_url = app, public_url
        self._names = LOOPBACK | {host_of(public_url), *more} - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._is_ours(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            sentence = say("http_error.other_host", url=self._public_url)
            await refusal(scope, 421, sentence, start=self._public_url)(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        given = Headers(scope=scope).getlist("host")
        return bool(given) and all(host_name(host) in self._names for host in given)
