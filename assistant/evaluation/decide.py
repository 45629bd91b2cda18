"""Answer, ask back or decline: each task's last turn read with its history by the model that `retrieval.turn` ships.

What is searched are the given passages, each an article of its own; where passages and tasks name a collection, only the
passages of it. PARTIAL counts as answerable: what is there should be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.evaluation.figures import Figure, Report, Wanted, mean, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.sets import BadSet, rows_of
from retrieval.turn import ACTIONS, LOOKED_AT, Action, Features, decide, features_of, weights_of, with_context, worth_citing

if TYPE_CHECKING:
    from retrieval.ports import Embeddings
    from retrieval.search import Search

RIGHT: dict[str, Action] = {
    "ANSWERABLE": "answer", "PARTIAL": "answer", "UNDERSPECIFIED": "ask", "UNANSWERABLE": "decline"
}  # fmt: skip
ALL = ""
"""The collection of everything."""


@dataclass(frozen=True)
class Turn:
    """A task as the model sees it, what is right, what would be cited, and what may be."""

    id: str
    right: Action
    features: Features
    cited: tuple[str, ...]
    references: frozenset[str]


def evaluate_decide(job: Job) -> Report:
    """Macro F1, false declines, the share of right citations, and the confusion matrix. Raises BadSet."""
    embeddings = job.embeddings("passages")
    weights = weights_of(embeddings.id)
    judged = [(turn, decide(turn.features, weights)) for turn in turns_of(job, embeddings)]
    pairs = [(turn.right, taken) for turn, taken in judged]
    figures = (
        with_interval("macro F1", pairs, macro_f1, Wanted(0.64), note=weights.found),
        with_interval("false declines", [p for p in pairs if p[0] == "answer"], _declined, Wanted(0.14, "at most")),
        *(with_interval(f"F1 {action}", pairs, partial(_f1, action=action)) for action in ACTIONS),
        _citations(judged),
    )
    rows = tuple({"id": turn.id, "right": turn.right, "taken": taken} for turn, taken in judged)
    return Report("decide", job.found.source, figures, rows, _confusion(pairs))


def turns_of(job: Job, embeddings: Embeddings) -> list[Turn]:
    """Every task searched and read. Raises BadSet."""
    from retrieval.nearness import Nearness

    tasks = list(_tasks(job))
    searches = _searches(rows_of(job.found.files["passages.jsonl"], ("id", "text")), tasks, embeddings)
    near, turns = Nearness(embeddings), []
    for task in tasks:
        said = [(str(message.get("role", "user")), str(message["text"])) for message in task["messages"]]
        (*earlier, (_, question)), history = said, [text for _, text in said[:-1]]
        search = searches.get(str(task.get("collection") or ALL)) or searches[ALL]
        together = search.search(with_context(question, [text for role, text in earlier if role == "user"]), 2 * LOOKED_AT)
        alone = search.search(question, 2 * LOOKED_AT)
        nearness = max(near.relevance(question, history), default=None)
        features = features_of(question, history, together, alone, nearness)
        cited = tuple(hit.passage.article_id for hit in worth_citing(together.hits))
        references = frozenset(map(str, task.get("reference_passages") or ()))
        turns.append(Turn(str(task["id"]), RIGHT[task["answerability"]], features, cited, references))
        job.progress("turns", len(turns), len(tasks))
    return turns


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean F1 of those actions that are right or taken somewhere among (right, taken)."""
    there = [action for action in ACTIONS if any(action in pair for pair in pairs)]
    return mean([_f1(pairs, action) for action in there]) or 0.0


def _tasks(job: Job) -> Iterator[dict[str, Any]]:
    name = "tasks.jsonl"
    for number, task in enumerate(rows_of(job.found.files[name], ("id", "answerability", "messages")), 1):
        messages = task["messages"]
        if task["answerability"] not in RIGHT:
            raise BadSet(f"{name}, task {number}: {task['answerability']!r} is none of {', '.join(RIGHT)}.")
        if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) and m.get("text") for m in messages):
            raise BadSet(f"{name}, task {number}: messages must be a list of objects with a text, the last the turn to answer.")
        yield task


def _searches(rows: Sequence[Mapping[str, Any]], tasks: Sequence[Mapping[str, Any]], embeddings: Embeddings) -> dict[str, Search]:
    """A Search for each collection that both passages and tasks name; one over all passages where a task needs it."""
    asked = {str(task.get("collection") or ALL) for task in tasks}
    named: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        named.setdefault(str(row.get("collection") or ALL), []).append(row)
    made = {name: _search(some, embeddings) for name, some in sorted(named.items()) if name != ALL and name in asked}
    return made if made and asked <= made.keys() else {**made, ALL: _search(rows, embeddings)}


def _search(rows: Sequence[Mapping[str, Any]], embeddings: Embeddings) -> Search:
    from retrieval.build import threshold_of
    from retrieval.in_memory import search_in_memory
    from retrieval.passage import Article
    from retrieval.split import passages_of

    articles = [
        Article(str(row["id"]), str(row.get("title") or ""), "", (), (), "", date.min, 1, "", str(row["text"])) for row in rows
    ]
    passages = [passage for article in articles for passage in passages_of(article)]
    heads = {article.id: article.head for article in articles}
    return search_in_memory(passages, heads, embeddings, threshold_of(embeddings.id))


def _f1(pairs: Sequence[tuple[str, str]], action: str) -> float:
    hits = sum(pair == (action, action) for pair in pairs)
    named = sum(pair.count(action) for pair in pairs)
    return 2 * hits / named if named else 0.0


def _declined(pairs: Sequence[tuple[str, str]]) -> float:
    return mean([float(taken == "decline") for _, taken in pairs]) or 0.0


def _citations(judged: Sequence[tuple[Turn, Action]]) -> Figure:
    """Of what is cited in the answers, the share that the set names as reference."""
    cited = [float(key in turn.references) for turn, taken in judged if taken == "answer" for key in turn.cited]
    return with_interval("citations that are references", cited, lambda some: mean(some) or 0.0)


def _confusion(pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    return {right: {taken: pairs.count((right, taken)) for taken in ACTIONS} for right in ACTIONS}
