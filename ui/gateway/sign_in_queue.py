"""Checks passwords in a bounded thread pool, so that a flood of sign-ins does not slow down people who are signed in.

Browsers known from an earlier sign-in have a separate queue that unknown browsers cannot fill.
"""

from __future__ import annotations

from functools import partial

from starlette.concurrency import run_in_threadpool

from assistant.services.accounts.sign_in import AT_ONCE, SignInService, SignInToken
from assistant.services.results import Refusal, refuse
from ui.gateway.bounded_pool import BoundedPool, PoolFull

WAITING, WAITING_KNOWN, KNOWN_PER_ACCOUNT = 16, 8, 2
RETRY_AFTER_SECONDS = 5


class SignInQueue:
    def __init__(self, sign_in_service: SignInService) -> None:
        self._sign_in_service = sign_in_service
        self._unknown = BoundedPool("sign-in", AT_ONCE, WAITING)
        self._known = BoundedPool("sign-in-known", 1, WAITING_KNOWN, KNOWN_PER_ACCOUNT)

    async def sign_in(self, login: str, password: str, where: str, browser: str) -> SignInToken | Refusal:
        """As `SignInService.sign_in`, or the refusal `sign_in_busy` if the queue is full. Raises StoreUnavailable."""
        check = partial(self._sign_in_service.sign_in, login, password, where, browser)
        known = bool(browser) and await run_in_threadpool(self._sign_in_service.knows, login, browser)
        try:
            return await (self._known.run(check, login.strip()) if known else self._unknown.run(check))
        except PoolFull:
            return refuse("sign_in_busy")
