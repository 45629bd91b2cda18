"""An OpenAI-compatible endpoint for embeddings on this machine, which misbehaves on command.

Each word of a text is a direction, so what is near in words is near. `faults` is a list of what the next requests meet,
one each; afterwards all goes well. `heard` keeps what was asked.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from retrieval.text import content_stems

KEY, MODEL, DIMENSION = "sk-test", "words", 256


@dataclass
class EmbeddingServer:
    url: str
    faults: list[str] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    always: str = ""
    pause: float = 0.0

    @property
    def texts(self) -> int:
        """How many texts it was sent."""
        return sum(len(request["input"]) for request in self.heard)

    def next_fault(self) -> str:
        return self.faults.pop(0) if self.faults else self.always


@contextmanager
def embedding_server() -> Iterator[EmbeddingServer]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    told = EmbeddingServer(f"http://127.0.0.1:{http.server_address[1]}/v1")
    http.told = told  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def direction(text: str, dimension: int = DIMENSION) -> list[float]:
    out = [1e-3] * dimension
    for word in content_stems(text):
        out[int(hashlib.sha256(word.encode()).hexdigest(), 16) % dimension] += 1
    return out


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        told: EmbeddingServer = self.server.told  # type: ignore[attr-defined]
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told.heard.append(asked)
        fault = told.next_fault()
        time.sleep(told.pause)
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            fault = "401"
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer(fault, asked)

    def _answer(self, fault: str, asked: dict[str, Any]) -> None:
        vectors = [direction(text, asked.get("dimensions", DIMENSION)) for text in asked["input"]]
        if fault[:3].isdigit():
            status, _, wait = fault.partition(" ")
            headers = {"Retry-After": wait} if wait else {}
            headers |= {"Location": "http://127.0.0.1:9/v1/embeddings"} if status == "307" else {}
            problem = {"error": {"message": "SECRET WORDS OF THE VENDOR", "code": "insufficient_quota" if wait == "-1" else None}}
            return self._send(json.dumps(problem).encode(), int(status), headers)
        if fault == "wrong dimension":
            vectors = [row[:8] for row in vectors]
        elif fault == "too few":
            vectors = vectors[1:]
        elif fault == "zeros":
            vectors = [[0.0] * len(row) for row in vectors]
        elif fault == "not a number":
            vectors = [[float("nan"), *row[1:]] for row in vectors]
        elif fault == "words":
            vectors = [["a"] * len(row) for row in vectors]  # type: ignore[misc]
        data = [{"object": "embedding", "index": n, "embedding": row} for n, row in enumerate(vectors)]
        body = json.dumps({"object": "list", "data": data, "model": asked["model"], "usage": {}}).encode()
        if fault == "not json":
            body = b"<html>hello"
        elif fault == "other json":
            body = b'{"hello": 1}'
        elif fault == "slow":
            time.sleep(3)
        return self._send(body, cut=fault == "cut", drip=fault == "drip")

    def _send(
        self, body: bytes, status: int = 200, headers: dict[str, str] | None = None, *, cut: bool = False, drip: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if drip:
            for n in range(60):
                self.wfile.write(body[n : n + 1])
                self.wfile.flush()
                time.sleep(0.1)
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut or drip:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
