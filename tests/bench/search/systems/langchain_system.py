"""LangChain as its tutorial has it: Chroma and BM25Retriever under an EnsembleRetriever of equal weights.

BM25Retriever cannot be stored; it is pickled, which is faster than making it again from the texts.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retrieval.ports import Embeddings
from tests.bench.search.systems import HALF, Opened, Text, joined

PACKAGES = ("langchain-classic", "langchain-chroma", "langchain-community")
BATCH = 5_000


def build(texts: Sequence[Text], embeddings: Embeddings, folder: Path) -> None:
    """A Chroma folder, and the pickled lexical half."""
    from langchain_community.retrievers import BM25Retriever
    from langchain_core.documents import Document

    documents = [Document(id=key, page_content=joined(title, text), metadata={"id": key}) for key, title, text in texts]
    store = _store(folder, embeddings)
    for start in range(0, len(documents), BATCH):
        store.add_documents(documents[start : start + BATCH])
    words = BM25Retriever.from_documents(documents, k=HALF)
    (folder / "bm25.pickle").write_bytes(pickle.dumps(words))


def open(folder: Path, embeddings: Embeddings) -> Opened:
    """The ensemble."""
    from langchain_classic.retrievers import EnsembleRetriever

    dense = _store(folder, embeddings).as_retriever(search_kwargs={"k": HALF})
    words = pickle.loads((folder / "bm25.pickle").read_bytes())
    return _Ensemble(EnsembleRetriever(retrievers=[words, dense], weights=[0.5, 0.5]))


class _Ensemble:
    def __init__(self, retriever: Any) -> None:
        self._retriever = retriever

    def ask(self, question: str, k: int) -> list[str]:
        return [document.metadata["id"] for document in self._retriever.invoke(question)[:k]]


def _store(folder: Path, embeddings: Embeddings) -> Any:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings as LangChainEmbeddings

    class Same(LangChainEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return embeddings.embed(texts).tolist()

        def embed_query(self, text: str) -> list[float]:
            vector: list[float] = embeddings.embed([text])[0].tolist()
            return vector

    return Chroma("bench", embedding_function=Same(), persist_directory=str(folder / "chroma"))
