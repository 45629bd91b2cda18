"""The web server, with an end: a server waits for its connections, and an open stream would keep it waiting."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn


class Server(uvicorn.Server):
    """Calls `stops`, such as `hub.stop`, when it is told to end, and only then waits for connections to close."""

    def __init__(self, config: uvicorn.Config, *stops: Callable[[], object]) -> None:
        super().__init__(config)
        self._stops = stops

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for stop in self._stops:
            stop()
        await super().shutdown(sockets)
