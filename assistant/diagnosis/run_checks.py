"""Runs all checks in order. A check that raises becomes a finding, and the others still run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.diagnosis.data_folder import data_folder, knowledge_folder
from assistant.diagnosis.database import database
from assistant.diagnosis.environment import clock, demo, port
from assistant.diagnosis.findings import Check, Finding, Level, fault
from assistant.diagnosis.mentors import mentors
from assistant.diagnosis.model_endpoint import language_model
from assistant.diagnosis.search_checks import embedder, index
from assistant.settings import Settings

CHECKS: dict[str, Check] = {
    "data": data_folder, "knowledge": knowledge_folder, "database": database, "mentors": mentors, "embedder": embedder,
    "index": index, "demo": demo, "port": port, "clock": clock, "model": language_model,
}  # fmt: skip
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CheckLine:
    """One finding with the name of its check."""

    check: str
    level: Level
    sentence: str


def examined(settings: Settings, begins: Callable[[str], None] = lambda check: None) -> Iterator[CheckLine]:
    """Yields findings as they are made; calls `begins` with the name of each check before it runs."""
    for name, check in CHECKS.items():
        begins(name)
        for finding in _run(name, check, settings):
            yield CheckLine(name, finding.level, finding.sentence)


def _run(name: str, check: Check, settings: Settings) -> Iterator[Finding]:
    try:
        yield from check(settings)
    except Exception as error:  # a bug in a check becomes a finding too
        log.error("The check %s broke (%s).", name, type(error).__name__)
        yield fault("doctor.broken", check=name)
