"""Who asks: the sign-in behind a request, looked up in a thread, because it is a question to the database."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

from assistant.services.accounts.access import Actor

Who = Callable[[Request], Actor | None]


async def asking(who: Who, scope: Scope) -> Actor | None:
    """The person who is signed in, or None."""
    return await run_in_threadpool(who, Request(scope))


def address(scope: Scope) -> str:
    """The client's network address, or "" when the server does not know it."""
    client = HTTPConnection(scope).client
    return client.host if client else ""
