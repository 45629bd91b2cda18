"""Middleware between the network and the pages: limits, origin and host checks, security headers, Gradio's allowlist."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ui.gateway.request_actor import FindActor

MOST_BODY_BYTES = 1024 * 1024
MOST_STREAMS = 40
MOST_HANDLERS = 10_000


def guard(
    app: FastAPI, *, public_url: str, pages: Collection[str], find_actor: FindActor, body: int = MOST_BODY_BYTES,
    streams: int = MOST_STREAMS, handlers: int = MOST_HANDLERS, hosts: Collection[str] = (),
) -> None:  # fmt: skip
    """Adds all middleware to `app`, in the right order. Call it last, after Gradio was mounted at "/" and all routes were added.

    `pages` are the paths of Gradio's pages; `handlers` is the number of its event handlers, and an event for any other number
    is refused. Requests are answered only for the host of `public_url`, loopback names and `hosts`. A body has at most `body`
    bytes, and a person at most `streams` open event streams of each kind. Raises ValueError if Gradio is not mounted at "/".
    """
    from ui.gateway.gradio_allowlist import add_gradio_allowlist
    from ui.gateway.host_check import HostCheck
    from ui.gateway.limits import BodyLimit, SameOrigin, StreamLimit
    from ui.gateway.security_headers import SecurityHeaders

    add_gradio_allowlist(app, pages, find_actor, handlers)
    app.add_middleware(StreamLimit, find_actor=find_actor, limit=streams)
    app.add_middleware(BodyLimit, limit=body)
    app.add_middleware(SameOrigin, public_url=public_url)
    app.add_middleware(HostCheck, public_url=public_url, more=hosts)
    app.add_middleware(SecurityHeaders, public_url=public_url)
