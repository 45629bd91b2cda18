"""Ports for the stored content: articles with their passages, profiles with their sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from retrieval.passage import Article, Passage, Profile, Unit

OwnerKind = Literal["articles", "profiles"]
UnitKind = Literal["passages", "evidence"]
"""What is embedded: passages belong to articles, evidence (sentences of a profile) to profiles."""


class Corpus(Protocol):
    """Reads the content. The indexes are built from it and can be rebuilt at any time."""

    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]:
        """By id; all articles if ids is None. Unknown ids are left out."""

    def passages(self, ids: Iterable[str] | None = None) -> dict[str, Passage]:
        """By id; all passages if ids is None. Unknown ids are left out."""

    def profiles(self, ids: Iterable[str] | None = None) -> dict[str, Profile]:
        """By id; all profiles if ids is None. Unknown ids are left out."""


class UnitStore(Protocol):
    """Reads the units that are embedded."""

    def units(self, kind: UnitKind, ids: Sequence[str]) -> list[Unit]:
        """The texts to embed for these passages, or for this evidence."""

    def children(self, kind: UnitKind, owner_ids: Sequence[str]) -> list[str]:
        """Ids of the passages of these articles, or of the evidence of these profiles."""

    def count_units(self, *kinds: UnitKind) -> int:
        """The number of units of these kinds; of both kinds if none is given."""


class IndexedCorpus(Corpus, UnitStore, Protocol):
    """What the indexes are built from."""

    def hashes(self, kind: OwnerKind | UnitKind) -> dict[str, str]:
        """The content hash of each row, by id."""

    def fingerprint(self) -> str:
        """One hash of all units: an index with the same fingerprint is up to date."""


class ContentStore(IndexedCorpus, Protocol):
    """Reads and writes the content."""

    def put_articles(self, articles: Sequence[Article]) -> list[Passage]:
        """Adds or replaces articles in one transaction; returns their passages."""

    def put_profiles(self, profiles: Sequence[Profile]) -> object:
        """Adds or replaces profiles and their evidence in one transaction."""

    def remove(self, kind: OwnerKind, ids: Sequence[str]) -> None:
        """Removes articles with their passages, or profiles with their evidence."""
