"""Measures finding passages: every query is searched with the product's Search, documents are ranked by their best passage.

A public set is measured with titles and with texts only, the starter base as it is. The two halves, vectors and words, are
measured alone as well, because the fused ranking must not be worse than the better half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.evaluation.figures import Figure, Report, Wanted, average, quantile, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.measures import average_precision, hit, ndcg, reciprocal_rank
from assistant.evaluation.sets import LAYOUTS, Located, read_grades, rows_of

if TYPE_CHECKING:
    from retrieval.passage import Article
    from retrieval.ports import Embeddings

DEPTH = 100
TURN_DEPTH = 10
"""Passages of a search in a turn; the search time is measured with this number."""
WISHES = {"nDCG@10": Wanted(0.955), "texts only: nDCG@10": Wanted(0.755)}
"""For the public set."""
HALVES = ("meaning alone", "words alone")
OVER_HALF = Wanted(-0.01)
PUBLIC = (LAYOUTS["retrieval"].folder, "dev")
LANGCHAIN = (0.781, 0.582)
"""nDCG@10 of LangChain's ensemble (BM25Retriever and Chroma with the same embeddings) on that set, with titles and without,
measured once, because its packages are installed in the environment of the benchmarks only."""
OVER_LANGCHAIN = Wanted(0.10)


@dataclass(frozen=True)
class Run:
    """The ranking of documents for one query, its grades, and the time of the search in seconds.

    `halves` are the rankings by vectors alone and by words alone.
    """

    ranking: tuple[str, ...]
    grades: Mapping[str, float]
    seconds: float
    halves: tuple[tuple[str, ...], ...] = ()

    @property
    def relevant(self) -> set[str]:
        return {key for key, grade in self.grades.items() if grade > 0}


def evaluate_passages(job: Job) -> Report:
    """nDCG@10, MAP, MRR@10, Hit@5 and the time of a query. Raises BadSet."""
    from assistant.evaluation.starter import starter_articles

    embeddings = job.embeddings("passages")
    queries = queries_of(job.found)
    if job.found.golden:
        runs = search_runs(starter_articles(), queries, embeddings, job)
        return Report("retrieval", job.found.source, tuple(_figures(runs, wishes={})))
    rows = rows_of(job.found.files["corpus.jsonl"], ("id", "text"))
    titled = search_runs([_article(row, str(row.get("title") or "")) for row in rows], queries, embeddings, job)
    figures = list(_figures(titled))
    if any(row.get("title") for row in rows):
        bare = search_runs([_article(row, "") for row in rows], queries, embeddings, job)
        figures += _figures(bare, "texts only: ")
        if (job.found.folder.name, job.part) == PUBLIC:
            figures.append(_over_langchain(titled, bare))
    return Report("retrieval", job.found.source, tuple(figures))


def queries_of(found: Located) -> list[tuple[str, str, Mapping[str, float]]]:
    """(id, text, grades) of the queries with a right answer; the text begins with the title, if any. Raises BadSet."""
    grades = read_grades(found.files["qrels.tsv"])
    rows = rows_of(found.files["queries.jsonl"], ("id", "text"))
    asked = [(str(row["id"]), "\n".join(filter(None, (row.get("title"), str(row["text"]))))) for row in rows]
    return [(key, text, grades[key]) for key, text in asked if any(grade > 0 for grade in grades.get(key, {}).values())]


def search_runs(
    articles: Sequence[Article], queries: Sequence[tuple[str, str, Mapping[str, float]]], embeddings: Embeddings, job: Job
) -> list[Run]:
    """Searches all queries with the product's Search over these articles."""
    from assistant.evaluation.in_memory import search_and_halves
    from retrieval.passages.split import passages_of

    passages = [passage for article in articles for passage in passages_of(article)]
    search, halves = search_and_halves(passages, {article.id: article.head for article in articles}, embeddings)
    owners = {passage.id: passage.article_id for passage in passages}
    runs = []
    for _, text, grades in queries:
        start = perf_counter()
        search.search(text, TURN_DEPTH)
        seconds = perf_counter() - start
        found = search.search(text, DEPTH)
        alone = tuple(_documents(map(owners.__getitem__, half)) for half in halves.find(text, DEPTH))
        runs.append(Run(_documents(hit.passage.article_id for hit in found.hits), grades, seconds, alone))
        job.progress("queries", len(runs), len(queries))
    return runs


def _figures(runs: Sequence[Run], prefix: str = "", wishes: Mapping[str, Wanted] = WISHES) -> Iterator[Figure]:
    of: dict[str, Callable[[Run], float]] = {
        "nDCG@10": lambda run: ndcg(run.ranking, run.grades),
        "MAP": lambda run: average_precision(run.ranking, run.relevant),
        "MRR@10": lambda run: reciprocal_rank(run.ranking[:10], run.relevant),
        "Hit@5": lambda run: hit(run.ranking, run.relevant),
    }
    for name, measure in of.items():
        values = [measure(run) for run in runs]
        yield with_interval(prefix + name, values, average, wishes.get(prefix + name))
    for place, half in enumerate(HALVES):
        alone = [ndcg(run.halves[place], run.grades) for run in runs]
        yield with_interval(f"{prefix}{half}: nDCG@10", alone, average)
    yield with_interval(f"{prefix}nDCG@10 over the better half", [_ndcg_each(run) for run in runs], _over_better, OVER_HALF)
    for share in (0.5, 0.95):
        taken = quantile([1000 * run.seconds for run in runs], share)
        yield Figure(f"{prefix}ms a query, p{share * 100:.0f}", taken, len(runs), digits=1)


def _ndcg_each(run: Run) -> tuple[float, ...]:
    """nDCG@10 of the fused ranking and of each half."""
    return tuple(ndcg(ranking, run.grades) for ranking in (run.ranking, *run.halves))


def _over_better(rows: Sequence[tuple[float, ...]]) -> float:
    """The mean of the fused ranking minus that of the half that is better on the whole set."""
    fused, *halves = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    return float(fused - max(halves))


def _over_langchain(titled: Sequence[Run], bare: Sequence[Run]) -> Figure:
    """The difference to LangChain's ensemble, as the mean of the runs with and without titles."""
    pairs = [(_ndcg_each(with_title)[0], _ndcg_each(text_only)[0]) for with_title, text_only in zip(titled, bare, strict=True)]
    return with_interval(
        "nDCG@10 over LangChain's ensemble, mean",
        [(with_title + text_only) / 2 for with_title, text_only in pairs],
        lambda values: average(values) - sum(LANGCHAIN) / len(LANGCHAIN),
        OVER_LANGCHAIN,
    )


def _documents(articles: Iterable[str]) -> tuple[str, ...]:
    """The articles in the order of their best passages."""
    return tuple(dict.fromkeys(articles))


def _article(row: Mapping[str, object], title: str) -> Article:
    from retrieval.passage import Article

    return Article(str(row["id"]), title, "", (), (), "", date.min, 1, "", str(row["text"]))
