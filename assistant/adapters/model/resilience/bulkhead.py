"""The bulkhead of one endpoint: limits concurrent calls, each in its own thread that can be abandoned at a deadline.

An abandoned call keeps its place until it ends, so a hanging endpoint blocks only its own bulkhead.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import BoundedSemaphore, Thread
from typing import TypeVar

T = TypeVar("T")


class Full(Exception):
    """All places are taken; the work was not started."""


class Late(Exception):
    """The work was abandoned at the deadline; its thread ends by itself."""


class Bulkhead:
    def __init__(self, calls: int) -> None:
        self._places = BoundedSemaphore(calls)

    def run(self, work: Callable[[], T], seconds: float) -> T:
        """Returns or raises what the work does, within `seconds`. Raises Full and Late."""
        if not self._places.acquire(blocking=False):
            raise Full
        result: Future[T] = Future()
        context = copy_context()

        def called() -> None:
            try:
                result.set_result(context.run(work))
            except BaseException as error:
                result.set_exception(error)
            finally:
                self._places.release()

        try:
            Thread(target=called, name="model", daemon=True).start()
        except RuntimeError as error:
            self._places.release()
            raise Full from error
        try:
            return result.result(max(0.0, seconds))
        except TimeoutError as error:
            raise Late from error
