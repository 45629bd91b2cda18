"""The cookies of a sign-in and of a known browser, and the way to the sign-in page for everybody who is not signed in."""

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


KNOWN_SECONDS = 180 * 24 * 3600
WHO_SECONDS = 1.0
_WHO = "askwell.who"


class SignInCookie:
    """Both cookies are for this host alone, never read by a script, and sent only over TLS where the public address is."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._secure = urlsplit(app.settings.public_url).scheme == "https"
        self.name = "__Host-askwell" if self._secure else "askwell"
        self.browser_name = f"{self.name}-browser"

    def who(self, request: Request) -> Actor | None:
        """Asked several times while one request goes through its layers; the answer holds for a second."""
        known: tuple[float, Actor | None] | None = request.scope.get(_WHO)
        if known is None or time.monotonic() - known[0] > WHO_SECONDS:
            token = request.cookies.get(self.name, "")
            known = time.monotonic(), self._app.sign_in_service.who(token) if token else None
            request.scope[_WHO] = known
        return known[1]

    def login(self, request: Request) -> str | None:
        """For Gradio: the login of who is signed in."""
        actor = self.who(request)
        return actor.id if actor else None

    def browser(self, request: Request) -> str:
        """The cookie of a known browser; it stays after signing out, and lets nobody in by itself."""
        return request.cookies.get(self.browser_name, "")

    def give(self, answer: Response, ticket: SignInToken) -> None:
        self._set(answer, self.name, ticket.token, int((ticket.until - self._app.clock.now()).total_seconds()))
        if ticket.browser:
            self._set(answer, self.browser_name, ticket.browser, KNOWN_SECONDS)

    def take(self, request: Request, answer: Response) -> None:
        """Sign out, here and on the server."""
        self._app.sign_in_service.sign_out(request.cookies.get(self.name, ""))
        answer.delete_cookie(self.name, path="/", httponly=True, secure=self._secure, samesite="lax")

    def _set(self, answer: Response, name: str, value: str, seconds: int) -> None:
        answer.set_cookie(name, value, max_age=seconds, path="/", httponly=True, secure=self._secure, samesite="lax")

    def away(self, request: Request) -> Response:
        """To the sign-in page, and back afterwards."""
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(here, safe='')}", 303)
