"""LlamaIndex with its fusion retriever: Chroma and BM25Retriever (bm25s, stemmed), reciprocal rank fusion, no model asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retrieval.ports import Embeddings
from tests.bench.search.systems import HALF, Opened, Text, joined

PACKAGES = ("llama-index-core", "llama-index-retrievers-bm25", "llama-index-vector-stores-chroma")


def build(texts: Sequence[Text], embeddings: Embeddings, folder: Path) -> None:
    """A Chroma folder and a folder of the lexical half."""
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    nodes = [TextNode(id_=key, text=joined(title, text)) for key, title, text in texts]
    storage = StorageContext.from_defaults(vector_store=_store(folder))
    VectorStoreIndex(nodes, storage_context=storage, embed_model=_model(embeddings), insert_batch_size=5_000)
    BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=HALF, verbose=False).persist(str(folder / "bm25"))


def open(folder: Path, embeddings: Embeddings) -> Opened:
    """The fusion retriever."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
    from llama_index.retrievers.bm25 import BM25Retriever

    index = VectorStoreIndex.from_vector_store(_store(folder), embed_model=_model(embeddings))
    halves = [index.as_retriever(similarity_top_k=HALF), BM25Retriever.from_persist_dir(str(folder / "bm25"))]
    fused = QueryFusionRetriever(
        halves, llm=MockLLM(), mode=FUSION_MODES.RECIPROCAL_RANK, similarity_top_k=HALF, num_queries=1, use_async=False
    )
    return _Fusion(fused)


class _Fusion:
    def __init__(self, retriever: Any) -> None:
        self._retriever = retriever

    def ask(self, question: str, k: int) -> list[str]:
        return [found.node.node_id for found in self._retriever.retrieve(question)[:k]]


def _store(folder: Path) -> Any:
    import chromadb
    from llama_index.vector_stores.chroma import ChromaVectorStore

    client = chromadb.PersistentClient(str(folder / "chroma"))
    return ChromaVectorStore(chroma_collection=client.get_or_create_collection("bench"))


def _model(embeddings: Embeddings) -> Any:
    from llama_index.core.embeddings import BaseEmbedding

    class Same(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            vector: list[float] = embeddings.embed([query])[0].tolist()
            return vector

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_query_embedding(text)

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = embeddings.embed(texts).tolist()
            return rows

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return Same(model_name=embeddings.id, embed_batch_size=256)
