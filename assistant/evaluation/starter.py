"""The starter base as a corpus in memory, for the sets that ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.passage import Article, Profile


def starter_articles() -> list[Article]:
    """All articles and guides that ship with the project."""
    return _sources()[0]


def starter_people() -> list[Profile]:
    """All sample mentors."""
    return _sources()[1]


def _sources() -> tuple[list[Article], list[Profile]]:
    from assistant.bootstrap import STARTER
    from assistant.services.curation import read_sources

    return read_sources(STARTER)
