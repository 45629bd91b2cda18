"""Work that takes a while, seen while it goes on: done in a thread of its own, told as it grows, never silent for long.

The thread goes on when nobody listens any more, as when a page was closed: what it records is recorded. What goes wrong is
raised where one listens; where nobody does, a bug is noted.
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
"""Between two tellings at least; and without one at most, for the page takes a longer silence for a lost connection."""

Grown = tuple[Sentence, ...]
Shown = TypeVar("Shown")
Value = TypeVar("Value")


def worked(run: Callable[[OnPartial], Value], shown: Callable[[Grown], Shown]) -> Generator[Shown, None, Value]:
    """The outcome of `run`; meanwhile `shown` of the newest that was heard, again where nothing new came for long."""
    heard = _LatestPartial()
    work = _begun(lambda: run(heard.on_partial))
    work.add_done_callback(heard.end)
    try:
        while True:
            grown = heard.newest(SILENCE_SECONDS)
            if work.done():
                return work.result()
            yield shown(grown)
            wait([work], EVERY_SECONDS)
    finally:
        if not work.done():
            work.add_done_callback(_note)


class _LatestPartial:
    """The newest that was heard; what was not taken before it came is forgotten."""

    def __init__(self) -> None:
        self._grown: Grown = ()
        self._news = Event()

    def on_partial(self, grown: Grown) -> None:
        self._grown = grown
        self._news.set()

    def end(self, _: object) -> None:
        self._news.set()

    def newest(self, patience: float) -> Grown:
        self._news.wait(patience)
        self._news.clear()
        return self._grown


def _begun(run: Callable[[], Value]) -> Future[Value]:
    threads = ThreadPoolExecutor(1, thread_name_prefix="worked")
    work = threads.submit(copy_context().run, _available, run)
    threads.shutdown(wait=False)
    return work


def _available(run: Callable[[], Value]) -> Value:
    with available():
        return run()


def _note(work: Future[Value]) -> None:
    error = work.exception()
    if isinstance(error, Exception) and not isinstance(error, StoreUnavailable):
        note_bug(error)
