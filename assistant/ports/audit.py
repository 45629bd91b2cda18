"""Audit entries, written in the same transaction as the change they record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Audit:
    """Which actor did which operation on which subject, and when (UTC); no free text."""

    actor: str
    operation: str
    subject: str
    at: datetime
