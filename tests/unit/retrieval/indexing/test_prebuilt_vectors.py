"""Content that ships with its vectors is ready at once; what changed is embedded as usual."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.starter import STARTER
from retrieval.adapters.file_lock import FileLock
from retrieval.adapters.index_folder import IndexFolder, in_memory
from retrieval.adapters.minilm_embeddings import MiniLMEmbeddings
from retrieval.adapters.sql_corpus import SqlCorpus
from retrieval.adapters.sql_sentence_vectors import SqlSentenceVectors
from retrieval.adapters.sql_vectors import SqlVectors
from retrieval.embedding.embedder_choice import EmbedderChoice
from retrieval.importing.content_files import read_sources
from retrieval.indexing.index_manager import IndexManager
from retrieval.indexing.ingest import Ingest
from retrieval.indexing.prebuilt_vectors import path_of, write_prebuilt
from retrieval.passage import Article, Unit, content_hash
from retrieval.passages.split import passages_of
from retrieval.people.profile_text import evidence_of
from tests.contract.retrieval.support import ARTICLES, PROFILES, WordEmbeddings, database


@pytest.fixture
def embeddings() -> WordEmbeddings:
    return WordEmbeddings()


def ingest(folder: Path, embeddings: WordEmbeddings) -> tuple[Ingest, SqlSentenceVectors, IndexManager]:
    engine = database(folder)
    corpus, cache = SqlCorpus(engine), SqlVectors(engine)
    sentences = SqlSentenceVectors(engine, embeddings.id)
    choice, place = EmbedderChoice("words", embeddings.id, embeddings.dimension), folder / "index"
    index_manager = IndexManager(FileLock(place), IndexFolder(place), in_memory, corpus, cache, choice)
    return Ingest(corpus, cache, embeddings, index_manager, sentences), sentences, index_manager


def test_nothing_is_embedded_that_came_with_the_content(tmp_path: Path, embeddings: WordEmbeddings) -> None:
    write_prebuilt(ARTICLES, PROFILES, embeddings, path_of(tmp_path, embeddings.id))
    embeddings.embedded = 0
    bring, sentences, index_manager = ingest(tmp_path, embeddings)
    report = bring.run(ARTICLES, PROFILES, prebuilt=tmp_path)
    assert (embeddings.embedded, report.embedded, sentences.missing()) == (0, 0, [])
    assert [ARTICLES[0].text[low:high] for low, high in sentences.kept(["bread#0"])["bread#0"].spans] == [
        "Bake the bread in a hot oven for forty minutes."
    ]
    changed = [replace(ARTICLES[0], text="Let the dough rest for a whole night before you bake it."), *ARTICLES[1:]]
    assert bring.run(changed, PROFILES, prebuilt=tmp_path).embedded == 1
    assert sentences.missing() == []
    index_manager.close()


def test_without_the_file_all_is_embedded(tmp_path: Path, embeddings: WordEmbeddings) -> None:
    bring, sentences, index_manager = ingest(tmp_path, embeddings)
    assert bring.run(ARTICLES, PROFILES, prebuilt=tmp_path).embedded > 0
    assert sentences.missing() == []
    index_manager.close()


def test_the_starter_content_comes_with_its_vectors() -> None:
    found = read_sources(STARTER)
    articles, profiles = found.articles, found.profiles
    heads = {article.id: article.head for article in articles}
    units = [Unit(p.id, p.indexed_text, heads[p.article_id]) for article in articles for p in passages_of(article)]
    units += [Unit(part.id, part.matched) for profile in profiles for part in evidence_of(profile)]
    with np.load(path_of(STARTER, MiniLMEmbeddings.id)) as file:
        known = {str(key) for key in file["hashes"]}
        sentences = {str(key) for key in file["passages"]}
    assert {unit.content_hash for unit in units} <= known, "run: make vectors"
    assert {unit.content_hash for unit in units if "#" in unit.id and unit.head} <= sentences, "run: make vectors"


def test_an_article_without_facets_is_not_embedded_again_after_an_update() -> None:
    """The hash is the one that 0.5.0 stored."""
    one = Article("a", "A", "What", ("t",), ("mentee",), "Team", date(2026, 10, 1), 180, "Own", "Text.")
    assert content_hash(one) == "c36bbb4f92cda3f5961753a6f6fc486695880a834a75273c5b1f7c62330dec8c"
    assert content_hash(replace(one, facets=("the first call", "the last call"))) != content_hash(one)
