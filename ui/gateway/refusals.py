"""What the shell answers itself: one sentence of the catalogue, as a page in the look of the others or as JSON for a program."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from assistant.services.conversing.status_text import say
from ui.rendering.templates import draw


def refusal(scope: Scope, status: int, sentence: str, start: str = "", **headers: str) -> Response:
    """A page with a way back where the client asks for HTML, else `{"detail": sentence}`; the way leads to `start`."""
    if wants_page(scope):
        title = say("shell.no_page" if status == 404 else "page.sorry")
        return HTMLResponse(draw("message", title=title, words=sentence, start=start), status, headers)
    return JSONResponse({"detail": sentence}, status, headers)


def wants_page(scope: Scope) -> bool:
    """Whether a person looks at the answer: a browser that opens an address says that it takes HTML."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return "text/html" in Headers(scope=scope).get("accept", "") and not path.startswith(("/api/", "/gradio_api/"))
