"""A way to a server that keeps a copy of every byte the browser gets from it, streams included."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress

PIECE = 65_536
BETWEEN_CHUNKS = re.compile(rb"\r\n[0-9a-fA-F]{1,8}\r\n")


class Wiretap:
    """A forwarder on a port of its own; it asks for plain text, so that what is received can be searched."""

    def __init__(self, port: int) -> None:
        self._port, self._pieces, self._open = port, list[bytearray](), list[socket.socket]()
        self._door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    @property
    def received(self) -> bytes:
        """Everything so far, connection after connection, without the marks between chunks."""
        return b"\n".join(BETWEEN_CHUNKS.sub(b"", bytes(piece)) for piece in self._pieces)

    def close(self) -> None:
        self._door.close()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._door.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                kept = bytearray()
                self._pieces.append(kept)
                self._open += [browser, server]
                threading.Thread(target=_ask, args=(browser, server), daemon=True).start()
                threading.Thread(target=_answer, args=(server, browser, kept), daemon=True).start()


def _ask(browser: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while piece := browser.recv(PIECE):
            server.sendall(re.sub(rb"(?i)accept-encoding: [^\r\n]*", b"Accept-Encoding: identity", piece))
        server.shutdown(socket.SHUT_WR)


def _answer(server: socket.socket, browser: socket.socket, kept: bytearray) -> None:
    with suppress(OSError):
        while piece := server.recv(PIECE):
            kept += piece
            browser.sendall(piece)
        browser.shutdown(socket.SHUT_WR)
