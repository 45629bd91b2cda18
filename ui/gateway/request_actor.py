"""The signed-in person of a request, looked up in a thread because it reads the database."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

from assistant.services.accounts.access import Actor

FindActor = Callable[[Request], Actor | None]


async def signed_in_actor(find_actor: FindActor, scope: Scope) -> Actor | None:
    return await run_in_threadpool(find_actor, Request(scope))


def address(scope: Scope) -> str:
    """The client's network address, or "" if it is unknown."""
    client = HTTPConnection(scope).client
    return client.host if client else ""
