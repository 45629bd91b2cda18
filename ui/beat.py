"""The heartbeat of a server: interrupted turns first, then every few seconds whatever is due; one thread, ended with it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.adapters.sql_engine import available
from assistant.cli.logs import note_bug
from assistant.ports import StoreUnavailable

if TYPE_CHECKING:
    from assistant.bootstrap import App

EVERY_SECONDS = 10.0
PATIENCE = timedelta(seconds=20)


class Beat:
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
        patience = timedelta(0)
        while True:
            self._once(patience)
            patience = PATIENCE
            if self._ending.wait(self._every):
                return

    def _once(self, patience: timedelta) -> None:
        """A failure is noted, and the next beat tries again."""
        try:
            with available():
                self._app.clockwork.tick(patience)
        except StoreUnavailable as error:
            note_bug(error)
        except Exception as error:  # a bug in one beat must not end all of them
            note_bug(error)
