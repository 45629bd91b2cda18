"""An HTTP client for endpoints that may misbehave: no redirects, and an end to slow drips and to huge answers.

A read timeout alone allows a server to send a byte now and then for ever. Here the whole answer has the time of one read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx2

MAX_BYTES = 32_000_000
"""Of an answer: 128 texts of 3,072 numbers are 9 MB."""


class BoundedTransport(httpx2.BaseTransport):
    """Sends by a usual transport. Raises ReadTimeout or RemoteProtocolError while the answer is read."""

    def __init__(self) -> None:
        self._inner = httpx2.HTTPTransport(retries=0)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        seconds = request.extensions.get("timeout", {}).get("read") or 20.0
        end = time.monotonic() + seconds
        answer = self._inner.handle_request(request)
        assert isinstance(answer.stream, httpx2.SyncByteStream)
        body = _Bounded(answer.stream, end)
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=body, extensions=answer.extensions)

    def close(self) -> None:
        self._inner.close()


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream, end: float) -> None:
        self._inner, self._end = inner, end

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._inner:
            size += len(chunk)
            if time.monotonic() > self._end:
                raise httpx2.ReadTimeout("the answer took too long")
            if size > MAX_BYTES:
                raise httpx2.RemoteProtocolError("the answer is too large")
            yield chunk

    def close(self) -> None:
        self._inner.close()


def bounded_client() -> httpx2.Client:
    """A client for one endpoint; safe for many threads."""
    return httpx2.Client(transport=BoundedTransport(), follow_redirects=False)
