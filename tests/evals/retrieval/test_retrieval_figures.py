"""The figures that retrieval promises, measured with the product's own code on public data and on own questions."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import knowledge_base
from assistant.evaluation.figures import Report
from assistant.evaluation.job import Job
from assistant.evaluation.runners import Runner, run_abstain, run_decide, run_experts, run_retrieval
from assistant.evaluation.sets import GOLDEN, locate
from retrieval.build import make_embeddings, threshold_of
from retrieval.in_memory import search_in_memory
from retrieval.ingest import load_articles
from retrieval.split import passages_of

DATA = Path(os.environ.get("ASKWELL_EVAL_DATA", Path(__file__).parents[4] / "shared" / "data"))
MINILM = make_embeddings("minilm")
needs_data = pytest.mark.skipif(not (DATA / "stackfaq").is_dir(), reason=f"no evaluation data in {DATA}")


def report(name: str, runner: Runner) -> Report:
    return runner(Job(locate(name, DATA, "dev"), "dev", lambda stage, done, total: None))


@needs_data
@pytest.mark.slow
def test_abstention_with_one_rule() -> None:
    found = report("abstain", run_abstain)
    assert (found.figure("mean MCC").value or 0) >= 0.62
    assert [figure.name for figure in found.figures if figure.met is False] == []


@needs_data
@pytest.mark.slow
def test_turns_are_answered_asked_back_or_declined() -> None:
    found = report("decide", run_decide)
    assert (found.figure("macro F1").value or 0) >= 0.64
    assert (found.figure("false declines").value or 1) <= 0.14


@needs_data
@pytest.mark.slow
def test_people_are_found() -> None:
    found = report("experts", run_experts)
    assert (found.figure("MRR").value or 0) >= 0.58
    assert (found.figure("P@5").value or 0) >= 0.34


@needs_data
@pytest.mark.slow
def test_passages_are_found_with_and_without_their_titles() -> None:
    found = report("retrieval", run_retrieval)
    assert (found.figure("nDCG@10").value or 0) >= 0.955
    assert (found.figure("texts only: nDCG@10").value or 0) >= 0.755
    assert (found.figure("nDCG@10 over the better half").value or -1) >= -0.01
    assert (found.figure("texts only: nDCG@10 over the better half").value or -1) >= -0.01
    assert (found.figure("nDCG@10 over LangChain's ensemble, mean").value or 0) >= 0.10


@pytest.mark.slow
def test_fusing_loses_nothing_of_the_better_half_on_the_starter_base() -> None:
    for part in ("dev", "test"):
        found = run_retrieval(Job(locate("retrieval", GOLDEN, part), part, lambda stage, done, total: None))
        assert (found.figure("nDCG@10 over the better half").value or -1) >= -0.01


@pytest.mark.slow
def test_the_starter_base_answers_its_questions_and_no_others() -> None:
    articles = load_articles(Path(knowledge_base.__file__).parent / "articles")
    passages = [passage for article in articles for passage in passages_of(article)]
    search = search_in_memory(passages, {a.id: a.head for a in articles}, MINILM, threshold_of(MINILM.id))
    lines = (Path(__file__).parent / "questions.jsonl").read_text("utf-8").splitlines()
    known_ids = {article.id for article in articles}
    rows = [row for row in map(json.loads, lines) if row["article"] is None or row["article"] in known_ids]
    inside, outside = ([r for r in rows if (r["article"] is None) is side] for side in (False, True))
    found = [(row, search.search(row["question"])) for row in inside]
    assert sum(e.hits[0].passage.article_id == row["article"] for row, e in found) >= 0.8 * len(inside)
    assert sum(evidence.known for _, evidence in found) >= 0.88 * len(inside)
    assert sum(search.search(row["question"]).known for row in outside) <= 0.04 * len(outside)
