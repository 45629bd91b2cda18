"""One manner of asking as options of the SDK, and the manner to try next when an endpoint does not take this one.

Endpoints differ in small things: a temperature that a model refuses, the name of the limit, usage in streams, streams at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.adapters.model.endpoint import ModelEndpoint
from assistant.adapters.model.faults import declines, names
from assistant.adapters.model.rungs import Limit, Manner

CONNECT_SECONDS = 3.0


def options_of(
    endpoint: ModelEndpoint, manner: Manner, model: str, most_tokens: int, seconds: float, form: dict[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """`form` and the limit go past the SDK, as they are: its own name of the limit is one that local servers ignore."""
    from openai import Timeout

    options: dict[str, Any] = {
        "model": model,
        "timeout": Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
        "config": {"callbacks": []},
        "extra_body": {**form, _limit(endpoint, manner): most_tokens},
    }
    if manner.streams:
        options["stream_usage"] = manner.stream_usage
    return options | ({"temperature": 0} if manner.temperature else {})


def other_manner(endpoint: ModelEndpoint, manner: Manner, error: Exception) -> Manner | None:
    """Without what the endpoint says that it refuses, and whole where a stream had nothing in it; None where it is not that."""
    if manner.streams and type(error) is ValueError:  # LangChain's word for a stream without an event
        return replace(manner, streams=False)
    if not declines(error):
        return None
    limit = _limit(endpoint, manner)
    if manner.temperature and names(error, "temperature"):
        return replace(manner, temperature=False)
    if not manner.limit and names(error, limit):
        return replace(manner, limit=_INSTEAD[limit])
    if manner.streams and manner.stream_usage and names(error, "stream_options"):
        return replace(manner, stream_usage=False)
    if manner.streams and (names(error, "stream") or names(error, "streaming")):
        return replace(manner, streams=False)
    return None


_INSTEAD: dict[str, Limit] = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


def _limit(endpoint: ModelEndpoint, manner: Manner) -> str:
    usual = "max_completion_tokens" if endpoint.is_openai or endpoint.api_version else "max_tokens"
    return manner.limit or usual
