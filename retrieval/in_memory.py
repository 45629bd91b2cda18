"""The product's own Search and Experts over a corpus in memory: for measuring, for trying out, and for tests.

What is measured is what is served: only the place where texts and vectors are kept is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.experts import Experts
from retrieval.ingest import passage_words, profile_words, unit_vectors
from retrieval.passage import Passage, Profile, Unit
from retrieval.people import Evidence, evidence_of
from retrieval.search import Search

if TYPE_CHECKING:
    from retrieval.ports import Embeddings


@dataclass(frozen=True, slots=True)
class Memory:
    """A corpus in memory, for measuring and for tests."""

    owned: Mapping[str, Passage]
    counts: Mapping[str, int]
    people: Mapping[str, Profile]
    parts: Mapping[str, Sequence[Evidence]]

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """By id; unknown ids are left out."""
        return {key: self.owned[key] for key in ids if key in self.owned}

    def sizes(self, article_ids: Iterable[str]) -> dict[str, int]:
        """How many passages each of these articles has."""
        return {key: self.counts[key] for key in article_ids if key in self.counts}

    def profiles(self, ids: Iterable[str]) -> dict[str, Profile]:
        """By id; unknown ids are left out."""
        return {key: self.people[key] for key in ids if key in self.people}

    def evidence_of(self, profile_ids: Iterable[str]) -> dict[str, Evidence]:
        """All matched parts of these people, by the id of the part."""
        return {part.id: part for key in profile_ids for part in self.parts.get(key, ())}


def search_in_memory(
    passages: Sequence[Passage], heads: Mapping[str, str], embeddings: Embeddings, threshold: float = 0.0
) -> Search:
    """The product's Search over passages; `heads` has the line that says what each article is about."""
    from retrieval.adapters.exact_index import ExactIndex
    from retrieval.adapters.tantivy_index import TantivyIndex

    vectors, words = ExactIndex(embeddings.dimension), TantivyIndex()
    units = [Unit(p.id, p.indexed_text, heads.get(p.article_id, "")) for p in passages]
    vectors.upsert([unit.id for unit in units], unit_vectors(embeddings, units))
    words.upsert([passage_words(passage) for passage in passages])
    counts: dict[str, int] = {}
    for passage in passages:
        counts[passage.article_id] = counts.get(passage.article_id, 0) + 1
    corpus = Memory({p.id: p for p in passages}, counts, {}, {})
    return Search(embeddings, vectors, words, corpus, threshold)


def experts_in_memory(profiles: Sequence[Profile], embeddings: Embeddings) -> Experts:
    """The product's Experts over profiles."""
    from retrieval.adapters.exact_index import ExactIndex
    from retrieval.adapters.tantivy_index import TantivyIndex

    vectors, words = ExactIndex(embeddings.dimension), TantivyIndex()
    parts = {profile.id: evidence_of(profile) for profile in profiles}
    units = [Unit(part.id, part.matched) for found in parts.values() for part in found]
    vectors.upsert([unit.id for unit in units], unit_vectors(embeddings, units))
    words.upsert([profile_words(profile) for profile in profiles])
    return Experts(embeddings, vectors, words, Memory({}, {}, {p.id: p for p in profiles}, parts))
