"""Redirects a visitor without a sign-in from a page to the sign-in page, and back afterwards."""

from __future__ import annotations

from collections.abc import Collection

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.ports import StoreUnavailable
from assistant.services.conversing.status_text import say
from ui.gateway.sign_in_cookie import SignInCookie
from ui.pages.plain_pages import message_page


class LoginRedirect:
    """ASGI middleware for GET and HEAD of the pages; other routes check the sign-in themselves."""

    def __init__(self, app: ASGIApp, cookie: SignInCookie, pages: Collection[str]) -> None:
        self._app, self._cookie, self._pages = app, cookie, frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"] in self._pages
        request = Request(scope) if is_page else None
        answer = await run_in_threadpool(self._redirect, request) if request else None
        await (answer or self._app)(scope, receive, send)

    def _redirect(self, request: Request) -> Response | None:
        """The answer instead of the page; None if the visitor is signed in."""
        try:
            return None if self._cookie.actor(request) else self._cookie.sign_in_redirect(request)
        except StoreUnavailable:
            return message_page(say("refuse.storage"), 503)
