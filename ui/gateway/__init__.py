"""The shell: what stands between the network and the pages. `guard` puts all of it around an app, in the right order."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ui.gateway.request_actor import Who

BODY = 1024 * 1024
STREAMS = 40
HANDLERS = 10_000


def guard(
    app: FastAPI, *, public_url: str, pages: Collection[str], who: Who, body: int = BODY, streams: int = STREAMS,
    handlers: int = HANDLERS, hosts: Collection[str] = (),
) -> None:  # fmt: skip
    """Call it last, when Gradio is mounted at "/" and every route is there; `pages` are Gradio's, such as "/" and "/mine".

    Only the host of `public_url`, loopback names and `hosts` are answered.
    Bodies are limited to `body` bytes and open event streams to `streams` of a kind and a person; `handlers` is how many Gradio
    has, and an event for another number is refused. Raises ValueError without Gradio at "/".
    """
    from ui.gateway.gradio_allowlist import stand_before_gradio
    from ui.gateway.host_check import HostCheck
    from ui.gateway.limits import BodyLimit, SameOrigin, StreamLimit
    from ui.gateway.security_headers import SecurityHeaders

    stand_before_gradio(app, pages, who, handlers)
    app.add_middleware(StreamLimit, who=who, limit=streams)
    app.add_middleware(BodyLimit, limit=body)
    app.add_middleware(SameOrigin, public_url=public_url)
    app.add_middleware(HostCheck, public_url=public_url, more=hosts)
    app.add_middleware(SecurityHeaders, public_url=public_url)
