"""Creates LangChain's chat model for an endpoint in a background thread, since importing it takes seconds."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Waited
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.client.endpoint import ModelEndpoint
from assistant.adapters.model.client.metering import count

if TYPE_CHECKING:
    from httpx2 import Client, Request
    from langchain_openai.chat_models.base import BaseChatOpenAI

MAX_BYTES = 2_000_000
"""Limit of an answer; 1,000 streamed tokens are about 250,000 bytes."""
OPENAI_HEADERS = ("OpenAI-Organization", "OpenAI-Project")


@dataclass(frozen=True)
class Opened:
    """The chat model and its HTTP connection pool."""

    model: BaseChatOpenAI
    http: Client


class LateClient:
    """Creates the client at first use; callers wait at most their own time limit. Safe for many threads."""

    def __init__(self, endpoint: ModelEndpoint) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._made: Future[Opened] | None = None
        self._closed = False

    def get(self, seconds: float) -> BaseChatOpenAI:
        """The chat model. Raises ModelFailed if it is not ready in time."""
        try:
            return self.start().result(max(0.0, seconds)).model
        except Waited:
            raise ModelFailed("late") from None
        except ModelFailed:
            raise
        except Exception:  # the message may contain the address
            raise ModelFailed("unreachable") from None

    def start(self) -> Future[Opened]:
        """Starts to create the client, once."""
        with self._lock:
            if self._closed:
                raise ModelFailed("unreachable")
            if self._made is None:
                self._made = Future()
                threading.Thread(target=self._make, args=(self._made,), name="askwell-model", daemon=True).start()
            return self._made

    def close(self) -> None:
        with self._lock:
            made, self._closed = self._made, True
        if made is not None:
            made.add_done_callback(_close)

    def _make(self, made: Future[Opened]) -> None:
        try:
            count("")
            made.set_result(open_client(self._endpoint))
        except Exception as error:  # re-raised for the callers that wait
            made.set_exception(error)


def open_client(endpoint: ModelEndpoint) -> Opened:
    """The client without retries, proxy or settings from the environment, with one connection pool."""
    from langchain_openai import AzureChatOpenAI, ChatOpenAI
    from pydantic import SecretStr

    from assistant.adapters.model.client.odd_answers import OddAnswers, quiet
    from retrieval.adapters.bounded_http import bounded_client

    class Azure(OddAnswers, AzureChatOpenAI):
        """Azure OpenAI."""

    class Compatible(OddAnswers, ChatOpenAI):
        """Any other endpoint."""

    quiet()
    http = bounded_client(MAX_BYTES)
    if not endpoint.is_openai:
        http.event_hooks = {"request": [_without_openai_headers]}
    shared: dict[str, Any] = {
        "model": endpoint.model, "api_key": SecretStr(endpoint.api_key or "none"), "http_client": http, "max_retries": 0,
        "stream_usage": True, "use_responses_api": False, "openai_proxy": "", "cache": False,
    }  # fmt: skip
    if endpoint.api_version:
        place = endpoint.url.removesuffix("/openai")
        return Opened(Azure(azure_endpoint=place, api_version=endpoint.api_version, **shared), http)
    return Opened(Compatible(base_url=endpoint.url, **shared), http)


def _without_openai_headers(request: Request) -> None:
    """Removes the OpenAI organisation headers, which the SDK takes from the environment, for other endpoints."""
    for name in OPENAI_HEADERS:
        with suppress(KeyError):
            del request.headers[name]


def _close(made: Future[Opened]) -> None:
    if made.exception() is None:
        made.result().http.close()
