"""Errors of the plain routes become one sentence: what the store cannot do now, and what a request may not hold."""

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
    """503 for a store that is not available, 400 for a value that it cannot hold, 422 for a query or form of another shape.

    Never with the words of the error, which may quote what a person wrote.
    """
    app.add_exception_handler(StoreUnavailable, _store)
    app.add_exception_handler(RequestValidationError, _shape)
    app.add_exception_handler(HTTPException, _http)


def _store(request: Request, error: Exception) -> Response:
    assert isinstance(error, StoreUnavailable)
    return refusal(request.scope, 400 if isinstance(error, ValueNotStorable) else 503, not_stored(error).say)


def _shape(request: Request, error: Exception) -> Response:
    return refusal(request.scope, 422, say("shell.bad_request"))


def _http(request: Request, error: Exception) -> Response:
    """Such as 404 and 405 of the framework, and 400 for a form that cannot be read."""
    assert isinstance(error, HTTPException)
    sentence = say("shell.nothing_here" if error.status_code in (404, 405) else "shell.bad_request")
    return refusal(request.scope, error.status_code, sentence, **dict(error.headers or {}))
