"""Security headers of every answer, including errors: CSP, no framing, no caching of personal content.

Scripts run only from our own origin or with the nonce of this response, `request.state.nonce`. An unhandled exception is
logged and answered with one sentence.
"""

from __future__ import annotations

import logging
import re
import secrets
from urllib.parse import parse_qs, urlsplit

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.services.conversing.status_text import say
from ui.gateway.refusals import refusal

_LOG = logging.getLogger(__name__)
_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_HSTS = {"strict-transport-security": "max-age=31536000"}
_OURS = {"content-security-policy", "cache-control", "pragma", "expires", *_ALWAYS, *_HSTS}
_STATIC = re.compile(r"\.(?:css|js|mjs|svg|png|ico|woff2)$")
_HASHED = re.compile(r"/assets/[^/]+-[\w-]{8}\.\w+$")


class SecurityHeaders:
    """ASGI middleware, the outermost one. Its headers replace those of the same name; CORS headers are removed."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._fixed = _ALWAYS | (_HSTS if urlsplit(public_url).scheme == "https" else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": self._headers(scope, message, nonce)}
            await send(message)

        try:
            await self._app(scope, receive, with_headers)
        except ClientDisconnect:
            _LOG.debug("the client left during %s %s", scope["method"], scope["path"])
        except Exception:
            if started:
                raise
            _LOG.exception("%s %r failed", scope["method"], scope["path"])
            await refusal(scope, 500, say("http_error.broken"))(scope, receive, with_headers)

    def _headers(self, scope: Scope, message: Message, nonce: str) -> list[tuple[bytes, bytes]]:
        kept = [(name, value) for name, value in message.get("headers", ()) if _is_kept(name.decode("latin-1").lower())]
        ours = self._fixed | {"content-security-policy": _POLICY.format(nonce=nonce)}
        ours["cache-control"] = "public, max-age=31536000, immutable" if _is_cacheable(scope, message["status"]) else "no-store"
        return [*kept, *((name.encode(), value.encode()) for name, value in ours.items())]


def _is_kept(name: str) -> bool:
    return name not in _OURS and not name.startswith("access-control-")


def _is_cacheable(scope: Scope, status: int) -> bool:
    """Whether it is a static file whose address changes with its content: a hash in its name, or `?v=`."""
    if status not in (200, 206, 304) or not _STATIC.search(scope["path"]):
        return False
    return bool(_HASHED.search(scope["path"]) or parse_qs(scope.get("query_string", b"").decode("latin-1")).get("v"))
