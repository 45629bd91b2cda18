"""Indexes in a folder: what is written to indexes in memory is never taken for what the folder holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.adapters.file_lock import FileLock
from retrieval.adapters.index_folder import IndexFolder, in_memory
from retrieval.adapters.sql_corpus import SqlCorpus
from retrieval.adapters.sql_vectors import SqlVectors
from retrieval.embedding.embedder_choice import EmbedderChoice
from retrieval.indexing import index_manager
from retrieval.indexing.index_manager import IndexManager
from retrieval.indexing.ingest import Ingest
from retrieval.ports import IndexOrigin
from tests.contract.retrieval.support import ARTICLES, PROFILES, WordEmbeddings, database


def test_an_outdated_folder_is_not_sealed_by_a_write_to_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, embeddings, place = database(tmp_path), WordEmbeddings(), tmp_path / "index"
    corpus, cache = SqlCorpus(engine), SqlVectors(engine)
    choice = EmbedderChoice("words", embeddings.id, embeddings.dimension)

    def opened() -> IndexManager:
        return IndexManager(FileLock(place), IndexFolder(place), in_memory, corpus, cache, choice)

    first = opened()
    Ingest(corpus, cache, embeddings, first).run(ARTICLES, PROFILES)
    first.close()
    outdated = corpus.fingerprint()
    corpus.put_articles([replace(ARTICLES[0], text="Let the dough rest for a night.")])
    assert corpus.fingerprint() != outdated
    monkeypatch.setattr(index_manager, "LARGE", 0)
    monkeypatch.setattr(IndexManager, "_rebuild_later", lambda self: None)
    second = opened()
    with second.writing(embeddings.id):
        pass
    second.close()
    wanted = IndexOrigin(corpus.fingerprint(), embeddings.id, embeddings.dimension)
    assert IndexFolder(place).open_current(wanted, lambda kind, limit: ()) is None
