"""Knowing what the base does not know, in the form of HINT3: one table a bot, then the mean of all.

One rule for all: an answer (a label) is an article and its examples are the passages; the threshold is found in the base
alone, by leave-one-out. An answer is right if it is the label, or none where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.evaluation.figures import Figure, Report, Wanted, mean, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.sets import rows_of
from retrieval.measures import mcc

if TYPE_CHECKING:
    from retrieval.ports import Embeddings

OUTSIDE = ""
"""The class of what the base does not know."""


def evaluate_abstain(job: Job) -> Report:
    """In-scope accuracy, out-of-scope recall and MCC. Raises BadSet."""
    base = rows_of(job.found.files["kb.jsonl"], ("text", "label"))
    asked = rows_of(job.found.files["queries.jsonl"], ("text", "out_of_scope"))
    embeddings = job.embeddings("messages")
    figures: list[Figure] = []
    for bot in sorted({str(row.get("bot", "")) for row in base}):
        known, questions = ([row for row in rows if str(row.get("bot", "")) == bot] for rows in (base, asked))
        figures += _figures(decide(known, questions, embeddings), f"{bot}: ")
    average = mean([figure.value or 0.0 for figure in figures if figure.name.endswith("MCC")])
    figures.append(Figure("mean MCC", average, len(asked), Wanted(0.62)))
    return Report("abstain", job.found.source, tuple(figures))


def decide(base: Sequence[Any], asked: Sequence[Any], embeddings: Embeddings) -> list[tuple[str, str]]:
    """(right, given) answers for each question."""
    from retrieval.abstain import leave_one_out
    from retrieval.in_memory import search_in_memory
    from retrieval.passage import Passage

    rank = {label: n for n, label in enumerate(sorted({row["label"] for row in base}))}
    passages = [
        Passage(f"{rank[row['label']]}#{n}", str(rank[row["label"]]), "", (), row["text"], 0, len(row["text"]))
        for n, row in enumerate(base)
    ]
    vectors = embeddings.embed([passage.text for passage in passages])
    threshold = leave_one_out([passage.article_id for passage in passages], vectors)
    search = search_in_memory(passages, {}, embeddings, threshold)
    pairs = []
    for row in asked:
        answer = search.best_article(row["text"])
        pairs.append((OUTSIDE if row["out_of_scope"] else str(rank.get(row["label"], "?")), answer or OUTSIDE))
    return pairs


def _figures(pairs: Sequence[tuple[str, str]], prefix: str) -> Iterator[Figure]:
    inside = [float(right == given) for right, given in pairs if right != OUTSIDE]
    outside = [float(given == OUTSIDE) for right, given in pairs if right == OUTSIDE]
    yield with_interval(f"{prefix}MCC", list(pairs), mcc)
    yield with_interval(f"{prefix}in-scope accuracy", inside, lambda some: mean(some) or 0.0)
    yield with_interval(f"{prefix}out-of-scope recall", outside, lambda some: mean(some) or 0.0)
