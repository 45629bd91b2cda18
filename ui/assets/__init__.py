"""Serves the style sheet, the scripts, the icon and one vendored library at addresses that change with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

JAVASCRIPT = "text/javascript; charset=utf-8"
SCRIPTS = (
    "actions", "alert", "askwell", "browser_storage", "closing_drafts", "drafts", "gradio_events", "live_updates", "messages",
    "overlays", "refresh", "regions", "server_calls", "vendor/idiomorph-0.8.0",
)  # fmt: skip
FILES = {
    "askwell.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    **{f"{name}.js": JAVASCRIPT for name in SCRIPTS},
}
"""Content types by file name."""
CACHE_FOR_A_YEAR = {"Cache-Control": "public, max-age=31536000, immutable"}


@cache
def content(name: str) -> bytes:
    """A file as it is served. Imports of other scripts are replaced by their versioned addresses."""
    data = resources.files("ui.assets").joinpath(name).read_bytes()
    for script in SCRIPTS:
        imported = f'"./{script}.js"'.encode()
        if imported in data:
            data = data.replace(imported, f'"{versioned(f"{script}.js")}"'.encode())
    return data


@cache
def versioned(name: str) -> str:
    """The address of a file, with a hash of its content, so browsers may cache it for a year."""
    return f"/own/{name}?v={hashlib.sha256(content(name)).hexdigest()[:12]}"


def router() -> APIRouter:
    """`GET /own/{name}`: one of FILES, without a sign-in; 404 for any other name."""
    routes = APIRouter()

    @routes.get("/own/{name:path}")
    def asset(name: str) -> Response:
        if name not in FILES:
            raise HTTPException(404)
        return Response(content(name), media_type=FILES[name], headers=CACHE_FOR_A_YEAR)

    return routes
