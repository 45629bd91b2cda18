"""The relevance threshold and the fusion weight of each embedder.

Both are measured for the known embedders. For another embedder the weight is the usual one, and the threshold is calibrated
on the base itself: each heading is searched as a question, with its own passage left out, and the threshold lets 80% of the
headings pass whose best article is the right one. Headings are easier than people's questions, hence not 95%. On the starter
base this gives 0.38 for MiniLM and 0.32 for wordllama; people's questions gave 0.35 and 0.33.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from retrieval.passages.answerability import class_strengths, strongest, threshold_keeping
from retrieval.passages.fuse import DENSE_WEIGHT
from retrieval.ports import Embeddings

if TYPE_CHECKING:
    from retrieval.passage import Passage
    from retrieval.ports import IndexedCorpus, VectorCache

KEEP_HEADINGS = 0.8
MAX_HEADINGS, MAX_PASSAGES = 200, 5_000
NEAREST_PASSAGES = 100
MIN_RIGHT = 10
"""With fewer rightly answered headings the base is too small to calibrate on, and the usual threshold is taken."""


def threshold_of(embedder_id: str) -> float | None:
    """The relevance threshold measured for an embedder, or None."""
    row = _table("thresholds").get(embedder_id)
    return float(row["threshold"]) if row else None


def usual_threshold() -> float:
    """The mean of the measured thresholds."""
    measured = [float(row["threshold"]) for row in _table("thresholds").values()]
    return sum(measured) / len(measured)


def weight_of(embedder_id: str) -> float:
    """The weight of the dense half in the fusion, 0..1."""
    return float(_table("fusion").get(embedder_id, {}).get("dense_weight", DENSE_WEIGHT))


def uses_sentences(embedder_id: str) -> bool:
    """Whether sentence vectors of this embedder improve the ranking."""
    return bool(_table("fusion").get(embedder_id, {}).get("sentences", True))


def calibrate(corpus: IndexedCorpus, cache: VectorCache, embeddings: Embeddings) -> float:
    """The threshold found on the base itself, whose vectors are in the cache. Raises RetrievalError."""
    import numpy as np

    passages = sample(corpus)
    hashes = {unit.id: unit.content_hash for unit in corpus.units("passages", [p.id for p in passages])}
    known = cache.vectors(list(hashes.values()), embeddings.id)
    passages = [p for p in passages if hashes.get(p.id) in known]
    asked = questions(passages)
    if not asked:
        return usual_threshold()
    matrix = np.stack([known[hashes[p.id]] for p in passages])
    owners, sizes = {p.id: p.article_id for p in passages}, Counter(p.article_id for p in passages)
    right = []
    for (row, _), vector in zip(asked, embeddings.embed([text for _, text in asked]), strict=True):
        scores = matrix @ vector
        scores[row] = -1.0
        nearest = [(passages[n].id, float(scores[n])) for n in np.argsort(-scores, kind="stable")[:NEAREST_PASSAGES]]
        article = passages[row].article_id
        best, strength = strongest(class_strengths(nearest, owners, {**sizes, article: sizes[article] - 1}))
        if best == article:
            right.append(strength)
    return threshold_keeping(right, KEEP_HEADINGS) if len(right) >= MIN_RIGHT else usual_threshold()


def sample(corpus: IndexedCorpus) -> list[Passage]:
    """All passages of evenly spaced articles, about MAX_PASSAGES in total."""
    articles, passages = sorted(corpus.hashes("articles")), len(corpus.hashes("passages"))
    sampled = articles[:: max(1, -(-passages // MAX_PASSAGES))]
    return list(corpus.passages(corpus.children("passages", sampled)).values())


def questions(passages: Sequence[Passage]) -> list[tuple[int, str]]:
    """At most MAX_HEADINGS evenly spaced headings, each with the index of its passage."""
    headed = [(row, passage.headings[-1]) for row, passage in enumerate(passages) if passage.headings]
    step = max(1, -(-len(headed) // MAX_HEADINGS))
    return headed[::step]


@cache
def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((files("retrieval") / "data" / f"{name}.json").read_text("utf-8"))
    return table
