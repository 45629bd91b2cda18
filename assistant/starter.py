"""The content folder of an installation and its sample people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.ports import Account
    from assistant.settings import Settings

STARTER = Path(__file__).resolve().parent.parent / "knowledge_base"


def content_folder(settings: Settings) -> Path:
    """The configured knowledge folder, or the starter content."""
    return settings.knowledge or STARTER


def sample_people(settings: Settings) -> tuple[Account, ...]:
    """The sample people in demo mode; nobody otherwise."""
    from assistant.adapters.people_csv import load_people

    source = content_folder(settings) / "people.csv"
    return load_people(source) if settings.demo and source.exists() else ()
