"""A question in, evidence out: the best passages, how strong they are, and whether the base knows at all.

Both indexes are asked for a pool of candidates, which are fused; the best are looked at again sentence by sentence. What the
question wants word for word (codes, quoted phrases, names) lifts the passages that have it; near-duplicates are one. Strength
is read from several signs (see `decision`): the nearest passages of the best article, the sentence that answers, the
question's words in the best passage, and whether the words alone agree. From the threshold of the embedder on the base knows;
a little below, one question may bring what is missing; what is not known may not be cited. An identifier that stands word for
word in the best passage counts more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrieval.passage import Passage
from retrieval.passages.answerability import class_strengths, strongest
from retrieval.passages.exact_terms import share_found, share_named, wants_words
from retrieval.passages.fuse import DENSE_WEIGHT, fuse, ranked, stretch, trusted
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
"""Candidates asked of each index."""
RERANKED = 40
"""Passages looked at sentence by sentence."""
EXACT_BONUS = 0.4
"""What finding all codes and quoted phrases of the question adds to a score."""
NAME_BONUS = 0.2
"""What finding all names of the question adds."""
EXACT_POOL = 10
"""The best by words that are looked through for them."""
IDENTIFIER_BONUS = 0.1
ENOUGH_WORDS = 0.6
"""By words alone the base knows from this share of the question's words in the best passage on. Measured on 80 own questions
and 50 from outside: 37 pass, of which 24 rightly, and 4 from outside."""
REFERS, REFERS_FACTOR = ("when to ask", "when to involve", "when to call"), 0.8
"""Headings of the parts that send the reader to a person, and what is left of their score."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage. `score` is the fused one, 0..1 (more where a code of the question was found); `dense` the cosine, -1..1
    (0 if only words matched); `lexical` is 0..1 of the best; `quote` is an exact substring of the passage, its one or two
    sentences that answer best; `window` is the span in the passage of the one sentence that is nearest in meaning."""

    passage: Passage
    score: float
    dense: float
    lexical: float
    quote: str
    window: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the base has on a question. If not `known`, the hits are the nearest there is, and none may be cited.

    `strength` is 0..1; `unclear` says that one question may bring what is missing; `signs` is what both were read from.
    """

    hits: tuple[Hit, ...]
    strength: float
    known: bool
    unclear: bool = False
    signs: Signs = NO_SIGNS

    @property
    def outcome(self) -> Outcome:
        """Known, unclear (worth one question) or unknown."""
        return "known" if self.known else "unclear" if self.unclear else "unknown"


class PassageStore(Protocol):
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
        corpus: PassageStore,
        threshold: float,
        dense_weight: float = DENSE_WEIGHT,
        windows: SentenceVectorStore | None = None,
    ) -> None:
        self._embeddings = embeddings
        self._vectors = vectors
        self._lexical = lexical
        self._corpus = corpus
        self.threshold = threshold
        self._weight = dense_weight
        self._windows = windows

    def search(self, question: str, k: int = 5) -> Evidence:
        """The k best passages for a question, best first; several of one article are allowed."""
        if not question.strip() or k < 1:
            return Evidence((), 0.0, False)
        asked = self._ask(question, k)
        known, windows = self._ranking(asked, k)
        relative, cosines = stretch(asked.lexical, floor=0.0), dict(asked.dense)
        hits = tuple(
            Hit(passage, score, cosines.get(passage.id, 0.0), relative.get(passage.id, 0.0),
                best_quote(question, passage.text), _span(windows.get(passage.id)))
            for passage, score in known
        )  # fmt: skip
        signs = self._signs(asked, hits, windows)
        strength = min(1.0, self._strength(asked, signs) + (IDENTIFIER_BONUS if _names_it(question, hits[:1]) else 0.0))
        outcome = outcome_of(strength, self.threshold) if hits else "unknown"
        return Evidence(hits, strength, outcome == "known", outcome == "unclear", signs)

    def _ask(self, question: str, k: int) -> _Asked:
        """The candidates of both halves."""
        pool, vector = max(POOL, k), self._embeddings.embed([question])[0]
        return _Asked(question, vector, self._vectors.search(vector, pool), dict(self._lexical.search(question, pool)))

    def _ranking(self, asked: _Asked, k: int) -> tuple[list[tuple[Passage, float]], dict[str, NearestSentence]]:
        """The best passages, and of those looked at closely the nearest sentence."""
        weight = trusted(asked.lexical, self._weight)
        fused = fuse(dict(asked.dense), asked.lexical, weight)
        windows = self._nearest(asked, [key for key, _ in ranked(fused)[: _closely(k)]])
        scores = fuse(with_sentences(dict(asked.dense), windows), asked.lexical, weight) if windows else fused
        wanted = [key for key, _ in ranked(scores)[: 2 * k + 10]]
        if wants_words(asked.question):
            wanted += [key for key, _ in ranked(asked.lexical)[:EXACT_POOL] if key not in wanted]
        found = self._corpus.passages(wanted)
        best = [(found[key], self._worth(asked.question, found[key], scores[key])) for key in wanted if key in found]
        by_id = {passage.id: passage for passage, _ in best}
        order = ranked({passage.id: score for passage, score in best})
        return distinct([(by_id[key], score) for key, score in order], k, asked.question), windows

    def _nearest(self, asked: _Asked, keys: Sequence[str]) -> dict[str, NearestSentence]:
        """The nearest sentence of each of these passages."""
        return nearest(asked.vector, self._windows.kept(keys)) if self._windows and asked.vector.any() else {}

    def _worth(self, question: str, passage: Passage, score: float) -> float:
        """A part that says when to ask a person repeats the question without answering it: it loses a little."""
        text = _whole(passage)
        exact = EXACT_BONUS * share_found(question, text) + NAME_BONUS * share_named(question, text)
        return score * (REFERS_FACTOR if _refers(passage) else 1.0) + exact

    def _strength(self, asked: _Asked, signs: Signs) -> float:
        """Where meaning says nothing, because an endpoint fails or nothing is embedded yet, words alone decide."""
        return strength_of(signs) if asked.dense else self.threshold * signs.coverage / ENOUGH_WORDS

    def _signs(self, asked: _Asked, hits: Sequence[Hit], windows: Mapping[str, NearestSentence]) -> Signs:
        strengths, by_words = self._strengths(asked.dense, ranked(asked.lexical))
        best, near = strongest(strengths)
        worded, _ = strongest(by_words)
        shown = windows.get(hits[0].passage.id) if hits else None
        return Signs(
            near,
            covered(content_stems(asked.question), content_stems(hits[0].passage.indexed_text) if hits else ()),
            float(best == worded != ""),
            shown.cosine if shown else None,
        )

    def _strengths(self, *halves: Sequence[Scored]) -> list[dict[str, float]]:
        """The strength of each article in each half, with one look at the sizes of all."""
        owners = {key: key.rpartition("#")[0] for half in halves for key, _ in half}
        sizes = self._corpus.sizes(sorted(set(owners.values())))
        return [class_strengths(half, owners, sizes) for half in halves]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question and what both halves found for it."""

    question: str
    vector: NDArray[np.float32]
    dense: Sequence[Scored]
    lexical: Mapping[str, float]


def _closely(k: int) -> int:
    """How many passages are looked at sentence by sentence for the k best."""
    return max(RERANKED, 2 * k + 10)


def _refers(passage: Passage) -> bool:
    return bool(passage.headings) and passage.headings[-1].lower().startswith(REFERS)


def _whole(passage: Passage) -> str:
    return f"{passage.title} {passage.text}"


def _span(window: NearestSentence | None) -> tuple[int, int] | None:
    return (window.start, window.end) if window else None


def _names_it(question: str, hits: Sequence[Hit]) -> bool:
    wanted = set(identifiers(question))
    return any(wanted & set(identifiers(_whole(hit.passage))) for hit in hits)
