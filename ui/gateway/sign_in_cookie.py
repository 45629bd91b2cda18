"""Reads and sets the cookies of a sign-in and of a known browser; redirects to the sign-in page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from assistant.services.accounts.access import Actor

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.services.accounts.sign_in import SignInToken


KNOWN_BROWSER_SECONDS = 180 * 24 * 3600
ACTOR_CACHE_SECONDS = 1.0
_ACTOR = "askwell.actor"


class SignInCookie:
    """Both cookies are host-only and HttpOnly, and Secure if the public address is https."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._secure = urlsplit(app.settings.public_url).scheme == "https"
        self.name = "__Host-askwell" if self._secure else "askwell"
        self.browser_name = f"{self.name}-browser"

    def actor(self, request: Request) -> Actor | None:
        """The signed-in person, or None. Cached in the request for a second, because several layers ask."""
        cached: tuple[float, Actor | None] | None = request.scope.get(_ACTOR)
        if cached is None or time.monotonic() - cached[0] > ACTOR_CACHE_SECONDS:
            token = request.cookies.get(self.name, "")
            cached = time.monotonic(), self._app.sign_in_service.who(token) if token else None
            request.scope[_ACTOR] = cached
        return cached[1]

    def login(self, request: Request) -> str | None:
        """The login of the signed-in person, or None; Gradio's auth dependency."""
        actor = self.actor(request)
        return actor.id if actor else None

    def browser(self, request: Request) -> str:
        """The cookie of a known browser, or "". It outlives the sign-in and does not sign anybody in."""
        return request.cookies.get(self.browser_name, "")

    def sign_in(self, answer: Response, token: SignInToken) -> None:
        self._set(answer, self.name, token.token, int((token.until - self._app.clock.now()).total_seconds()))
        if token.browser:
            self._set(answer, self.browser_name, token.browser, KNOWN_BROWSER_SECONDS)

    def sign_out(self, request: Request, answer: Response) -> None:
        """Ends the sign-in on the server and deletes its cookie."""
        self._app.sign_in_service.sign_out(request.cookies.get(self.name, ""))
        answer.delete_cookie(self.name, path="/", httponly=True, secure=self._secure, samesite="lax")

    def _set(self, answer: Response, name: str, value: str, seconds: int) -> None:
        answer.set_cookie(name, value, max_age=seconds, path="/", httponly=True, secure=self._secure, samesite="lax")

    def sign_in_redirect(self, request: Request) -> Response:
        """Redirects to the sign-in page, which leads back to this address."""
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(here, safe='')}", 303)
