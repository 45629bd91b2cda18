"""Runs slow work in a thread and yields its progress, at least every few seconds.

The thread finishes even if the caller stops iterating, for example because the page was closed. Exceptions are raised to the
caller; if there is none any more, a bug is logged.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from threading import Event
from typing import TypeVar

from assistant.adapters.store.sql_engine import available
from assistant.dialogue.language_io import OnPartial
from assistant.domain.reply import Sentence
from assistant.logs import note_bug
from assistant.ports import StoreUnavailable

EVERY_SECONDS, SILENCE_SECONDS = 0.2, 4.0
"""Shortest and longest time between two yields: the page takes a longer silence for a lost connection."""

Partial = tuple[Sentence, ...]
Shown = TypeVar("Shown")
Value = TypeVar("Value")


def run_with_progress(run: Callable[[OnPartial], Value], show: Callable[[Partial], Shown]) -> Generator[Shown, None, Value]:
    """Yields `show` of the latest partial answer while `run` works (repeated after a long silence), then returns its result."""
    latest = _LatestPartial()
    work = _start(lambda: run(latest.on_partial))
    work.add_done_callback(latest.end)
    try:
        while True:
            partial = latest.wait(SILENCE_SECONDS)
            if work.done():
                return work.result()
            yield show(partial)
            wait([work], EVERY_SECONDS)
    finally:
        if not work.done():
            work.add_done_callback(_log_bug)


class _LatestPartial:
    """The latest partial answer; earlier ones that were not read are dropped."""

    def __init__(self) -> None:
        self._partial: Partial = ()
        self._changed = Event()

    def on_partial(self, partial: Partial) -> None:
        self._partial = partial
        self._changed.set()

    def end(self, _: object) -> None:
        self._changed.set()

    def wait(self, timeout: float) -> Partial:
        self._changed.wait(timeout)
        self._changed.clear()
        return self._partial


def _start(run: Callable[[], Value]) -> Future[Value]:
    threads = ThreadPoolExecutor(1, thread_name_prefix="progress")
    work = threads.submit(copy_context().run, _with_store, run)
    threads.shutdown(wait=False)
    return work


def _with_store(run: Callable[[], Value]) -> Value:
    with available():
        return run()


def _log_bug(work: Future[Value]) -> None:
    error = work.exception()
    if isinstance(error, Exception) and not isinstance(error, StoreUnavailable):
        note_bug(error)
