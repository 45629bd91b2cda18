"""The product's own Search and Experts over a corpus in memory, for evaluations and tests.

Only the storage of texts and vectors differs from the product.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.indexing.calibration import threshold_of, uses_sentences, usual_threshold, weight_of
from retrieval.indexing.lexical_entries import passage_words, profile_words
from retrieval.indexing.unit_embedding import unit_vectors
from retrieval.passage import Article, Passage, Profile, Unit
from retrieval.passages.fuse import ranked
from retrieval.passages.search import POOL, RERANKED, Search
from retrieval.passages.sentence_vectors import SentenceVectors, SentenceVectorStore, embed_sentences, nearest, with_sentences
from retrieval.people.contributions import Contribution, ContributionSearch
from retrieval.people.experts import Experts
from retrieval.people.profile_text import ProfileSentence, evidence_of

if TYPE_CHECKING:
    from retrieval.ports import Embeddings, VectorSearch, WordSearch


@dataclass(frozen=True, slots=True)
class Memory:
    """A PassageStore and ProfileStore in memory."""

    owned: Mapping[str, Passage]
    counts: Mapping[str, int]
    people: Mapping[str, Profile]
    parts: Mapping[str, Sequence[ProfileSentence]]

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """By id; unknown ids are left out."""
        return {key: self.owned[key] for key in ids if key in self.owned}

    def sizes(self, article_ids: Iterable[str]) -> dict[str, int]:
        """The number of passages of each of these articles."""
        return {key: self.counts[key] for key in article_ids if key in self.counts}

    def profiles(self, ids: Iterable[str]) -> dict[str, Profile]:
        """By id; unknown ids are left out."""
        return {key: self.people[key] for key in ids if key in self.people}

    def evidence_of(self, profile_ids: Iterable[str]) -> dict[str, ProfileSentence]:
        """All sentences of these people, by id of the sentence."""
        return {part.id: part for key in profile_ids for part in self.parts.get(key, ())}


@dataclass(frozen=True, slots=True)
class SentencesInMemory:
    """A SentenceVectorStore in memory, by passage id."""

    rows: Mapping[str, SentenceVectors]

    def kept(self, passage_ids: Iterable[str]) -> dict[str, SentenceVectors]:
        """By id; unknown ids are left out."""
        return {key: self.rows[key] for key in passage_ids if key in self.rows}


@dataclass(frozen=True, slots=True)
class Halves:
    """The rankings by vectors alone (passages and their sentences) and by words alone, to compare the fused ranking with."""

    embeddings: Embeddings
    vectors: VectorSearch
    words: WordSearch
    sentence_store: SentenceVectorStore | None

    def find(self, question: str, k: int) -> tuple[list[str], list[str]]:
        """The ids of the k best passages by vectors, and by words."""
        vector, pool = self.embeddings.embed([question])[0], max(POOL, k)
        dense = self.vectors.search(vector, pool)
        rescored = [key for key, _ in dense[: max(RERANKED, 2 * k)]]
        sentences = nearest(vector, self.sentence_store.kept(rescored)) if self.sentence_store else {}
        by_vectors, by_words = with_sentences(dict(dense), sentences), dict(self.words.search(question, pool))
        return [key for key, _ in ranked(by_vectors)[:k]], [key for key, _ in ranked(by_words)[:k]]


def search_in_memory(
    passages: Sequence[Passage], heads: Mapping[str, str], embeddings: Embeddings, threshold: float = 0.0
) -> Search:
    """The product's Search over passages; `heads` are title and summary of the articles by id."""
    return search_and_halves(passages, heads, embeddings, threshold)[0]


def search_articles(articles: Sequence[Article], embeddings: Embeddings) -> Search:
    """The product's Search over whole articles, at the threshold of the embedder."""
    from retrieval.passages.split import passages_of

    passages = [passage for article in articles for passage in passages_of(article)]
    heads = {article.id: article.head for article in articles}
    measured = threshold_of(embeddings.id)
    return search_in_memory(passages, heads, embeddings, usual_threshold() if measured is None else measured)


def search_and_halves(
    passages: Sequence[Passage], heads: Mapping[str, str], embeddings: Embeddings, threshold: float = 0.0
) -> tuple[Search, Halves]:
    """The product's Search over passages, with the two halves that it fuses."""
    from retrieval.adapters.exact_index import ExactIndex
    from retrieval.adapters.tantivy_index import TantivyIndex

    vectors, words = ExactIndex(embeddings.dimension), TantivyIndex()
    units = [Unit(p.id, p.indexed_text, heads.get(p.article_id, "")) for p in passages]
    vectors.upsert([unit.id for unit in units], unit_vectors(embeddings, units))
    words.upsert([passage_words(passage) for passage in passages])
    counts = Counter(passage.article_id for passage in passages)
    corpus = Memory({p.id: p for p in passages}, counts, {}, {})
    sentence_store = SentencesInMemory(embed_sentences(passages, embeddings)) if uses_sentences(embeddings.id) else None
    search = Search(embeddings, vectors, words, corpus, threshold, weight_of(embeddings.id), sentence_store)
    return search, Halves(embeddings, vectors, words, sentence_store)


def experts_in_memory(
    profiles: Sequence[Profile],
    embeddings: Embeddings,
    contributions: ContributionSearch | None = None,
) -> Experts:
    """The product's Experts over profiles and, if given, contributions."""
    from retrieval.adapters.exact_index import ExactIndex
    from retrieval.adapters.tantivy_index import TantivyIndex

    vectors, words = ExactIndex(embeddings.dimension), TantivyIndex()
    parts = {profile.id: [part for part in evidence_of(profile) if part.matched] for profile in profiles}
    units = [Unit(part.id, part.matched) for found in parts.values() for part in found]
    vectors.upsert([unit.id for unit in units], unit_vectors(embeddings, units))
    words.upsert([profile_words(profile) for profile in profiles])
    corpus = Memory({}, {}, {p.id: p for p in profiles}, parts)
    return Experts(embeddings, vectors, words, corpus, contributions, labels=embeddings)


def contributions_in_memory(contributions: Sequence[Contribution], embeddings: Embeddings) -> ContributionSearch:
    """The product's index of contributions."""
    from retrieval.adapters.dated_index import DatedIndex

    index = DatedIndex(embeddings.dimension)
    index.put(
        contributions, unit_vectors(embeddings, [Unit(contribution.id, contribution.matched) for contribution in contributions])
    )
    return index
