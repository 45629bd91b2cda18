"""`askwell doctor`: checks this installation and says what to do about each problem."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from assistant.cli.command_context import settings
from assistant.cli.screen import Screen
from assistant.diagnosis.run_checks import CheckLine, examined
from assistant.services.conversing.status_text import say

if TYPE_CHECKING:
    from collections.abc import Callable


def run(as_json: bool) -> None:
    """Exits with 1 if there is a fault."""
    chosen = settings()
    with _progress() as begins:
        lines = list(examined(chosen, begins))
    if as_json:
        print("\n".join(json.dumps(asdict(line), ensure_ascii=False) for line in lines))
    else:
        _shown(lines)
    sys.exit(int(any(line.level == "fault" for line in lines)))


def _shown(lines: list[CheckLine]) -> None:
    Screen("UTC").rows((say(f"doctor.level_{line.level}"), line.check, line.sentence) for line in lines)
    faults = sum(line.level == "fault" for line in lines)
    print(say("doctor.summary", faults=faults) if faults else say("doctor.healthy"))


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Shows the running check on standard error, if that is a terminal."""
    from rich.console import Console

    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    with console.status(say("doctor.begins")) as status:
        yield lambda check: status.update(say("doctor.looking", check=check))
