"""Opens the product with its starter content in a folder of its own and a fixed clock, for evaluations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.dialogue.clarify import Questioner, next_question
from assistant.ports import Languages

if TYPE_CHECKING:
    from assistant.bootstrap import App

STANDSTILL = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class StoppedClock:
    """A `ports.Clock` that always gives the same time, so that runs are reproducible."""

    moment: datetime = STANDSTILL

    def now(self) -> datetime:
        return self.moment


def open_stage(
    folder: Path, progress: Progress, questioner: Questioner = next_question, languages: Languages | None = None
) -> App:  # fmt: skip
    """Opens the product in `folder` and imports the starter content. Close it afterwards."""
    from assistant.bootstrap import build
    from assistant.first_start import prepare
    from assistant.settings import Settings

    settings = Settings(data=folder, database_url="", knowledge=None, demo=True, messages_per_minute=0)
    app = build(settings, clock=StoppedClock(), languages=languages, questioner=questioner)
    prepare(app, progress)
    return app
