"""Answers of the middleware itself: one sentence, as an HTML page for a browser or as JSON for a program."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from assistant.services.conversing.status_text import say
from ui.rendering.templates import render


def refusal(scope: Scope, status: int, sentence: str, start: str = "", **headers: str) -> Response:
    """An HTML page with a link to `start` (the home page by default) if the client accepts HTML, else `{"detail": sentence}`."""
    if wants_page(scope):
        title = say("http_error.no_page" if status == 404 else "page.sorry")
        return HTMLResponse(render("message", title=title, sentence=sentence, start=start), status, headers)
    return JSONResponse({"detail": sentence}, status, headers)


def wants_page(scope: Scope) -> bool:
    """Whether the client is a browser that opens an address: its Accept header then has text/html."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return "text/html" in Headers(scope=scope).get("accept", "") and not path.startswith(("/api/", "/gradio_api/"))
