"""A question in, evidence out: the best passages, how strong they are, and whether the base knows at all.

Both indexes are asked for a pool of candidates, which are fused. Strength is a matter of meaning only: the mean cosine
of the three nearest passages of the best article; below the threshold of the embedder the base knows nothing, and
then nothing may be cited. An identifier that stands word for word in a found passage counts for something more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from retrieval.fuse import DENSE_WEIGHT, fuse, ranked, stretch
from retrieval.passage import Passage
from retrieval.ports import Embeddings, Scored, VectorSearch, WordSearch
from retrieval.quote import best_quote
from retrieval.text import identifiers

POOL = 100
"""Candidates asked of each index."""
NEAREST = 3
"""Passages of one article that make its strength."""
IDENTIFIER_BONUS = 0.1


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
        dense = self._vectors.search(self._embeddings.embed([question])[0], max(POOL, k))
        lexical = dict(self._lexical.search(question, max(POOL, k)))
        best = ranked(fuse(dict(dense), lexical, self._weight))[: k + NEAREST]
        found = self._corpus.passages([key for key, _ in best])
        known = [(found[key], score) for key, score in best if key in found][:k]
        relative, cosines = stretch(lexical, floor=0.0), dict(dense)
        hits = tuple(
            Hit(passage, score, cosines.get(passage.id, 0.0), relative.get(passage.id, 0.0),
                best_quote(question, passage.text))
            for passage, score in known
        )  # fmt: skip
        strength = self._strength(question, dense, hits)
        return Evidence(hits, strength, bool(hits) and strength >= self.threshold)

    def _strength(self, question: str, dense: Sequence[Scored], hits: Sequence[Hit]) -> float:
        owners = {key: key.rpartition("#")[0] for key, _ in dense}
        sizes = self._corpus.sizes(sorted(set(owners.values())))
        base = max(class_strengths(dense, owners, sizes).values(), default=0.0)
        return min(1.0, base + (IDENTIFIER_BONUS if _names_it(question, hits[:1]) else 0.0))


def class_strengths(nearest: Sequence[Scored], owners: Mapping[str, str], sizes: Mapping[str, int]) -> dict[str, float]:
    """For each owner (an article, a class of utterances) the mean score of its NEAREST best members.

    `nearest` is best first. A member beyond the end of the list counts as the last of it; an owner with fewer
    members than NEAREST is judged by those it has.
    """
    members: dict[str, list[float]] = {}
    for key, score in nearest:
        members.setdefault(owners[key], []).append(score)
    last = nearest[-1][1] if nearest else 0.0
    strengths = {}
    for owner, scores in members.items():
        wanted = max(1, min(NEAREST, sizes.get(owner, len(scores))))
        best = (scores + [last] * NEAREST)[:wanted]
        strengths[owner] = sum(best) / wanted
    return strengths


def _names_it(question: str, hits: Sequence[Hit]) -> bool:
    wanted = set(identifiers(question))
    return any(wanted & set(identifiers(f"{hit.passage.title} {hit.passage.text}")) for hit in hits)
