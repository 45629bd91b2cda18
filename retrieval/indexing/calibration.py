"""What was measured for each embedder: from which strength the base knows, and how much its half weighs in the fusion.

An embedder that nobody measured gets the usual weight, and its threshold from the base itself: each heading is asked as a
question, with its own passage taken out, and the line lets 80% of those pass that are answered by the right article.
Headings are easier to answer than people's questions, hence not 95%. On the starter base this finds 0.38 for MiniLM and 0.32
for wordllama, where people's questions led to 0.35 and 0.33.
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
    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_vectors import SqlVectors
    from retrieval.passage import Passage

KEEP_HEADINGS = 0.8
MOST_HEADINGS, MOST_PASSAGES = 200, 5_000
FEWEST_RIGHT = 10
"""Below so many headings that are answered rightly nothing can be said, and the mean of the measured lines is taken."""


def threshold_of(embedder_id: str) -> float | None:
    """The relevance threshold measured for an embedder, or None."""
    row = _table("thresholds").get(embedder_id)
    return float(row["threshold"]) if row else None


def usual_threshold() -> float:
    """The mean of the measured ones."""
    lines = [float(row["threshold"]) for row in _table("thresholds").values()]
    return sum(lines) / len(lines)


def weight_of(embedder_id: str) -> float:
    """The share of the dense half in the fusion, 0..1."""
    return float(_table("fusion").get(embedder_id, {}).get("dense_weight", DENSE_WEIGHT))


def uses_sentences(embedder_id: str) -> bool:
    """Whether single sentences of this embedder are worth looking at."""
    return bool(_table("fusion").get(embedder_id, {}).get("sentences", True))


def calibrate(corpus: SqlCorpus, cache: SqlVectors, embeddings: Embeddings) -> float:
    """The threshold found on the base itself, whose vectors are in the cache. Raises RetrievalError."""
    import numpy as np

    from retrieval.adapters import sql_tables as tables

    passages = sample(corpus)
    hashes = {unit.id: unit.content_hash for unit in corpus.units(tables.passages, [p.id for p in passages])}
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
        nearest = [(passages[n].id, float(scores[n])) for n in np.argsort(-scores, kind="stable")[:100]]
        mine = passages[row].article_id
        best, strength = strongest(class_strengths(nearest, owners, {**sizes, mine: sizes[mine] - 1}))
        if best == mine:
            right.append(strength)
    return threshold_keeping(right, KEEP_HEADINGS) if len(right) >= FEWEST_RIGHT else usual_threshold()


def sample(corpus: SqlCorpus) -> list[Passage]:
    """All passages of articles evenly taken, as many as have about MOST_PASSAGES together."""
    from retrieval.adapters import sql_tables as tables

    articles, passages = sorted(corpus.hashes(tables.articles)), len(corpus.hashes(tables.passages))
    some = articles[:: max(1, -(-passages // MOST_PASSAGES))]
    return list(corpus.passages(corpus.children(tables.passages, some)).values())


def questions(passages: Sequence[Passage]) -> list[tuple[int, str]]:
    """At most MOST_HEADINGS headings, evenly taken, with the place of the passage under each."""
    headed = [(row, passage.headings[-1]) for row, passage in enumerate(passages) if passage.headings]
    step = max(1, -(-len(headed) // MOST_HEADINGS))
    return headed[::step]


@cache
def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((files("retrieval.adapters") / "data" / f"{name}.json").read_text("utf-8"))
    return table
