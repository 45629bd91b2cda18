"""After a passage can be found, its sentences get directions of their own, so that the one that answers can be seen.

Search works without them and is better with them; what is done is kept, batch by batch, and the next run goes on there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.indexing.sentence_vectors import kept_of

if TYPE_CHECKING:
    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_sentence_vectors import SqlSentenceVectors
    from retrieval.indexing.ingest import Progress
    from retrieval.ports import Embeddings

BATCH = 16
"""Passages between two reports of progress."""


def refine(corpus: SqlCorpus, windows: SqlSentenceVectors, embeddings: Embeddings, progress: Progress) -> int:
    """Directions for the sentences of all passages that have none; how many passages were done. Raises RetrievalError."""
    waiting = windows.missing()
    for start in range(0, len(waiting), BATCH):
        some = waiting[start : start + BATCH]
        windows.keep(kept_of(list(corpus.passages(some).values()), embeddings))
        progress("sentences", start + len(some), len(waiting))
    return len(waiting)
