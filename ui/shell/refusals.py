"""What the shell answers itself: one sentence of the catalogue, as a page for a person and as JSON for a program."""

from __future__ import annotations

from html import escape

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from assistant.services.wording import say

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Askwell</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto; padding: 0 1.5rem }}
h1 {{ font-size: 1.4rem; line-height: 1.4 }}
</style></head>
<body><main><h1>{sentence}</h1><p><a href="{start}">{home}</a></p></main></body>
</html>
"""


def refusal(scope: Scope, status: int, sentence: str, start: str = "", **headers: str) -> Response:
    """A page with a way back where the client asks for HTML, else `{"detail": sentence}`; the way leads to `start`."""
    if wants_page(scope):
        start = start or f"{scope.get('root_path', '')}/"
        page = _PAGE.format(sentence=escape(sentence), start=escape(start), home=escape(say("shell.home")))
        return HTMLResponse(page, status, headers)
    return JSONResponse({"detail": sentence}, status, headers)


def wants_page(scope: Scope) -> bool:
    """Whether a person looks at the answer: a browser that opens an address says that it takes HTML."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return "text/html" in Headers(scope=scope).get("accept", "") and not path.startswith(("/api/", "/gradio_api/"))
