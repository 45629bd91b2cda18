"""The command line. Each command imports what it needs when it runs, so that the start is fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command and exits: 0 if done, 1 if refused or failed, 2 for wrong arguments or settings."""
    from assistant.cli.app import app
    from assistant.cli.command_errors import guarded

    guarded(lambda: app(args=arguments))
