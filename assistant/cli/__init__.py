"""The command line. Importing this package costs next to nothing: what a command needs is imported when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave: 0 when done, 1 when it was refused or failed, 2 when it was called in a wrong way."""
    from assistant.cli.app import app
    from assistant.cli.command_errors import guarded

    guarded(lambda: app(args=arguments))
