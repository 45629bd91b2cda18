"""Classifies the faults of an endpoint: a sentence for people, whether to retry, and the requested pause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PASSING = frozenset({408, 409, 425, 429})


@dataclass(frozen=True, slots=True)
class Fault:
    """`sentence` may be shown to a person; `passing` faults may be retried, after `wait` seconds."""

    sentence: str
    passing: bool
    wait: float = 0.0


def fault_of(error: Exception, model: str) -> Fault:
    """The fault for an exception of the SDK."""
    import openai

    if isinstance(error, openai.APIStatusError):
        return _status(error, model)
    if isinstance(error, openai.APITimeoutError):
        return Fault("The embedding endpoint did not answer in time.", passing=True)
    if isinstance(error, openai.APIConnectionError):
        return Fault("The embedding endpoint cannot be reached, or its answer broke off.", passing=True)
    return Fault("The embedding endpoint gave an answer that cannot be read.", passing=True)


def _status(error: Any, model: str) -> Fault:
    status = int(error.status_code)
    if status in (401, 403):
        return Fault("The embedding endpoint refused the key. Check ASKWELL_EMBEDDING_API_KEY.", passing=False)
    if status == 404:
        return Fault(f"The embedding endpoint does not know the model {model!r}, or its address is wrong.", passing=False)
    if status == 429 and error.code == "insufficient_quota":
        return Fault("The embedding endpoint says that the account has no credit left.", passing=False)
    if status == 429:
        wait = _seconds(error.response.headers.get("retry-after", ""))
        hint = f" for {wait:.0f} seconds" if wait else ""
        return Fault(f"The embedding endpoint has too much to do and asks to be left alone{hint}.", passing=True, wait=wait)
    if status >= 500 or status in PASSING:
        return Fault(f"The embedding endpoint reports a fault of its own ({status}).", passing=True)
    if status < 400:
        return Fault("The embedding endpoint sends to another address. Set ASKWELL_EMBEDDING_BASE_URL to it.", passing=False)
    return Fault(f"The embedding endpoint did not accept the texts ({status}).", passing=False)


def _seconds(text: str) -> float:
    """Retry-After in seconds; 0 if it is missing or a date."""
    try:
        return min(86_400.0, max(0.0, float(text)))
    except ValueError:
        return 0.0
