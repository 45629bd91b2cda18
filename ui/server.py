"""Runs the web server of one installation on a listening socket."""

from __future__ import annotations

import inspect
import os
from typing import TYPE_CHECKING, Any

from assistant.hosts import EVERYWHERE, host_of
from assistant.services.conversing.status_text import say

if TYPE_CHECKING:
    import socket

    from assistant.bootstrap import App
    from assistant.settings import Settings

TRUSTED_PROXY = "127.0.0.1"
SHUTDOWN_SECONDS = 3


def serve(app: App, listening: socket.socket) -> None:
    """Serves on `listening` until the process is signalled to stop. X-Forwarded headers are trusted only from a local proxy."""
    import_gradio()
    import uvicorn

    from ui.app import create
    from ui.gateway.web_server import Server

    settings = app.settings
    web, hub = create(app)
    config = uvicorn.Config(
        web, log_level="warning", log_config=None, access_log=False, server_header=False,
        proxy_headers=True, forwarded_allow_ips=TRUSTED_PROXY, timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )  # fmt: skip
    Server(config, lambda: _welcome(settings), hub.stop).run(sockets=[listening])


def _welcome(settings: Settings) -> None:
    """Prints the address and warnings, once the pages can be opened."""
    print(say("serve.ready", url=settings.public_url), flush=True)
    if host_of(settings.public_url) in EVERYWHERE:
        print(say("serve.no_public_url"), flush=True)
    if settings.demo:
        print(say("serve.demo_public" if settings.demo == "public" else "serve.demo"), flush=True)


def import_gradio() -> None:
    """Imports Gradio without telemetry and without its type stubs.

    For each component Gradio parses its own source and rewrites a stub file next to it, which is a third of the time of a start.
    It passes over classes that have no file, so while it is imported its classes have none.
    """
    disable_telemetry()
    file_of = inspect.getfile

    def no_file_of_gradio(thing: Any) -> str:
        if getattr(thing, "__module__", "").startswith("gradio."):
            raise OSError("no stub file is wanted")
        return file_of(thing)

    inspect.getfile = no_file_of_gradio  # type: ignore[assignment]
    try:
        import gradio  # noqa: F401
    finally:
        inspect.getfile = file_of


def disable_telemetry() -> None:
    """Turns off Gradio's telemetry and its statistics after each event. Call it before Gradio is imported."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))
