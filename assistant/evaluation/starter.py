"""The starter content in memory, for sets that query it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.importing.import_report import Sources
    from retrieval.passage import Article, Profile


def starter_articles() -> list[Article]:
    """All articles and guides that ship with the project."""
    return list(_sources().articles)


def starter_people() -> list[Profile]:
    """All sample mentors."""
    return list(_sources().profiles)


def _sources() -> Sources:
    from assistant.starter import STARTER
    from retrieval.importing.content_files import read_sources

    return read_sources(STARTER)
