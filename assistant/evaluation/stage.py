"""The product with its starter content in a folder of its own and a clock that stands still, to put questions to."""

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
    """Implements `ports.Clock`; the same plays give the same answers."""

    moment: datetime = STANDSTILL

    def now(self) -> datetime:
        return self.moment


def open_stage(
    folder: Path, progress: Progress, questioner: Questioner = next_question, languages: Languages | None = None
) -> App:  # fmt: skip
    """The product with its starter content in `folder`, prepared once for all scenarios; close it afterwards."""
    from assistant.bootstrap import build
    from assistant.first_start import prepare
    from assistant.settings import Settings

    settings = Settings(data=folder, database_url="", knowledge=None, demo=True, messages_per_minute=0)
    app = build(settings, clock=StoppedClock(), languages=languages, questioner=questioner)
    prepare(app, progress)
    return app
