"""The files that the pages load from this server: our style sheet, our script, and one library kept with its licence."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

FILES = {
    "askwell.css": "text/css; charset=utf-8",
    "askwell.js": "text/javascript; charset=utf-8",
    "drafts.js": "text/javascript; charset=utf-8",
    "keepsake.js": "text/javascript; charset=utf-8",
    "live.js": "text/javascript; charset=utf-8",
    "overlays.js": "text/javascript; charset=utf-8",
    "shelf.js": "text/javascript; charset=utf-8",
    "wire.js": "text/javascript; charset=utf-8",
    "vendor/idiomorph-0.8.0.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
FOR_A_YEAR = {"Cache-Control": "public, max-age=31536000, immutable"}


@cache
def content(name: str) -> bytes:
    """A file as it is served: what a script imports is named by its own versioned address."""
    data = resources.files("ui.assets").joinpath(name).read_bytes()
    if name == "askwell.js":
        for other in FILES.keys() - {name}:
            data = data.replace(f'"./{other}"'.encode(), f'"{versioned(other)}"'.encode())
    return data


@cache
def versioned(name: str) -> str:
    """The address of a file; it changes with the content, so a browser may keep it for good."""
    return f"/own/{name}?v={hashlib.sha256(content(name)).hexdigest()[:12]}"


def router() -> APIRouter:
    """GET /own/{name}: one of the files, to anybody."""
    routes = APIRouter()

    @routes.get("/own/{name:path}")
    def own(name: str) -> Response:
        if name not in FILES:
            raise HTTPException(404)
        return Response(content(name), media_type=FILES[name], headers=FOR_A_YEAR)

    return routes
