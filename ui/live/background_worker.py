"""Background thread: recovers interrupted turns, loads models and indexes, then runs due jobs every 10 s.

Loading at the start spares the first person the wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.dialogue.understanding import Turn
from assistant.logs import note_bug

if TYPE_CHECKING:
    from assistant.bootstrap import App

EVERY_SECONDS = 10.0
PENDING_AFTER = timedelta(seconds=20)
"""A turn without an answer for this long counts as interrupted."""
WARM_UP_TEXT = "a question to begin with"


class BackgroundWorker:
    def __init__(self, app: App, every: float = EVERY_SECONDS) -> None:
        self._app, self._every = app, every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="background-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stops the thread; waits up to 5 s for the run under way."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        self._run_safely(lambda: self._app.services.due_jobs.tick(timedelta(0)))
        self._run_safely(self._warm_up)
        while not self._stopping.wait(self._every):
            self._run_safely(lambda: self._app.services.due_jobs.tick(PENDING_AFTER))

    def _warm_up(self) -> None:
        """Runs one search, one ranking and one understanding, and stores nothing. A model endpoint is prepared but not called."""
        if self._app.settings.model_endpoint:
            self._app.chat.warm()
        search, experts = self._app.retrieval.search, self._app.retrieval.experts
        search.search(WARM_UP_TEXT, 1)
        experts.find(WARM_UP_TEXT, 1)
        self._app.label_similarity.relevance(WARM_UP_TEXT, [WARM_UP_TEXT])
        self._app.offline.turn("").understand(Turn(WARM_UP_TEXT, self._app.clock.now(), "UTC"))

    def _run_safely(self, job: Callable[[], object]) -> None:
        """Logs an exception; the next run tries again."""
        try:
            job()
        except Exception as error:  # a bug in one run must not end the thread
            note_bug(error)
