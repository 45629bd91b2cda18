"""Before a page: whoever is not signed in goes to the sign-in page, and comes back to where they wanted to be."""

from __future__ import annotations

from collections.abc import Collection

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.cookie import Cookie


class Threshold:
    """ASGI middleware for GET of the pages; all else is judged where it is answered."""

    def __init__(self, app: ASGIApp, cookie: Cookie, pages: Collection[str]) -> None:
        self._app, self._cookie, self._pages = app, cookie, frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"] in self._pages
        request = Request(scope) if wanted else None
        if request and await run_in_threadpool(self._cookie.who, request) is None:
            await self._cookie.away(request)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
