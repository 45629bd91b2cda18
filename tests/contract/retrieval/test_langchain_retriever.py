"""Askwell as a LangChain retriever: the documented example runs as it stands, and what is not known gives nothing."""

from __future__ import annotations

import asyncio
import contextlib
import io
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableLambda

from retrieval import build, embedders
from retrieval.adapters import langchain_retriever
from retrieval.build import open_retrieval
from retrieval.facade import Retrieval

from .support import ARTICLES, PROFILES, WordEmbeddings, article, database


@pytest.fixture
def retrieval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Retrieval]:
    fake = WordEmbeddings()
    monkeypatch.setattr(embedders, "make_embeddings", lambda name: fake)
    engine = database(tmp_path)
    opened = open_retrieval(engine, tmp_path / "index", threshold=0.3)
    headed = article("tea", "Brewing tea", "# The pot\n\nWarm the pot before the leaves go in.")
    opened.ingest.run([*ARTICLES, headed], PROFILES)
    yield opened
    opened.close()
    engine.dispose()


def test_a_document_says_where_it_is_from(retrieval: Retrieval) -> None:
    retriever = retrieval.langchain(k=2)
    retriever.today = lambda: date(2026, 12, 31)
    first, *rest = retriever.invoke("warm the pot before the leaves")
    said = first.metadata
    whole = retrieval.corpus.articles()["tea"].text
    assert len(rest) <= 1
    assert (said["article"], said["title"], said["headings"]) == ("tea", "Brewing tea", ["The pot"])
    assert first.page_content == whole[said["start"] : said["end"]]
    assert said["quote"] in first.page_content
    assert (said["stale"], said["known"]) == (True, True)
    assert said["score"] > 0
    retriever.today = lambda: date(2026, 2, 1)
    assert not retriever.invoke("warm the pot before the leaves")[0].metadata["stale"]


def test_what_the_base_does_not_know_gives_nothing_unless_wanted(retrieval: Retrieval) -> None:
    assert retrieval.langchain().invoke("meadow") == []
    retrieval.search.threshold = 0.99
    assert retrieval.langchain().invoke("how do I bake bread") == []
    nearest = retrieval.langchain(even_if_unknown=True).invoke("how do I bake bread")
    assert nearest
    assert not any(document.metadata["known"] for document in nearest)


def test_it_can_be_awaited_and_chained(retrieval: Retrieval) -> None:
    retriever = retrieval.langchain(k=1)
    question = "how do I bake bread in the oven"
    assert asyncio.run(retriever.ainvoke(question)) == retriever.invoke(question)
    chain = retriever | RunnableLambda(lambda found: [document.id for document in found])
    assert chain.invoke(question)[0].startswith("bread")


def test_the_documented_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly the lines of the module's docstring, on a small base of real articles."""
    (tmp_path / "knowledge" / "articles").mkdir(parents=True)
    starter = Path(build.__file__).parents[1] / "knowledge_base"
    for name in ("articles/board-slides-lead-with-the-ask.md", "articles/choosing-a-chart.md", "organisation.toml"):
        (tmp_path / "knowledge" / name).write_bytes((starter / name).read_bytes())
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ASKWELL_KNOWLEDGE", str(tmp_path / "knowledge"))
    monkeypatch.delenv("ASKWELL_DATABASE_URL", raising=False)
    words = langchain_retriever.__doc__ or ""
    example = textwrap.dedent(words[words.index("    from") : words.index("A question that the base does not answer")])
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(compile(example, "example", "exec"), {})
    *found, unknown = told.getvalue().splitlines()
    assert found
    assert found[0].startswith("Board slides")
    assert unknown == "[]"
    assert len([line for line in example.splitlines() if line]) <= 10
