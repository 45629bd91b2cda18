"""Runs the web server of one installation: content first, then the address, then until it is stopped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assistant.services.wording import say

if TYPE_CHECKING:
    from assistant.bootstrap import App

BEHIND = "127.0.0.1"
GOODBYE_SECONDS = 3


def serve(app: App) -> None:
    """Serves on the host and port of the settings. Headers of a proxy are believed only when it is on this machine."""
    quiet()
    import uvicorn

    from ui.app import create
    from ui.shell.server import Server

    settings = app.settings
    web, hub = create(app)
    config = uvicorn.Config(
        web, host=settings.host, port=settings.port, log_level="warning", access_log=False, server_header=False,
        proxy_headers=True, forwarded_allow_ips=BEHIND, timeout_graceful_shutdown=GOODBYE_SECONDS,
    )  # fmt: skip
    print(say("serve.ready", url=settings.public_url), flush=True)
    if settings.demo:
        print(say("serve.demo"), flush=True)
    Server(config, hub.stop).run()


def quiet() -> None:
    """Nothing is reported to anybody, and Gradio keeps no statistics after each event: set before Gradio is imported."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))
