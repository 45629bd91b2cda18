"""Before a page: whoever is not signed in goes to the sign-in page, and comes back to where they wanted to be."""

from __future__ import annotations

from collections.abc import Collection

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.ports import StoreUnavailable
from assistant.services.conversing.status_text import say
from ui.gateway.sign_in_cookie import SignInCookie
from ui.pages.plain_pages import message


class LoginRedirect:
    """ASGI middleware for GET of the pages; all else is judged where it is answered."""

    def __init__(self, app: ASGIApp, cookie: SignInCookie, pages: Collection[str]) -> None:
        self._app, self._cookie, self._pages = app, cookie, frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"] in self._pages
        request = Request(scope) if wanted else None
        answer = await run_in_threadpool(self._refused, request) if request else None
        await (answer or self._app)(scope, receive, send)

    def _refused(self, request: Request) -> Response | None:
        """What stands before the page; None for who may go on."""
        try:
            return None if self._cookie.who(request) else self._cookie.away(request)
        except StoreUnavailable:
            return message(say("refuse.storage"), 503)
