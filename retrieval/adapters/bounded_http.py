"""An HTTP client with hard limits on time and size, for endpoints that may misbehave. It follows no redirects.

A read timeout alone lets a server send one byte now and then for ever. Here connecting, headers and body together have the time
of one read timeout: every network operation gets only the time that is left. Responses are requested uncompressed, so that the
counted bytes are the bytes in memory.
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
"""Limit of a response: vectors of 3,072 numbers for 128 texts are 9 MB."""
KEPT_SECONDS = 3.0
"""Idle connections are dropped after this time, because many servers close theirs after 5 s."""


class AnswerTooLarge(httpx2.RemoteProtocolError):
    """The response is larger than the limit."""


class AnswerCompressed(httpx2.RemoteProtocolError):
    """The response is compressed although it was requested uncompressed, so its size is unknown."""


class BoundedTransport(httpx2.HTTPTransport):
    """An HTTP transport with a total deadline. Raises ReadTimeout, AnswerTooLarge and AnswerCompressed."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        super().__init__(retries=0)
        self._max_bytes, self._deadline = max_bytes, _Deadline()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(),
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=_Backend(self._deadline),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        seconds = request.extensions.get("timeout", {}).get("read") or 20.0
        end = time.monotonic() + seconds
        request.headers["Accept-Encoding"] = "identity"
        with self._deadline.until(end):
            answer = super().handle_request(request)
        assert isinstance(answer.stream, httpx2.SyncByteStream)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            answer.stream.close()
            raise AnswerCompressed("the answer is compressed")
        body = _Bounded(answer.stream, end, self._max_bytes, self._deadline)
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=body, extensions=answer.extensions)


class _Deadline(threading.local):
    """The deadline of the current request, for each thread (monotonic seconds)."""

    end = math.inf

    @contextmanager
    def until(self, end: float) -> Iterator[None]:
        before, self.end = self.end, end
        try:
            yield
        finally:
            self.end = before

    def left(self, timeout: float | None) -> float:
        """The shorter of the given timeout and the time left in seconds; never 0, which would mean not to wait."""
        return max(0.001, min(math.inf if timeout is None else timeout, self.end - time.monotonic(), 3600.0))


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream, end: float, max_bytes: int, deadline: _Deadline) -> None:
        self._inner, self._end, self._max_bytes, self._deadline = inner, end, max_bytes, deadline

    def __iter__(self) -> Iterator[bytes]:
        size, chunks = 0, iter(self._inner)
        while (chunk := self._next(chunks)) is not None:
            size += len(chunk)
            if time.monotonic() > self._end:
                raise httpx2.ReadTimeout("the answer took too long")
            if size > self._max_bytes:
                raise AnswerTooLarge("the answer is too large")
            yield chunk

    def close(self) -> None:
        self._inner.close()

    def _next(self, chunks: Iterator[bytes]) -> bytes | None:
        with self._deadline.until(self._end):
            return next(chunks, None)


class _Backend(httpcore2.NetworkBackend):
    """Connects within the time left, including the name lookup."""

    def __init__(self, deadline: _Deadline) -> None:
        self._inner, self._deadline = httpcore2.SyncBackend(), deadline

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:  # fmt: skip
        """Connects in a thread of its own, because the system's name lookup has no timeout."""
        seconds, found = self._deadline.left(timeout), Future[httpcore2.NetworkStream]()

        def connect() -> None:
            try:
                found.set_result(self._inner.connect_tcp(host, port, seconds, local_address, socket_options))
            except Exception as error:  # raised again in the waiting thread
                found.set_exception(error)

        threading.Thread(target=connect, name="askwell-connect", daemon=True).start()
        try:
            return _Stream(found.result(seconds), self._deadline)
        except Waited:
            found.add_done_callback(_close_late)
            raise httpcore2.ConnectTimeout("connecting took too long") from None


class _Stream(httpcore2.NetworkStream):
    """A connection on which no operation takes longer than the time left."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: _Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _close_late(connected: Future[httpcore2.NetworkStream]) -> None:
    if connected.exception() is None:
        connected.result().close()


def bounded_client(max_bytes: int = MAX_BYTES) -> httpx2.Client:
    """A client with these limits; safe for many threads."""
    return httpx2.Client(transport=BoundedTransport(max_bytes), follow_redirects=False)
