"""The web server, with an end: a server waits for its connections, and an open stream would keep it waiting."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn


class Server(uvicorn.Server):
    """Calls `begun` when it can be reached, and `stops`, such as `hub.stop`, when it is told to end.

    Only after those it waits for connections to close.
    """

    def __init__(self, config: uvicorn.Config, begun: Callable[[], object], *stops: Callable[[], object]) -> None:
        super().__init__(config)
        self._begun, self._stops = begun, stops

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._begun()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for stop in self._stops:
            stop()
        await super().shutdown(sockets)
