"""The heartbeat of a server: interrupted turns first, then every few seconds whatever is due; one thread, ended with it.

Between the two it loads what a turn needs, so that the first person after a start does not wait for models and indexes.
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
PATIENCE = timedelta(seconds=20)
WORDS = "a question to begin with"


class BackgroundWorker:
    def __init__(self, app: App, every: float = EVERY_SECONDS) -> None:
        self._app, self._every = app, every
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="beat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Waits for the run that is under way."""
        self._ending.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        self._once(lambda: self._app.services.due_jobs.tick(timedelta(0)))
        self._once(self._warm)
        while not self._ending.wait(self._every):
            self._once(lambda: self._app.services.due_jobs.tick(PATIENCE))

    def _warm(self) -> None:
        """Reads and computes, and stores nothing. A model at an endpoint is made ready and not called."""
        if self._app.settings.model_endpoint:
            self._app.chat.warm()
        search, experts = self._app.retrieval.search, self._app.retrieval.experts
        search.search(WORDS, 1)
        experts.find(WORDS, 1)
        self._app.label_similarity.relevance(WORDS, [WORDS])
        self._app.offline.turn("").understand(Turn(WORDS, self._app.clock.now(), "UTC"))

    def _once(self, work: Callable[[], object]) -> None:
        """A failure is noted, and the next beat tries again."""
        try:
            work()
        except Exception as error:  # a bug in one beat must not end all of them
            note_bug(error)
