"""A relay before the endpoint that counts what goes over the wire: calls, tokens, seconds, and what became of each call.

It changes nothing: the answer goes on as it comes, and when the product hangs up, so does the relay.
"""

from __future__ import annotations

import http.client
import json
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

LONGEST_SECONDS = 120
SETTLED_SECONDS = 3
_WORDS = re.compile(rb'"(?:content|arguments)":\s*"[^"]')
KEPT = {"authorization", "content-type", "accept", "api-key"}


@dataclass(frozen=True)
class Call:
    """One call: how it ended ("answered", "hung up", "unreachable", "broken off", or the status), and what it cost.

    `first` is the time to the first word of the answer (a stream may open long before). Tokens that the endpoint does not tell
    are counted as the product does (`counted`), or None where there is nothing to count.
    """

    ended: str
    seconds: float
    first: float | None = None
    asked: str = ""
    streamed: bool = False
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    counted: bool = False


@dataclass
class Meter:
    """`url` is where the product sends its calls."""

    url: str
    calls: list[Call] = field(default_factory=list)
    busy: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self) -> tuple[Call, ...]:
        """The calls since the last time; one that is being ended is waited for, within bounds."""
        with self.changed:
            self.changed.wait_for(lambda: not self.busy, SETTLED_SECONDS)
            taken, self.calls = tuple(self.calls), []
        return taken

    @contextmanager
    def counting(self) -> Iterator[None]:
        """While a call is on its way."""
        with self.changed:
            self.busy += 1
        try:
            yield
        finally:
            with self.changed:
                self.busy -= 1
                self.changed.notify_all()


@contextmanager
def metered(endpoint: str) -> Iterator[Meter]:
    """A meter before this base URL."""
    relay = ThreadingHTTPServer(("127.0.0.1", 0), _Relay)
    relay.daemon_threads = True
    parts = urlsplit(endpoint)
    meter = Meter(f"http://127.0.0.1:{relay.server_address[1]}{parts.path.rstrip('/')}")
    relay.meter, relay.behind = meter, parts  # type: ignore[attr-defined]
    thread = threading.Thread(target=relay.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield meter
    finally:
        relay.shutdown()
        relay.server_close()
        thread.join()


class _HungUp(Exception):
    """The product did not wait for the answer."""


class _Relay(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        with self._meter.counting():
            self._forward(b"")

    def do_POST(self) -> None:
        with self._meter.counting():
            self._forward(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _forward(self, body: bytes) -> None:
        asked, started = _loaded(body), time.perf_counter()
        ended, first, answer = "unreachable", None, bytearray()
        try:
            with closing(self._dialled()) as line:
                headers = {name: value for name, value in self.headers.items() if name.lower() in KEPT}
                line.request(self.command, self.path, body or None, headers)
                self._wait(line)
                heard = line.getresponse()
                ended = "answered" if heard.status == 200 else str(heard.status)
                for _ in self._passed_on(heard, answer):
                    first = first or (time.perf_counter() - started if _WORDS.search(answer) else None)
        except (OSError, http.client.HTTPException):
            if ended != "unreachable":
                ended = "broken off"
            else:
                with suppress(OSError):
                    self.send_error(502)
        except _HungUp:
            ended = "hung up"
        if self.command == "POST":
            prompt, made = _usage(bytes(answer))
            form = (asked.get("response_format") or {}).get("type", "text")
            spent, counted = time.perf_counter() - started, prompt is None and ended == "answered" and bool(asked.get("messages"))
            sent = _sent(asked) if counted else prompt
            self._meter.calls.append(Call(ended, spent, first, str(form), bool(asked.get("stream")), sent, made, counted))

    def _dialled(self) -> http.client.HTTPConnection:
        behind = self.server.behind  # type: ignore[attr-defined]
        if behind.scheme == "https":
            secure = ssl.create_default_context()
            return http.client.HTTPSConnection(behind.hostname, behind.port, timeout=LONGEST_SECONDS, context=secure)
        return http.client.HTTPConnection(behind.hostname, behind.port, timeout=LONGEST_SECONDS)

    def _wait(self, line: http.client.HTTPConnection) -> None:
        """Until the answer begins."""
        ready, _, _ = select.select([line.sock, self.connection], [], [], LONGEST_SECONDS)
        if line.sock not in ready and self.connection in ready and not self.connection.recv(1, socket.MSG_PEEK):
            raise _HungUp

    def _passed_on(self, heard: http.client.HTTPResponse, answer: bytearray) -> Iterator[None]:
        """Piece by piece, each also added to `answer`."""
        self.close_connection = True
        try:
            self.send_response(heard.status)
            self.send_header("Content-Type", heard.headers.get("Content-Type", "application/json"))
            self.send_header("Connection", "close")
            self.end_headers()
            while piece := heard.read1(65_536):
                answer += piece
                self.wfile.write(piece)
                self.wfile.flush()
                yield
        except (BrokenPipeError, ConnectionResetError) as gone:
            raise _HungUp from gone

    @property
    def _meter(self) -> Meter:
        meter: Meter = self.server.meter  # type: ignore[attr-defined]
        return meter

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def _loaded(text: bytes) -> dict[str, Any]:
    with suppress(ValueError):
        found = json.loads(text)
        if isinstance(found, dict):
            return found
    return {}


def _sent(asked: dict[str, Any]) -> int:
    """Tokens of the messages."""
    from retrieval.adapters.token_counter import count_tokens

    return count_tokens([str(message.get("content", "")) for message in asked["messages"]])


def _usage(answer: bytes) -> tuple[int | None, int | None]:
    """Tokens of the prompt and of the answer; of a stream without usage its pieces are counted."""
    told = _loaded(answer)
    if told:
        usage = told.get("usage") or {}
        return usage.get("prompt_tokens"), usage.get("completion_tokens")
    lines = [_loaded(line[5:].strip()) for line in answer.splitlines() if line.startswith(b"data:")]
    last = next((line["usage"] for line in reversed(lines) if line.get("usage")), None)
    if last:
        return last.get("prompt_tokens"), last.get("completion_tokens")
    pieces = sum(bool(choice.get("delta", {}).get("content")) for line in lines for choice in line.get("choices", ()))
    return None, pieces or None
