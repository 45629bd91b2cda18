"""Embeds the sentences of passages that are already indexed.

Search works without these vectors and is better with them. Each batch is stored when it is done; a later run continues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.passages.sentence_vectors import embed_sentences

if TYPE_CHECKING:
    from retrieval.indexing.unit_embedding import Progress
    from retrieval.passages.sentence_vectors import SentenceVectorWriter
    from retrieval.ports import Corpus, Embeddings

BATCH = 16
"""Passages between two calls of progress."""


def embed_missing_sentences(corpus: Corpus, store: SentenceVectorWriter, embeddings: Embeddings, progress: Progress) -> int:
    """Embeds the sentences of all passages without any; returns the number of passages. Raises RetrievalError."""
    waiting = store.missing()
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        store.keep(embed_sentences(list(corpus.passages(batch).values()), embeddings))
        progress("sentences", start + len(batch), len(waiting))
    return len(waiting)
