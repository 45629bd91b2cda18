"""Ends a process that a test or a measurement has started."""

from __future__ import annotations

import signal
import subprocess
from contextlib import suppress
from typing import Any

GOODBYE_SECONDS = 15


def end(process: subprocess.Popen[Any]) -> None:
    """Asks it to end, and kills it when it does not."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GOODBYE_SECONDS)
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
        process.wait()
