"""One manner of asking as options of the SDK, and the manner to try next when an endpoint does not take this one.

Endpoints differ in small things: a temperature that a model refuses, the name of the limit, usage in streams, streams at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.adapters.model.client.endpoint import ModelEndpoint
from assistant.adapters.model.client.faults import declines, names
from assistant.adapters.model.client.output_modes import EndpointOptions, Limit

CONNECT_SECONDS = 3.0


def options_of(
    endpoint: ModelEndpoint, endpoint_options: EndpointOptions, model: str, most_tokens: int, seconds: float, form: dict[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """`form` and the limit go past the SDK, as they are: its own name of the limit is one that local servers ignore."""
    from openai import Timeout

    options: dict[str, Any] = {
        "model": model,
        "timeout": Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
        "config": {"callbacks": []},
        "extra_body": {**form, _limit(endpoint, endpoint_options): most_tokens},
    }
    if endpoint_options.streams:
        options["stream_usage"] = endpoint_options.stream_usage
    return options | ({"temperature": 0} if endpoint_options.temperature else {})


def other_options(endpoint: ModelEndpoint, endpoint_options: EndpointOptions, error: Exception) -> EndpointOptions | None:
    """Without what the endpoint says that it refuses, and whole where a stream had nothing in it; None where it is not that."""
    if endpoint_options.streams and type(error) is ValueError:  # LangChain's word for a stream without an event
        return replace(endpoint_options, streams=False)
    if not declines(error):
        return None
    limit = _limit(endpoint, endpoint_options)
    if endpoint_options.temperature and names(error, "temperature"):
        return replace(endpoint_options, temperature=False)
    if not endpoint_options.limit and names(error, limit):
        return replace(endpoint_options, limit=_INSTEAD[limit])
    if endpoint_options.streams and endpoint_options.stream_usage and names(error, "stream_options"):
        return replace(endpoint_options, stream_usage=False)
    if endpoint_options.streams and (names(error, "stream") or names(error, "streaming")):
        return replace(endpoint_options, streams=False)
    return None


_INSTEAD: dict[str, Limit] = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


def _limit(endpoint: ModelEndpoint, endpoint_options: EndpointOptions) -> str:
    usual = "max_completion_tokens" if endpoint.is_openai or endpoint.api_version else "max_tokens"
    return endpoint_options.limit or usual
