"""Finds the best passages for a question and decides whether the base answers it.

1. Vector and lexical index each return a pool of candidates, which are fused (`fuse`).
2. The best are scored again by their nearest sentence (`sentence_vectors`).
3. Passages with the question's identifiers, quoted phrases and names get a bonus (`exact_terms`).
4. Near-duplicates are removed (`near_duplicates`), and a quote is chosen (`quote`).
5. Several signals give a strength, which is compared with the threshold of the embedder (`known_decision`): known, unclear
   (worth one clarifying question) or unknown. Passages for an unknown question may not be cited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrieval.passage import Passage
from retrieval.passages.answerability import class_strengths, strongest
from retrieval.passages.exact_terms import share_found, share_named, wants_words
from retrieval.passages.fuse import DENSE_WEIGHT, fuse, ranked, stretch, weight_for
from retrieval.passages.known_decision import NO_SIGNS, Outcome, Signs, covered, outcome_of, strength_of
from retrieval.passages.near_duplicates import distinct
from retrieval.passages.quote import best_quote
from retrieval.passages.sentence_vectors import NearestSentence, SentenceVectorStore, nearest, with_sentences
from retrieval.ports import Embeddings, Scored, VectorSearch, WordSearch
from retrieval.text import content_stems, identifiers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POOL = 100
"""Candidates from each index."""
RERANKED = 40
"""Passages scored again by their sentences."""
EXACT_BONUS = 0.4
"""Added to the score of a passage with all identifiers and quoted phrases of the question."""
NAME_BONUS = 0.2
"""Added to the score of a passage with all names of the question."""
EXACT_POOL = 10
"""The best lexical candidates that are checked for exact terms."""
IDENTIFIER_BONUS = 0.1
"""Added to the strength if the best passage has an identifier of the question."""
ENOUGH_WORDS = 0.6
"""With keyword search only: the share of the question's words in the best passage from which the base knows. Measured on 80 own
questions and 50 from outside: 37 own ones pass, 24 of them rightly, and 4 from outside."""
REFERS, REFERS_FACTOR = ("when to ask", "when to involve", "when to call"), 0.8
"""Headings of sections that refer the reader to a person, and the factor for their score."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage. `score` is the fused one, 0..1 (more with an exact term of the question); `dense` is the cosine, -1..1
    (0 if only keyword search found it); `lexical` is 0..1 of the best; `quote` is an exact substring of the passage, the one or
    two sentences that answer best; `sentence` is the span of the sentence of the passage that is nearest in meaning."""

    passage: Passage
    score: float
    dense: float
    lexical: float
    quote: str
    sentence: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The result of a search. If not `known`, the hits are only the nearest passages, and none may be cited.

    `strength` is 0..1; `unclear` says that a clarifying question may help; `signs` are the signals that both come from.
    """

    hits: tuple[Hit, ...]
    strength: float
    known: bool
    unclear: bool = False
    signs: Signs = NO_SIGNS

    @property
    def outcome(self) -> Outcome:
        """Known, unclear (worth a clarifying question) or unknown."""
        return "known" if self.known else "unclear" if self.unclear else "unknown"


class PassageStore(Protocol):
    """Reads the found passages."""

    def passages(self, ids: Sequence[str]) -> Mapping[str, Passage]:
        """By id; unknown ids are left out."""

    def sizes(self, article_ids: Sequence[str]) -> Mapping[str, int]:
        """The number of passages of each of these articles."""


class Search:
    """Finds passages. Read-only, deterministic, and safe for many threads."""

    def __init__(
        self,
        embeddings: Embeddings,
        vectors: VectorSearch,
        lexical: WordSearch,
        corpus: PassageStore,
        threshold: float,
        dense_weight: float = DENSE_WEIGHT,
        sentences: SentenceVectorStore | None = None,
    ) -> None:
        self._embeddings = embeddings
        self._vectors = vectors
        self._lexical = lexical
        self._corpus = corpus
        self.threshold = threshold
        self._weight = dense_weight
        self._sentences = sentences

    def search(self, question: str, k: int = 5) -> Evidence:
        """The k best passages for a question, best first; several of one article are allowed."""
        if not question.strip() or k < 1:
            return Evidence((), 0.0, False)
        candidates = self._candidates(question, k)
        best, sentences = self._ranking(candidates, k)
        relative, cosines = stretch(candidates.lexical, floor=0.0), dict(candidates.dense)
        hits = tuple(
            Hit(passage, score, cosines.get(passage.id, 0.0), relative.get(passage.id, 0.0),
                best_quote(question, passage.text), _span(sentences.get(passage.id)))
            for passage, score in best
        )  # fmt: skip
        signs = self._signs(candidates, hits, sentences)
        strength = min(
            1.0, self._strength(candidates, signs) + (IDENTIFIER_BONUS if _has_identifier(question, hits[:1]) else 0.0)
        )
        outcome = outcome_of(strength, self.threshold) if hits else "unknown"
        return Evidence(hits, strength, outcome == "known", outcome == "unclear", signs)

    def _candidates(self, question: str, k: int) -> _Candidates:
        """The candidates from both indexes."""
        pool, vector = max(POOL, k), self._embeddings.embed([question])[0]
        return _Candidates(question, vector, self._vectors.search(vector, pool), dict(self._lexical.search(question, pool)))

    def _ranking(self, candidates: _Candidates, k: int) -> tuple[list[tuple[Passage, float]], dict[str, NearestSentence]]:
        """The best passages with their scores, and the nearest sentence of each passage scored again."""
        weight = weight_for(candidates.lexical, self._weight)
        fused = fuse(dict(candidates.dense), candidates.lexical, weight)
        sentences = self._nearest(candidates, [key for key, _ in ranked(fused)[: _rescored(k)]])
        scores = fuse(with_sentences(dict(candidates.dense), sentences), candidates.lexical, weight) if sentences else fused
        wanted = [key for key, _ in ranked(scores)[: 2 * k + 10]]
        if wants_words(candidates.question):
            wanted += [key for key, _ in ranked(candidates.lexical)[:EXACT_POOL] if key not in wanted]
        found = self._corpus.passages(wanted)
        best = [(found[key], self._score(candidates.question, found[key], scores[key])) for key in wanted if key in found]
        by_id = {passage.id: passage for passage, _ in best}
        order = ranked({passage.id: score for passage, score in best})
        return distinct([(by_id[key], score) for key, score in order], k, candidates.question), sentences

    def _nearest(self, candidates: _Candidates, keys: Sequence[str]) -> dict[str, NearestSentence]:
        """The nearest sentence of each of these passages; none without sentence vectors."""
        return nearest(candidates.vector, self._sentences.kept(keys)) if self._sentences and candidates.vector.any() else {}

    def _score(self, question: str, passage: Passage, score: float) -> float:
        """The score with bonuses for exact terms; lower for sections that refer to a person, since they do not answer."""
        text = _titled(passage)
        exact = EXACT_BONUS * share_found(question, text) + NAME_BONUS * share_named(question, text)
        return score * (REFERS_FACTOR if _refers_to_person(passage) else 1.0) + exact

    def _strength(self, candidates: _Candidates, signs: Signs) -> float:
        """The strength; without vectors (endpoint failed, nothing embedded yet) from the share of the question's words alone."""
        return strength_of(signs) if candidates.dense else self.threshold * signs.coverage / ENOUGH_WORDS

    def _signs(self, candidates: _Candidates, hits: Sequence[Hit], sentences: Mapping[str, NearestSentence]) -> Signs:
        strengths, by_words = self._strengths(candidates.dense, ranked(candidates.lexical))
        best, near = strongest(strengths)
        best_by_words, _ = strongest(by_words)
        first_sentence = sentences.get(hits[0].passage.id) if hits else None
        return Signs(
            near,
            covered(content_stems(candidates.question), content_stems(hits[0].passage.indexed_text) if hits else ()),
            float(best == best_by_words != ""),
            first_sentence.cosine if first_sentence else None,
        )

    def _strengths(self, *halves: Sequence[Scored]) -> list[dict[str, float]]:
        """The strength of each article by each of these rankings."""
        owners = {key: key.rpartition("#")[0] for half in halves for key, _ in half}
        sizes = self._corpus.sizes(sorted(set(owners.values())))
        return [class_strengths(half, owners, sizes) for half in halves]


@dataclass(frozen=True, slots=True)
class _Candidates:
    """A question and its candidates from both indexes."""

    question: str
    vector: NDArray[np.float32]
    dense: Sequence[Scored]
    lexical: Mapping[str, float]


def _rescored(k: int) -> int:
    """How many passages are scored again by their sentences for the k best."""
    return max(RERANKED, 2 * k + 10)


def _refers_to_person(passage: Passage) -> bool:
    return bool(passage.headings) and passage.headings[-1].lower().startswith(REFERS)


def _titled(passage: Passage) -> str:
    return f"{passage.title} {passage.text}"


def _span(sentence: NearestSentence | None) -> tuple[int, int] | None:
    return (sentence.start, sentence.end) if sentence else None


def _has_identifier(question: str, hits: Sequence[Hit]) -> bool:
    wanted = set(identifiers(question))
    return any(wanted & set(identifiers(_titled(hit.passage))) for hit in hits)
