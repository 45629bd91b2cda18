"""Builds the SDK options of a request, and the options to try next if the endpoint refuses these.

Endpoints differ in temperature, the name of the token limit, usage in streams, and streaming itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.adapters.model.client.endpoint import ModelEndpoint
from assistant.adapters.model.client.faults import declines, names_option
from assistant.adapters.model.client.output_modes import EndpointOptions, Limit, Thinking

CONNECT_SECONDS = 3.0
ROOM_TO_THINK = 2_000
"""Tokens for thinking, beside those of the answer."""
THINKING_OFF: dict[str, Any] = {"reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}}
"""How servers are asked not to let a model think; they ignore what they do not know, or refuse it by name."""
_NEXT_ABOUT_THINKING: dict[Thinking, Thinking] = {"": "off", "off": "room"}


def options_of(
    endpoint: ModelEndpoint, endpoint_options: EndpointOptions, model: str, most_tokens: int, seconds: float,
    response_format: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """The options of one request. The response format and the token limit are sent as raw body fields, since local servers ignore
    the SDK's name of the limit."""
    from openai import Timeout

    off = THINKING_OFF if endpoint_options.thinking == "off" else {}
    room = ROOM_TO_THINK if endpoint_options.thinking == "room" else 0
    options: dict[str, Any] = {
        "model": model,
        "timeout": Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
        "config": {"callbacks": []},
        "extra_body": {**response_format, **off, _limit(endpoint, endpoint_options): most_tokens + room},
    }
    if endpoint_options.streams:
        options["stream_usage"] = endpoint_options.stream_usage
    return options | ({"temperature": 0} if endpoint_options.temperature else {})


def other_options(endpoint: ModelEndpoint, endpoint_options: EndpointOptions, error: Exception) -> EndpointOptions | None:
    """The options without the one that the error names, or without streaming after an empty stream; None for other errors."""
    if endpoint_options.streams and type(error) is ValueError:  # LangChain raises it for a stream without events
        return replace(endpoint_options, streams=False)
    if not declines(error):
        return None
    limit = _limit(endpoint, endpoint_options)
    if endpoint_options.thinking == "off" and any(names_option(error, option) for option in THINKING_OFF):
        return replace(endpoint_options, thinking="room")
    if endpoint_options.temperature and names_option(error, "temperature"):
        return replace(endpoint_options, temperature=False)
    if not endpoint_options.limit and names_option(error, limit):
        return replace(endpoint_options, limit=_OTHER_LIMIT[limit])
    if endpoint_options.streams and endpoint_options.stream_usage and names_option(error, "stream_options"):
        return replace(endpoint_options, stream_usage=False)
    if endpoint_options.streams and (names_option(error, "stream") or names_option(error, "streaming")):
        return replace(endpoint_options, streams=False)
    return None


def after_thinking(endpoint_options: EndpointOptions) -> EndpointOptions | None:
    """The options to try after an answer of nothing but thinking; None if there are no others."""
    thinking = _NEXT_ABOUT_THINKING.get(endpoint_options.thinking)
    return replace(endpoint_options, thinking=thinking) if thinking else None


_OTHER_LIMIT: dict[str, Limit] = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


def _limit(endpoint: ModelEndpoint, endpoint_options: EndpointOptions) -> str:
    usual = "max_completion_tokens" if endpoint.is_openai or endpoint.api_version else "max_tokens"
    return endpoint_options.limit or usual
