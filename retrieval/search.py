"""A question in, evidence out: the best passages, how strong they are, and whether the base knows at all.

Both indexes are asked for a pool of candidates, which are fused. Strength is a matter of meaning only: the mean cosine
of the three nearest passages of the best article; below the threshold of the embedder the base knows nothing, and
then nothing may be cited. An identifier that stands word for word in a found passage counts for something more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from retrieval.abstain import class_strengths, strongest
from retrieval.fuse import DENSE_WEIGHT, fuse, ranked, stretch
from retrieval.passage import Passage
from retrieval.ports import Embeddings, Scored, VectorSearch, WordSearch
from retrieval.quote import best_quote
from retrieval.text import identifiers

POOL = 100
"""Candidates asked of each index."""
IDENTIFIER_BONUS = 0.1
REFERS, REFERS_FACTOR = ("when to ask", "when to involve", "when to call"), 0.8
"""Headings of the parts that send the reader to a person, and what is left of their score."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage. `score` is the fused one, 0..1; `dense` the cosine, -1..1 (0 if only words matched); `lexical`
    is 0..1 of the best; `quote` is an exact substring of the passage, its one or two sentences that answer best."""

    passage: Passage
    score: float
    dense: float
    lexical: float
    quote: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the base has on a question. If not `known`, the hits are the nearest there is, and none may be cited."""

    hits: tuple[Hit, ...]
    strength: float
    known: bool


class Passages(Protocol):
    """Where the found ids are looked up."""

    def passages(self, ids: Sequence[str]) -> Mapping[str, Passage]:
        """By id; unknown ids are left out."""

    def sizes(self, article_ids: Sequence[str]) -> Mapping[str, int]:
        """How many passages each of these articles has."""


class Search:
    """Finds passages. It reads only, may be used by many threads, and gives the same answer to the same question."""

    def __init__(
        self,
        embeddings: Embeddings,
        vectors: VectorSearch,
        lexical: WordSearch,
        corpus: Passages,
        threshold: float,
        dense_weight: float = DENSE_WEIGHT,
    ) -> None:
        self._embeddings = embeddings
        self._vectors = vectors
        self._lexical = lexical
        self._corpus = corpus
        self.threshold = threshold
        self._weight = dense_weight

    def search(self, question: str, k: int = 5) -> Evidence:
        """The k best passages for a question, best first; several of one article are allowed."""
        if not question.strip() or k < 1:
            return Evidence((), 0.0, False)
        dense, lexical = self._ask(question, k)
        known = self._ranking(dense, lexical, k)
        relative, cosines = stretch(lexical, floor=0.0), dict(dense)
        hits = tuple(
            Hit(passage, score, cosines.get(passage.id, 0.0), relative.get(passage.id, 0.0),
                best_quote(question, passage.text))
            for passage, score in known
        )  # fmt: skip
        strength = self._strength(question, dense, hits)
        return Evidence(hits, strength, bool(hits) and strength >= self.threshold)

    def ranking(self, question: str, k: int) -> list[tuple[Passage, float]]:
        """The k best passages with their fused scores, as `search` orders them, without quotes and strength."""
        return self._ranking(*self._ask(question, k), k)

    def _ask(self, question: str, k: int) -> tuple[list[Scored], dict[str, float]]:
        """The candidates of both halves."""
        pool = max(POOL, k)
        dense = self._vectors.search(self._embeddings.embed([question])[0], pool)
        return dense, dict(self._lexical.search(question, pool))

    def _ranking(self, dense: Sequence[Scored], lexical: Mapping[str, float], k: int) -> list[tuple[Passage, float]]:
        best = ranked(fuse(dict(dense), lexical, self._weight))[: 2 * k + 10]
        found = self._corpus.passages([key for key, _ in best])
        return _answers_first([(found[key], score) for key, score in best if key in found])[:k]

    def best_article(self, question: str) -> str | None:
        """The id of the article that answers by the rule of abstention, or None if the base does not know."""
        dense = self._vectors.search(self._embeddings.embed([question])[0], POOL)
        best, strength = strongest(self._strengths(dense))
        return best if best and strength >= self.threshold else None

    def _strength(self, question: str, dense: Sequence[Scored], hits: Sequence[Hit]) -> float:
        _, strength = strongest(self._strengths(dense))
        return min(1.0, strength + (IDENTIFIER_BONUS if _names_it(question, hits[:1]) else 0.0))

    def _strengths(self, dense: Sequence[Scored]) -> dict[str, float]:
        owners = {key: key.rpartition("#")[0] for key, _ in dense}
        return class_strengths(dense, owners, self._corpus.sizes(sorted(set(owners.values()))))


def _answers_first(hits: Sequence[tuple[Passage, float]]) -> list[tuple[Passage, float]]:
    """A part that says when to ask a person repeats the question without answering it: it loses a little."""
    scores = {passage.id: score * (REFERS_FACTOR if _refers(passage) else 1.0) for passage, score in hits}
    passages = {passage.id: passage for passage, _ in hits}
    return [(passages[key], score) for key, score in ranked(scores)]


def _refers(passage: Passage) -> bool:
    return bool(passage.headings) and passage.headings[-1].lower().startswith(REFERS)


def _names_it(question: str, hits: Sequence[Hit]) -> bool:
    wanted = set(identifiers(question))
    return any(wanted & set(identifiers(f"{hit.passage.title} {hit.passage.text}")) for hit in hits)
