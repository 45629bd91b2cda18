"""Turns exceptions of the plain routes into an answer with one sentence."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from assistant.ports import StoreUnavailable, ValueNotStorable
from assistant.services.conversing.status_text import say
from assistant.services.results import not_stored
from ui.gateway.refusals import refusal


def answer_errors(app: FastAPI) -> None:
    """503 if the store is unavailable, 400 for a value it cannot store, 422 for a malformed query or form.

    The error's own text is never shown, because it may quote what a person wrote.
    """
    app.add_exception_handler(StoreUnavailable, _store_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)


def _store_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, StoreUnavailable)
    return refusal(request.scope, 400 if isinstance(error, ValueNotStorable) else 503, not_stored(error).say)


def _malformed(request: Request, error: Exception) -> Response:
    return refusal(request.scope, 422, say("http_error.bad_request"))


def _http_error(request: Request, error: Exception) -> Response:
    """Errors of the framework: 404, 405, and 400 for a form that cannot be parsed."""
    assert isinstance(error, HTTPException)
    sentence = say("http_error.nothing_here" if error.status_code in (404, 405) else "http_error.bad_request")
    return refusal(request.scope, error.status_code, sentence, **dict(error.headers or {}))
