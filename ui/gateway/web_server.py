"""A uvicorn server that ends open event streams before it waits for connections to close."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn


class Server(uvicorn.Server):
    """Calls `on_started` once it accepts connections, and each of `stops` (such as `hub.stop`) when it begins to shut down."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], object], *stops: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_started, self._stops = on_started, stops

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for stop in self._stops:
            stop()
        await super().shutdown(sockets)
