"""The lock of an index folder: the file `lock` in it, locked (flock) by the owner while it runs."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO


class FileLock:
    """A FolderLock by a file that the operating system unlocks when the process ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Takes the lock; False if another process, or another FileLock of this one, holds it."""
        self.path.mkdir(parents=True, exist_ok=True)
        handle = (self.path / "lock").open("ab")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        self._held = handle
        return True

    def release(self) -> None:
        """Releases the lock, so that another process can own the folder."""
        if self._held is not None:
            self._held.close()
            self._held = None
