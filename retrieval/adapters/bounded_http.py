"""An HTTP client for endpoints that may misbehave: no redirects, and an end to slow drips and to huge answers.

A read timeout alone allows a server to send a byte now and then for ever. Here connecting, the headers and the whole answer
together have the time of one read: every step on the network is given what is left of it. Answers are asked for uncompressed,
so that what is counted is what is kept.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Waited
from contextlib import contextmanager
from typing import Any

import httpcore2
import httpx2

MAX_BYTES = 32_000_000
"""Of an answer: 128 texts of 3,072 numbers are 9 MB."""
KEPT_SECONDS = 3.0
"""An idle connection is not used again after so long: usual servers close theirs after five."""


class AnswerTooLarge(httpx2.RemoteProtocolError):
    """The answer has more bytes than are read."""


class AnswerCompressed(httpx2.RemoteProtocolError):
    """The answer is compressed although it was asked for as it is: how large it would become is not known."""


class BoundedTransport(httpx2.HTTPTransport):
    """A usual transport with an end. Raises ReadTimeout, AnswerTooLarge and AnswerCompressed."""

    def __init__(self, most_bytes: int = MAX_BYTES) -> None:
        super().__init__(retries=0)
        self._most_bytes, self._hurry = most_bytes, _Hurry()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(),
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=_Backend(self._hurry),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        seconds = request.extensions.get("timeout", {}).get("read") or 20.0
        end = time.monotonic() + seconds
        request.headers["Accept-Encoding"] = "identity"
        with self._hurry.until(end):
            answer = super().handle_request(request)
        assert isinstance(answer.stream, httpx2.SyncByteStream)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            answer.stream.close()
            raise AnswerCompressed("the answer is compressed")
        body = _Bounded(answer.stream, end, self._most_bytes, self._hurry)
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=body, extensions=answer.extensions)


class _Hurry(threading.local):
    """When the request of this thread must be over."""

    end = math.inf

    @contextmanager
    def until(self, end: float) -> Iterator[None]:
        before, self.end = self.end, end
        try:
            yield
        finally:
            self.end = before

    def left(self, timeout: float | None) -> float:
        """The given time, or what is left if that is less; never 0, which would mean not to wait at all."""
        return max(0.001, min(math.inf if timeout is None else timeout, self.end - time.monotonic(), 3600.0))


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream, end: float, most: int, hurry: _Hurry) -> None:
        self._inner, self._end, self._most, self._hurry = inner, end, most, hurry

    def __iter__(self) -> Iterator[bytes]:
        size, chunks = 0, iter(self._inner)
        while (chunk := self._next(chunks)) is not None:
            size += len(chunk)
            if time.monotonic() > self._end:
                raise httpx2.ReadTimeout("the answer took too long")
            if size > self._most:
                raise AnswerTooLarge("the answer is too large")
            yield chunk

    def close(self) -> None:
        self._inner.close()

    def _next(self, chunks: Iterator[bytes]) -> bytes | None:
        with self._hurry.until(self._end):
            return next(chunks, None)


class _Backend(httpcore2.NetworkBackend):
    """Connects within the time that is left, looking up the name included."""

    def __init__(self, hurry: _Hurry) -> None:
        self._inner, self._hurry = httpcore2.SyncBackend(), hurry

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:  # fmt: skip
        """The system looks names up without a limit, so that is done beside this thread."""
        seconds, found = self._hurry.left(timeout), Future[httpcore2.NetworkStream]()

        def connect() -> None:
            try:
                found.set_result(self._inner.connect_tcp(host, port, seconds, local_address, socket_options))
            except Exception as error:  # handed over to the thread that waits
                found.set_exception(error)

        threading.Thread(target=connect, name="askwell-connect", daemon=True).start()
        try:
            return _Stream(found.result(seconds), self._hurry)
        except Waited:
            found.add_done_callback(_let_go)
            raise httpcore2.ConnectTimeout("connecting took too long") from None


class _Stream(httpcore2.NetworkStream):
    """A connection on which no step takes longer than what is left."""

    def __init__(self, inner: httpcore2.NetworkStream, hurry: _Hurry) -> None:
        self._inner, self._hurry = inner, hurry

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._hurry.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._hurry.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._hurry.left(timeout)), self._hurry)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _let_go(connected: Future[httpcore2.NetworkStream]) -> None:
    if connected.exception() is None:
        connected.result().close()


def bounded_client(most_bytes: int = MAX_BYTES) -> httpx2.Client:
    """A client for one endpoint; safe for many threads."""
    return httpx2.Client(transport=BoundedTransport(most_bytes), follow_redirects=False)
