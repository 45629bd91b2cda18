"""The cookie of a sign-in: whose it is, and the way to the sign-in page for everybody else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from assistant.services.access import Actor

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.services.gate import Ticket


WHO_SECONDS = 1.0
_WHO = "askwell.who"


class Cookie:
    """The cookie is for this host alone, never read by a script, and sent only over TLS where the public address is."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._secure = urlsplit(app.settings.public_url).scheme == "https"
        self.name = "__Host-askwell" if self._secure else "askwell"

    def who(self, request: Request) -> Actor | None:
        """Asked several times while one request goes through its layers; the answer holds for a second."""
        known: tuple[float, Actor | None] | None = request.scope.get(_WHO)
        if known is None or time.monotonic() - known[0] > WHO_SECONDS:
            token = request.cookies.get(self.name, "")
            known = time.monotonic(), self._app.gate.who(token) if token else None
            request.scope[_WHO] = known
        return known[1]

    def login(self, request: Request) -> str | None:
        """For Gradio: the login of who is signed in."""
        actor = self.who(request)
        return actor.id if actor else None

    def give(self, answer: Response, ticket: Ticket) -> None:
        left = int((ticket.until - self._app.clock.now()).total_seconds())
        answer.set_cookie(self.name, ticket.token, max_age=left, path="/", httponly=True, secure=self._secure, samesite="lax")

    def take(self, request: Request, answer: Response) -> None:
        """Sign out, here and on the server."""
        self._app.gate.sign_out(request.cookies.get(self.name, ""))
        answer.delete_cookie(self.name, path="/", httponly=True, secure=self._secure, samesite="lax")

    def away(self, request: Request) -> Response:
        """To the sign-in page, and back afterwards."""
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(here, safe='')}", 303)
