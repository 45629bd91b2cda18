"""From one embedder to another: the old one serves until the new indexes are complete, and nothing done is done twice."""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from retrieval import build, embedders
from retrieval.adapters.openai_embeddings import OpenAIEndpoint
from retrieval.build import open_retrieval
from retrieval.embedding import fallback
from retrieval.embedding.embedder_choice import read_choice
from retrieval.embedding.endpoint import Endpoint
from retrieval.errors import EmbeddingsUnavailable, IndexLocked, IndexMismatch
from retrieval.facade import Retrieval
from retrieval.indexing import unit_embedding
from retrieval.people import skill_names
from retrieval.ports import Embeddings
from tests.embedding_server import DIMENSION, KEY, MODEL, EmbeddingServer, embedding_server

from .support import ARTICLES, PROFILES, WordEmbeddings, article

Opener = Callable[[], Retrieval]
BREAD = "how do I bake bread"


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with embedding_server() as running:
        yield running


@pytest.fixture
def endpoint(server: EmbeddingServer) -> Endpoint:
    return Endpoint(server.url, MODEL, KEY, DIMENSION)


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> WordEmbeddings:
    fake = WordEmbeddings()

    def made(name: str, endpoint: Endpoint | None = None) -> Embeddings:
        return OpenAIEndpoint(endpoint, budget=0.3) if endpoint else fake

    monkeypatch.setattr(embedders, "make_embeddings", made)
    return fake


@pytest.fixture
def opened(tmp_path: Path, engine: Engine, words: WordEmbeddings, endpoint: Endpoint) -> Iterator[Opener]:
    ours: list[Retrieval] = []

    def open_one() -> Retrieval:
        ours.append(open_retrieval(engine, tmp_path / "index", threshold=0.3, endpoint=endpoint))
        return ours[-1]

    yield open_one
    for one in ours:
        one.close()


@pytest.fixture
def filled(opened: Opener) -> Retrieval:
    retrieval = opened()
    retrieval.ingest.run(ARTICLES, PROFILES)
    return retrieval


def best(retrieval: Retrieval, question: str = BREAD) -> str:
    return retrieval.search.search(question).hits[0].passage.article_id


def test_the_old_one_answers_until_the_new_one_is_complete(filled: Retrieval, server: EmbeddingServer, tmp_path: Path) -> None:
    seen: list[tuple[str, str, str]] = []
    assert filled.reindex(lambda stage, done, total: seen.append((stage, filled.embedder, best(filled))), "openai")
    assert {step[1:] for step in seen[:-1]} == {("minilm", "bread")}
    assert seen[-1] == ("index", "openai", "bread")
    assert filled.experts.find("bread and ovens")[0].profile.id == "p1"
    assert filled.search.search(BREAD).known
    gc.collect()
    assert len(list((tmp_path / "index").glob("g*"))) == 1


def test_the_choice_is_remembered_with_the_folder(filled: Retrieval, opened: Opener, server: EmbeddingServer) -> None:
    filled.reindex(embedder="openai")
    filled.close()
    server.heard.clear()
    again = opened()
    assert (again.embedder, again.index_manager.missing, again.index_manager.owner) == ("openai", 0, True)
    assert server.heard == [], "opening sends nothing"
    assert best(again) == "bread"
    assert again.reindex(embedder="minilm")
    assert (again.embedder, best(again)) == ("minilm", "bread")


def test_a_search_that_has_begun_ends_with_what_it_began_with(filled: Retrieval, words: WordEmbeddings) -> None:
    before, ingest_before = filled.search, filled.ingest
    filled.reindex(embedder="openai")
    assert before.search(BREAD).hits[0].passage.article_id == "bread"
    with pytest.raises(IndexMismatch, match=r"words-512"):
        ingest_before.run([article("new", "New", "New text.")])


def test_nobody_who_searches_meanwhile_meets_an_error(filled: Retrieval) -> None:
    done, wrong = threading.Event(), list[str]()

    def ask() -> None:
        while not done.is_set():
            found = best(filled)
            if found != "bread":
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for name in ("openai", "minilm", "openai"):
        filled.reindex(embedder=name)
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_endpoint_that_gives_up_half_way_loses_nothing(
    filled: Retrieval, server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(unit_embedding, "EMBED_BATCH", 1)
    everything = filled.cost("openai").texts
    server.faults = [*[""] * 4, "401"]
    with pytest.raises(EmbeddingsUnavailable, match="key"):
        filled.reindex(embedder="openai")
    assert (filled.embedder, best(filled)) == ("minilm", "bread")
    assert (choice := read_choice(tmp_path / "embedder.json")) is not None
    assert choice.embedder == "minilm"
    rest = filled.cost("openai").texts
    assert rest == everything - sum(len(request["input"]) for request in server.heard[:4])
    server.heard.clear()
    assert filled.reindex(embedder="openai")
    assert server.texts == rest, "what it costs is what is sent"


@pytest.mark.usefixtures("filled")
def test_another_process_hands_over_to_the_owner(filled: Retrieval, opened: Opener, server: EmbeddingServer) -> None:
    other = opened()
    assert not other.index_manager.owner
    with pytest.raises(IndexLocked):
        other.reindex()
    assert not other.reindex(embedder="openai")
    assert server.texts > 0
    assert best(filled) == "bread", "the old one answers while the new indexes are built"
    filled.wait()
    assert (filled.embedder, filled.index_manager.missing, best(filled)) == ("openai", 0, "bread")
    best(other)
    other.wait()
    assert (other.embedder, other.index_manager.owner, best(other)) == ("openai", False, "bread")


def test_an_owner_without_a_key_stays_with_what_it_has(
    filled: Retrieval, opened: Opener, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    filled._endpoint = replace(endpoint, base_url="", api_key="")
    assert not opened().reindex(embedder="openai")
    best(filled)
    filled.wait()
    assert (filled.embedder, best(filled)) == ("minilm", "bread")
    assert "ASKWELL_EMBEDDING_API_KEY" in caplog.text


def test_a_search_goes_on_by_words_when_the_endpoint_fails(
    filled: Retrieval, server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(embedders, "QUESTION_SECONDS", 0.3)
    filled.reindex(embedder="openai")
    server.always = "500"
    server.heard.clear()
    with caplog.at_level(logging.WARNING):
        assert best(filled) == "bread"
        assert best(filled, "what is ORA-00942") == "code"
        assert filled.search.search("knead the dough").known, "all its words are there"
        assert not filled.search.search("knead the lantern on the river").known
        assert [hit.profile.id for hit in filled.experts.find("bread and ovens")][:1] == ["p1"]
    assert len(server.heard) == 1, "a failed endpoint is left alone for a while"
    assert len([line for line in caplog.messages if "Only keyword search" in line]) == 1
    assert not filled.embeddings.embed(["bread"]).any()
    server.always = ""
    monkeypatch.setattr(fallback, "REST_SECONDS", 0.0)
    filled._services.embeddings._again = 0.0  # type: ignore[attr-defined]
    assert filled.search.search(BREAD).known


def test_an_endpoint_is_sent_the_question_for_people_and_no_name_of_a_skill(
    filled: Retrieval, server: EmbeddingServer, words: WordEmbeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(skill_names.NEAR, WordEmbeddings.id, 0.8)
    filled.reindex(embedder="openai")
    server.heard.clear()
    before = words.embedded
    filled.experts.find("Apiary Care")
    assert [request["input"] for request in server.heard] == [["Apiary Care"]]
    assert words.embedded > before, "the local embedder looks for the skill"


def test_content_comes_in_while_the_endpoint_fails_and_is_embedded_later(filled: Retrieval, server: EmbeddingServer) -> None:
    filled.reindex(embedder="openai")
    server.always = "401"
    report = filled.ingest.run([article("tea", "Brewing tea", "Warm the pot. Steep the leaves for four minutes.")])
    assert (report.articles_added, report.waiting) == (1, 1)
    assert best(filled, "steep the leaves") == "tea"
    server.always = ""
    filled.reindex()
    assert filled.index_manager.missing == 0


def test_a_line_is_found_for_an_embedder_that_nobody_measured(engine: Engine, filled: Retrieval, tmp_path: Path) -> None:
    many = [article(f"a{n}", f"Topic {n}", f"# On word{n}\n\nThis is about word{n} and thing{n}.\n\n# Why item{n}\n\n"
                    f"The item{n} of word{n} is that thing{n} helps.") for n in range(20)]  # fmt: skip
    filled.ingest.run(many)
    filled.reindex(embedder="openai")
    choice = read_choice(tmp_path / "embedder.json")
    assert choice is not None
    assert choice.threshold is not None
    assert 0.0 < choice.threshold < 1.0


def test_a_choice_that_cannot_be_read_leaves_the_setting_to_decide(
    filled: Retrieval, opened: Opener, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filled.close()
    (tmp_path / "embedder.json").write_text("{broken", "utf-8")
    assert (opened().embedder, "embedder.json" in caplog.text) == ("minilm", True)


KILLED = """
import sys
from pathlib import Path
from sqlalchemy import create_engine
from retrieval import build, embedders
from retrieval.indexing import unit_embedding
from retrieval.adapters.openai_embeddings import OpenAIEndpoint
from retrieval.embedding.endpoint import Endpoint
from tests.contract.retrieval.support import WordEmbeddings
fake = WordEmbeddings()
embedders.make_embeddings = lambda name, endpoint=None: OpenAIEndpoint(endpoint) if endpoint else fake
unit_embedding.EMBED_BATCH = 1
folder, url, model, key, dimension = Path(sys.argv[1]), *sys.argv[2:]
endpoint = Endpoint(url, model, key, int(dimension))
one = build.open_retrieval(create_engine(f"sqlite:///{folder / 'test.db'}"), folder / "index", endpoint=endpoint)
one.reindex(lambda *at: print(*at, flush=True), "openai")
"""


@pytest.mark.parametrize("moment", ["embedding 3", "index 0"])
def test_kill_9_and_the_next_run_goes_on(
    filled: Retrieval, opened: Opener, server: EmbeddingServer, tmp_path: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = filled.cost("openai").texts
    filled.close()
    server.pause = 0.05
    command = [sys.executable, "-c", KILLED, str(tmp_path), server.url, MODEL, KEY, str(DIMENSION)]
    with subprocess.Popen(command, cwd=Path(build.__file__).parents[1], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if line.startswith(moment))
        os.kill(process.pid, signal.SIGKILL)
    time.sleep(0.2)
    sent, server.pause = server.texts, 0.0
    again = opened()
    assert (again.embedder, best(again)) == ("minilm", "bread")
    monkeypatch.setattr(unit_embedding, "EMBED_BATCH", 1)
    assert again.reindex(embedder="openai")
    assert server.texts <= everything + 1, "one batch may be embedded again"
    assert sent >= 3
    assert (again.embedder, again.index_manager.missing, best(again)) == ("openai", 0, "bread")
    assert len(list((tmp_path / "index").glob("g*"))) <= 2
