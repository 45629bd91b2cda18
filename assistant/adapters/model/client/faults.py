"""Maps errors of the endpoint and the SDK to failure codes and Retry-After seconds."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from assistant.adapters.model.client.chat import ModelFailed
from assistant.domain.provenance import Fallback

DECLINED = frozenset({400, 415, 422, 501})
"""Status codes that servers return for an option they do not know."""
LONGEST_WAIT = 86_400.0
log = logging.getLogger(__name__)


def failure_of(error: Exception) -> ModelFailed:
    """The ModelFailed for any exception raised by a call."""
    import openai

    if isinstance(error, ModelFailed):
        return error
    if isinstance(error, openai.APIStatusError):
        return _status(error)
    why = _network(tuple(_causes(error)))
    if why:
        return ModelFailed(why)
    if isinstance(error, openai.APIError):
        return _stream_error(error)
    log.warning("An answer of the language model cannot be read (%s).", type(error).__name__)
    return ModelFailed("unreadable")


def declines(error: Exception) -> bool:
    """Whether the endpoint refused the form of this request, so that another form may work."""
    import openai

    declined = isinstance(error, openai.APIStatusError) and error.status_code in DECLINED
    return declined and not _too_long(error) and not _filtered(error)


def is_server_error(error: Exception) -> bool:
    """Whether the endpoint returned 500, as some do for an unknown option."""
    import openai

    return isinstance(error, openai.APIStatusError) and error.status_code == 500


def names_option(error: Exception, option: str) -> bool:
    """Whether the error names this option as the reason."""
    body = getattr(error, "body", None)
    detail = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(detail, dict) and detail.get("param"):
        return str(detail["param"]) == option
    return re.search(rf"\b{option}\b", str(detail)) is not None


def _status(error: Any) -> ModelFailed:
    status, headers = int(error.status_code), error.response.headers
    if status in (401, 403):
        return ModelFailed("refused")
    if status == 404:
        return ModelFailed("no_model")
    if status == 402 or (status == 429 and _code(error) == "insufficient_quota"):
        return ModelFailed("quota", seconds_of(headers.get("retry-after", "")))
    if status == 429:
        return ModelFailed("busy", seconds_of(headers.get("retry-after", "")))
    if status == 413 or _too_long(error):
        return ModelFailed("too_large")
    if _filtered(error):
        return ModelFailed("empty")
    if status == 408:
        return ModelFailed("late")
    return ModelFailed("unreadable") if status < 400 else ModelFailed("fault", seconds_of(headers.get("retry-after", "")))


def _stream_error(error: Any) -> ModelFailed:
    """An error that arrived as an event in a stream."""
    return ModelFailed("too_large" if _too_long(error) else _REPORTED.get(_code(error), "fault"))


def reported(error: Any) -> ModelFailed:
    """The failure that an endpoint reports in the body of an answer whose status says that all is well."""
    told = error if isinstance(error, dict) else {"message": error}
    code = str(told.get("code") or told.get("status") or told.get("type") or "").casefold()
    message = f"{told.get('message') or ''} {told.get('type') or ''}".casefold()
    if code in _REPORTED:
        return ModelFailed(_REPORTED[code])
    if "context" in message and ("length" in message or "size" in message or "window" in message):
        return ModelFailed("too_large")
    return ModelFailed("busy" if _BUSY.search(f"{code} {message}") else "fault")


_BUSY = re.compile(r"rate.?limit|too many requests|overloaded|temporarily unavailable|try again|\b429\b")
_REPORTED: dict[str, Fallback] = {
    "insufficient_quota": "quota", "402": "quota", "rate_limit_exceeded": "busy", "429": "busy", "401": "refused",
    "403": "refused", "invalid_api_key": "refused", "404": "no_model", "model_not_found": "no_model", "413": "too_large",
    "context_length_exceeded": "too_large",
}  # fmt: skip
"""Codes that endpoints report in a body or in a stream."""


def _network(chain: tuple[BaseException, ...]) -> Fallback:
    """The code of the first network error among the causes; empty if there is none."""
    import httpx2
    import openai

    from retrieval.adapters.bounded_http import AnswerCompressed, AnswerTooLarge

    table: tuple[tuple[Any, Fallback], ...] = (
        (AnswerTooLarge, "too_large"),
        (AnswerCompressed, "unreadable"),
        ((httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol, httpx2.InvalidURL), "unreachable"),
        ((httpx2.TimeoutException, openai.APITimeoutError), "late"),
        ((httpx2.NetworkError, httpx2.ProtocolError), "cut"),
    )
    for kinds, why in table:
        if any(isinstance(cause, kinds) for cause in chain):
            return why
    return "unreachable" if any(isinstance(cause, openai.APIConnectionError) for cause in chain) else ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(12):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _code(error: Any) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return str(error.code or body.get("code") or body.get("type") or "")


def _too_long(error: Any) -> bool:
    return any("context" in word and ("length" in word or "size" in word or "window" in word) for word in _words(error))


def _filtered(error: Any) -> bool:
    return any("content_filter" in word or "content_policy" in word for word in _words(error))


def _words(error: Any) -> tuple[str, str, str]:
    return str(error.code or ""), str(error.type or ""), str(error.message or "").casefold()


def seconds_of(header: str) -> float:
    """Seconds of a Retry-After header (a number or a date); 0 if it is missing or invalid."""
    try:
        wait = float(header)
    except ValueError:
        wait = _until(header)
    return min(LONGEST_WAIT, max(0.0, wait)) if wait == wait else 0.0


def _until(header: str) -> float:
    try:
        return parsedate_to_datetime(header).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return 0.0
