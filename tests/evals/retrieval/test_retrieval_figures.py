"""The figures that retrieval promises, measured with the product's own code on public data and on own questions."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import knowledge_base
from assistant.evaluation.figures import Report
from assistant.evaluation.in_memory import search_articles
from assistant.evaluation.job import Job
from assistant.evaluation.runners import Runner, run_abstain, run_decide, run_experts, run_retrieval
from assistant.evaluation.sets import GOLDEN, locate, read_grades
from retrieval.embedders import make_embeddings
from retrieval.importing.content_files import load_articles
from retrieval.ports import Embeddings
from tests.evals.floors import ceiling, floor

DATA = Path(os.environ.get("ASKWELL_EVAL_DATA", Path(__file__).parents[4] / "shared" / "data"))
needs_data = pytest.mark.skipif(not (DATA / "stackfaq").is_dir(), reason=f"no evaluation data in {DATA}")


class Remembered:
    """The product's embedder, asked once for each text: two of these tests read the same articles."""

    def __init__(self) -> None:
        self.inner, self.known = make_embeddings("minilm"), dict[str, Any]()
        self.id, self.dimension = self.inner.id, self.inner.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        self.known.update(zip(new, self.inner.embed(new), strict=True))
        return np.stack([self.known[text] for text in texts]) if texts else self.inner.embed(texts)


MINILM = Remembered()


class Measured(Job):
    def embeddings(self, stage: str) -> Embeddings:
        return MINILM


def report(name: str, runner: Runner, folder: Path = DATA, part: str = "dev") -> Report:
    return runner(Measured(locate(name, folder, part), part, lambda stage, done, total: None))


def thinned(
    name: str, folder: Path, asked: str, texts: str, wanted: Callable[[dict[str, Any]], Iterable[str]], each: int, others: int
) -> Path:  # fmt: skip
    """One in `each` questions of a set, with the texts they want and one in `others`; `askwell eval` takes all."""
    files = locate(name, DATA, "dev").files
    rows = [json.loads(line) for line in files[asked].read_text("utf-8").splitlines()][::each]
    needed = {text for row in rows for text in wanted(row)}
    kept = [row for place, row in enumerate(map(json.loads, files[texts].read_text("utf-8").splitlines()))
            if place % others == 0 or row["id"] in needed]  # fmt: skip
    (folder / "dev").mkdir()
    for file, some in ((asked, rows), (texts, kept)):
        (folder / "dev" / file).write_text("".join(f"{json.dumps(row)}\n" for row in some), "utf-8")
    if "qrels.tsv" in files:
        there = {row["id"] for row in rows}
        lines = [line for line in files["qrels.tsv"].read_text("utf-8").splitlines() if line.split("\t")[0] in there]
        (folder / "dev" / "qrels.tsv").write_text("\n".join(lines), "utf-8")
    return folder


@needs_data
@pytest.mark.slow
def test_a_base_of_examples_is_asked_at_the_threshold_of_every_request() -> None:
    found = report("abstain", run_abstain)
    figure = found.figure("mean MCC")
    assert (figure.value or 0) >= floor(0.547, figure.count, span=2)


@needs_data
@pytest.mark.slow
def test_turns_are_answered_asked_back_or_declined(tmp_path: Path) -> None:
    some = thinned("decide", tmp_path, "tasks.jsonl", "passages.jsonl", lambda row: row.get("reference_passages") or (), 2, 8)
    found = report("decide", run_decide, some)
    assert (found.figure("macro F1").value or 0) > (found.figure("macro F1 of always answering").value or 1)
    assert found.figure("false declines").met


@needs_data
@pytest.mark.slow
def test_people_are_found() -> None:
    found = report("experts", run_experts)
    for name, measured in (("MRR", 0.582), ("P@5", 0.348)):
        figure = found.figure(name)
        assert (figure.value or 0) >= floor(measured, figure.count), name


@needs_data
@pytest.mark.slow
def test_passages_are_found_with_and_without_their_titles(tmp_path: Path) -> None:
    right = read_grades(locate("retrieval", DATA, "dev").files["qrels.tsv"])
    some = thinned("retrieval", tmp_path, "queries.jsonl", "corpus.jsonl", lambda row: right.get(row["id"], ()), 3, 4)
    found = report("retrieval", run_retrieval, some)
    measured = {
        "nDCG@10": 0.981, "texts only: nDCG@10": 0.825,
        "nDCG@10 over the better half": -0.001, "texts only: nDCG@10 over the better half": 0.010,
    }  # fmt: skip
    for name, value in measured.items():
        figure = found.figure(name)
        assert figure.value is not None
        assert figure.value >= floor(value, figure.count), name


@pytest.mark.slow
def test_fusing_loses_nothing_of_the_better_half_on_the_starter_base() -> None:
    found = report("retrieval", run_retrieval, GOLDEN, "test")
    assert (found.figure("nDCG@10 over the better half").value or -1) >= -0.01


@pytest.mark.slow
def test_the_starter_base_answers_its_questions_and_no_others() -> None:
    articles = load_articles(Path(knowledge_base.__file__).parent / "articles")
    search = search_articles(articles, MINILM)
    lines = (Path(__file__).parent / "questions.jsonl").read_text("utf-8").splitlines()
    known_ids = {article.id for article in articles}
    rows = [row for row in map(json.loads, lines) if row["article"] is None or row["article"] in known_ids]
    inside, outside = ([r for r in rows if (r["article"] is None) is side] for side in (False, True))
    found = [(row, search.search(row["question"])) for row in inside]
    right = [e.hits[0].passage.article_id == row["article"] for row, e in found]
    wrongly = [search.search(row["question"]).known for row in outside]
    assert sum(right) / len(inside) >= floor(64 / 80, len(inside))
    # 78 before the line for an answer was raised, which made claims on questions kept apart true more often (`eval know`).
    assert sum(evidence.known for _, evidence in found) / len(inside) >= floor(75 / 80, len(inside))
    assert sum(wrongly) / len(outside) <= ceiling(2 / 50, len(outside))
