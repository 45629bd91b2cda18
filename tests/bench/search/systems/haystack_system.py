"""Haystack as its hybrid tutorial has it, without the ranker: both in-memory retrievers, joined by reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retrieval.ports import Embeddings
from tests.bench.search.systems import HALF, Opened, Text, joined

PACKAGES = ("haystack-ai",)
STORE = "store.json"


def build(texts: Sequence[Text], embeddings: Embeddings, folder: Path) -> None:
    """The documents with their vectors in one JSON file, which is how that store is kept."""
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    written = [joined(title, text) for _, title, text in texts]
    vectors = embeddings.embed(written)
    store.write_documents(
        [
            Document(id=key, content=content, embedding=vector.tolist())
            for (key, _, _), content, vector in zip(texts, written, vectors, strict=True)
        ]
    )
    store.save_to_disk(str(folder / STORE))


def open(folder: Path, embeddings: Embeddings) -> Opened:
    """The pipeline of two retrievers and a joiner."""
    from haystack import Pipeline, component
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    @component
    class Embedder:
        @component.output_types(embedding=list[float])
        def run(self, text: str) -> dict[str, list[float]]:
            return {"embedding": embeddings.embed([text])[0].tolist()}

    store = InMemoryDocumentStore.load_from_disk(str(folder / STORE))
    pipeline = Pipeline()
    pipeline.add_component("embedder", Embedder())
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=HALF))
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=HALF))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("embedder", "dense")
    pipeline.connect("words", "joiner")
    pipeline.connect("dense", "joiner")
    return _Pipeline(pipeline)


class _Pipeline:
    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline

    def ask(self, question: str, k: int) -> list[str]:
        found = self._pipeline.run({"embedder": {"text": question}, "words": {"query": question}})
        return [document.id for document in found["joiner"]["documents"][:k]]
