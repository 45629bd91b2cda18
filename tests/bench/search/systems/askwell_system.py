"""Askwell as it runs: `open_retrieval` over a database file and an index folder, asked through `search.search`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.ports import Embeddings
from tests.bench.search.systems import Text

if TYPE_CHECKING:
    from retrieval.facade import Retrieval

PACKAGES = ("askwell",)


def build(texts: Sequence[Text], embeddings: Embeddings, folder: Path) -> None:
    """Articles of one passage each, brought in by the product's own ingest."""
    from retrieval.adapters.sql_sentence_vectors import SqlSentenceVectors
    from retrieval.indexing.ingest import Ingest
    from retrieval.passage import Article

    retrieval = opened(folder)
    articles = [Article(key, title, "", (), (), "", date(2026, 1, 1), 365, "", text) for key, title, text in texts]
    windows = SqlSentenceVectors(retrieval.engine, embeddings.id)
    Ingest(retrieval.corpus, retrieval.cache, embeddings, retrieval.index_manager, windows).run(articles)
    retrieval.close()


def build_people(count: int, embeddings: Embeddings, folder: Path) -> None:
    """Mentors, brought in the same way."""
    from retrieval.indexing.ingest import Ingest
    from tests.bench.search.corpus import mentors

    retrieval = opened(folder)
    Ingest(retrieval.corpus, retrieval.cache, embeddings, retrieval.index_manager).run(profiles=mentors(count))
    retrieval.close()


def open(folder: Path, embeddings: Embeddings) -> Askwell:
    """The product brings its own embeddings."""
    return Askwell(opened(folder))


def opened(folder: Path) -> Retrieval:
    """Retrieval over the database in the folder, with its tables."""
    from assistant.adapters.store.sql_engine import open_engine
    from retrieval.build import open_retrieval

    engine = open_engine(f"sqlite:///{folder / 'askwell.db'}")
    if not (folder / "index").exists():
        from retrieval.adapters.sql_corpus import SqlCorpus

        SqlCorpus(engine).create_tables()
    return open_retrieval(engine, folder / "index")


class Askwell:
    """The product's search."""

    def __init__(self, retrieval: Retrieval) -> None:
        self._retrieval = retrieval

    def ask(self, question: str, k: int) -> list[str]:
        return [hit.passage.article_id for hit in self._retrieval.search.search(question, k).hits]

    def close(self) -> None:
        self._retrieval.close()
