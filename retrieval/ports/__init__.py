"""The ports: the interfaces that retrieval needs and that `retrieval.adapters` implement.

`embeddings` computes and keeps vectors, `indexes` searches, `corpus` stores articles and profiles. Ports of one consumer are
declared beside it (`PassageStore` in `passages.search`, `ProfileStore` in `people.experts`).

Arrays are numpy float32 and C-contiguous. A vector has length 1, so the dot product of two vectors is their cosine.
A higher score is a better match; ties are broken by id, so the same data gives the same ranking.
"""

from retrieval.ports.corpus import ContentStore, Corpus, IndexedCorpus, OwnerKind, UnitKind, UnitStore
from retrieval.ports.embeddings import Embeddings, VectorCache, VectorRows, VectorStore
from retrieval.ports.indexes import (
    FolderLock,
    Indexes,
    IndexOrigin,
    IndexStorage,
    LexicalIndex,
    Scored,
    StoredIndexes,
    VectorIndex,
    VectorSearch,
    WordSearch,
)

__all__ = [
    "ContentStore",
    "Corpus",
    "Embeddings",
    "FolderLock",
    "IndexOrigin",
    "IndexStorage",
    "IndexedCorpus",
    "Indexes",
    "LexicalIndex",
    "OwnerKind",
    "Scored",
    "StoredIndexes",
    "UnitKind",
    "UnitStore",
    "VectorCache",
    "VectorIndex",
    "VectorRows",
    "VectorSearch",
    "VectorStore",
    "WordSearch",
]
