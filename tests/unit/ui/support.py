"""For tests of the web server: every address of an app, the headers that each answer must have, and a real server in a thread."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from ui.gateway.web_server import Server

POLICY = {
    "default-src": "'self'", "script-src": "'self' NONCE 'unsafe-eval'", "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:", "font-src": "'self' data:", "connect-src": "'self'", "object-src": "'none'",
    "base-uri": "'none'", "frame-ancestors": "'none'", "form-action": "'self'",
}  # fmt: skip
FIXED = {
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}  # fmt: skip
NONCE = re.compile(r"'nonce-([\w-]{22,})'")
LASTING = "public, max-age=31536000, immutable"


@dataclass(frozen=True, order=True)
class Address:
    method: str
    path: str


def addresses(app: object, prefix: str = "") -> Iterator[Address]:
    """Every method and path of the app and of what is mounted in it; a path parameter is filled with "x"."""
    for route in getattr(app, "routes", ()):
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from addresses(included, prefix + route.include_context.prefix)
        elif getattr(route, "methods", None):
            path = re.sub(r"\{[^}]*\}", "x", prefix + route.path)
            yield from (Address(method, path) for method in sorted(route.methods))
        else:
            yield from addresses(route, prefix + route.path)


def check_every_header(app: FastAPI, *, https: bool = False, skip: Iterable[str] = ()) -> int:
    """Asks for every address without a sign-in, and for one that is not there; how many answers were looked at.

    `skip` names paths whose answer never ends, even without a sign-in.
    """
    client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
    asked = sorted({*addresses(app), Address("GET", "/nowhere"), Address("OPTIONS", "/"), Address("DELETE", "/")})
    looked, nonces = 0, set()
    for address in asked:
        if address.path not in skip:
            answer = client.request(address.method, address.path, headers={"Origin": "https://elsewhere.example"})
            nonces.add(check_headers(answer, https=https))
            answer = client.request(address.method, address.path)
            nonces.add(check_headers(answer, https=https))
            looked += 2
    assert len(nonces) == looked, "a nonce was given twice"
    return looked


def check_headers(answer: Any, *, https: bool = False) -> str:
    """Fails when a header is missing, doubled or loose; the nonce."""
    what = f"{answer.request.method} {answer.request.url.path}: {answer.status_code}"
    for name, value in FIXED.items():
        assert answer.headers.get_list(name) == [value], f"{what}: {name}"
    policies = answer.headers.get_list("content-security-policy")
    assert len(policies) == 1, what
    found = NONCE.search(policies[0])
    assert found, what
    parts = (part.strip().partition(" ") for part in policies[0].replace(found[0], "NONCE").split(";"))
    assert {name: value for name, _, value in parts} == POLICY, what
    hsts = ["max-age=31536000"] if https else []
    assert answer.headers.get_list("strict-transport-security") == hsts, what
    assert len(answer.headers.get_list("cache-control")) == 1, what
    assert answer.headers["cache-control"] in ("no-store", LASTING), what
    assert not [name for name in answer.headers if name.startswith("access-control-")], what
    return found[1]


@contextmanager
def served(app: ASGIApp, *stops: object, port: int = 0) -> Iterator[str]:
    """The address of a real server on this machine; at the end it is stopped, and must stop within five seconds."""
    listener = socket.create_server(("127.0.0.1", port))
    server = Server(uvicorn.Config(app, log_level="warning"), lambda: None, *stops)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        until(lambda: server.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(5)
        listener.close()
    assert not thread.is_alive(), "the server did not stop"


def until(true: object, timeout: float = 10) -> None:
    """Waits until `true()`; fails after `timeout` seconds."""
    end = time.monotonic() + timeout
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
