"""What an ingest has to do, compared by content hash, and what it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.importing.import_report import Problem
from retrieval.passage import Article, Profile, content_hash


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Counts of articles and profiles by what happened to them; `embedded` passages and profile sentences, and those still
    `waiting` for a vector. `refused` are records that were not taken, `unused` are values that were not understood; `more_*`
    count the problems beyond those that are listed."""

    articles_added: int = 0
    articles_changed: int = 0
    articles_removed: int = 0
    articles_unchanged: int = 0
    profiles_added: int = 0
    profiles_changed: int = 0
    profiles_removed: int = 0
    profiles_unchanged: int = 0
    embedded: int = 0
    waiting: int = 0
    refused: tuple[Problem, ...] = ()
    unused: tuple[Problem, ...] = ()
    more_refused: int = 0
    more_unused: int = 0


@dataclass(frozen=True, slots=True)
class IngestPlan:
    """Ids by what has to be done with them."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]

    @property
    def replaced(self) -> tuple[str, ...]:
        """Ids whose old passages or sentences have to go."""
        return self.changed + self.removed

    @property
    def written(self) -> frozenset[str]:
        """Ids that are written."""
        return frozenset(self.added + self.changed)


def plan_ingest(known: Mapping[str, str], given: Sequence[Article] | Sequence[Profile], prune: bool) -> IngestPlan:
    """Compares the stored hashes with the given content; with `prune`, what is not given is removed if anything is given."""
    hashes = {value.id: content_hash(value) for value in given}
    return IngestPlan(
        tuple(key for key in hashes if key not in known),
        tuple(key for key, value in hashes.items() if key in known and known[key] != value),
        tuple(key for key in known if key not in hashes) if prune and hashes else (),
        tuple(key for key, value in hashes.items() if known.get(key) == value),
    )


def report_of(articles: IngestPlan, profiles: IngestPlan, embedded: int, waiting: int) -> IngestReport:
    """The report of a finished ingest."""
    return IngestReport(
        articles_added=len(articles.added),
        articles_changed=len(articles.changed),
        articles_removed=len(articles.removed),
        articles_unchanged=len(articles.unchanged),
        profiles_added=len(profiles.added),
        profiles_changed=len(profiles.changed),
        profiles_removed=len(profiles.removed),
        profiles_unchanged=len(profiles.unchanged),
        embedded=embedded,
        waiting=waiting,
    )
