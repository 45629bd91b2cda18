"""Measures the choice between answering, asking back and declining: the user's turns of each task, searched as in a request.

The given passages are searched, each as an article of its own; if passages and tasks name a collection, only its passages. As
in a request, everything that the person wrote is the question: a known question is answered, an unclear one is asked back, and
any other is declined. PARTIAL counts as answerable.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, get_args

from assistant.evaluation.figures import Figure, Report, Wanted, average, with_interval
from assistant.evaluation.in_memory import search_articles
from assistant.evaluation.job import Job
from assistant.evaluation.sets import BadSet, rows_of
from assistant.services.conversing.research import Findings, Research
from assistant.services.conversing.turn_draft import LONGEST_QUERY

if TYPE_CHECKING:
    from retrieval.passage import Article
    from retrieval.people.experts import ExpertHit
    from retrieval.ports import Embeddings

Action = Literal["answer", "ask", "decline"]
ACTIONS: tuple[Action, ...] = get_args(Action)
RIGHT: dict[str, Action] = {
    "ANSWERABLE": "answer", "PARTIAL": "answer", "UNDERSPECIFIED": "ask", "UNANSWERABLE": "decline"
}  # fmt: skip
ALL = ""
"""The collection of all passages."""
NOW = datetime(2026, 11, 30, tzinfo=UTC)


@dataclass(frozen=True)
class JudgedTurn:
    """A task: the right action, the product's action, its citations, and the references of the set."""

    id: str
    right: Action
    taken: Action
    cited: tuple[str, ...]
    references: frozenset[str]


def evaluate_decide(job: Job) -> Report:
    """Macro F1, false declines, the precision of citations, and the confusion matrix. Raises BadSet."""
    turns = turns_of(job, job.embeddings("passages"))
    pairs = [(turn.right, turn.taken) for turn in turns]
    figures = (
        with_interval("macro F1", pairs, macro_f1, Wanted(0.62)),
        with_interval("macro F1 of always answering", [(right, "answer") for right, _ in pairs], macro_f1),
        with_interval("false declines", [p for p in pairs if p[0] == "answer"], _declined, Wanted(0.14, "at most")),
        *(with_interval(f"F1 {action}", pairs, partial(_f1, action=action)) for action in ACTIONS),
        _citations(turns),
    )
    rows = tuple({"id": turn.id, "right": turn.right, "taken": turn.taken} for turn in turns)
    return Report("decide", job.found.source, figures, rows, _confusion(pairs))


def turns_of(job: Job, embeddings: Embeddings) -> list[JudgedTurn]:
    """Runs every task. Raises BadSet."""
    tasks, turns = list(_tasks(job)), []
    finders = _finders(rows_of(job.found.files["passages.jsonl"], ("id", "text")), tasks, embeddings)
    for task in tasks:
        spoken = "\n".join(str(message["text"]) for message in task["messages"] if message.get("role", "user") == "user")
        finder = finders.get(str(task.get("collection") or ALL)) or finders[ALL]
        found = finder.search((spoken[:LONGEST_QUERY],), NOW)
        cited = tuple(citation.article for citation in found.citations)
        references = frozenset(map(str, task.get("reference_passages") or ()))
        turns.append(JudgedTurn(str(task["id"]), RIGHT[task["answerability"]], action_of(found), cited, references))
        job.progress("turns", len(turns), len(tasks))
    return turns


def action_of(found: Findings) -> Action:
    """What a request does with these findings."""
    return "answer" if found.known else "ask" if found.unclear else "decline"


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean F1 of the actions that occur in these pairs of (right, taken)."""
    there = [action for action in ACTIONS if any(action in pair for pair in pairs)]
    return average([_f1(pairs, action) for action in there])


class _Nobody:
    """A directory without people and labels, so that only passages are searched."""

    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]:
        return ()

    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]:
        return [0.0 for _ in labels]


@dataclass(frozen=True)
class _Articles:
    all: Mapping[str, Article]

    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]:
        return {key: self.all[key] for key in (self.all if ids is None else ids)}


def _tasks(job: Job) -> Iterator[dict[str, Any]]:
    name = "tasks.jsonl"
    for number, task in enumerate(rows_of(job.found.files[name], ("id", "answerability", "messages")), 1):
        messages = task["messages"]
        if task["answerability"] not in RIGHT:
            raise BadSet(f"{name}, task {number}: {task['answerability']!r} is none of {', '.join(RIGHT)}.")
        if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) and m.get("text") for m in messages):
            raise BadSet(f"{name}, task {number}: messages must be a list of objects with a text, the last the turn to answer.")
        yield task


def _finders(
    rows: Sequence[Mapping[str, Any]], tasks: Sequence[Mapping[str, Any]], embeddings: Embeddings
) -> dict[str, Research]:
    """A Research for each collection that both passages and tasks name, and one over all passages if a task needs it."""
    asked = {str(task.get("collection") or ALL) for task in tasks}
    named: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        named.setdefault(str(row.get("collection") or ALL), []).append(row)
    made = {name: _finder(members, embeddings) for name, members in sorted(named.items()) if name != ALL and name in asked}
    return made if made and asked <= made.keys() else {**made, ALL: _finder(rows, embeddings)}


def _finder(rows: Sequence[Mapping[str, Any]], embeddings: Embeddings) -> Research:
    from retrieval.passage import Article

    articles = [
        Article(str(row["id"]), str(row.get("title") or ""), "", (), ("mentee",), "", date.min, 1, "", str(row["text"]))
        for row in rows
    ]
    nobody = _Nobody()
    return Research(
        search_articles(articles, embeddings), nobody, nobody, _Articles({article.id: article for article in articles})
    )


def _f1(pairs: Sequence[tuple[str, str]], action: str) -> float:
    hits = sum(pair == (action, action) for pair in pairs)
    named = sum(pair.count(action) for pair in pairs)
    return 2 * hits / named if named else 0.0


def _declined(pairs: Sequence[tuple[str, str]]) -> float:
    return average([float(taken == "decline") for _, taken in pairs])


def _citations(turns: Sequence[JudgedTurn]) -> Figure:
    """The share of the citations in answers that are references of the set."""
    cited = [float(key in turn.references) for turn in turns if turn.taken == "answer" for key in turn.cited]
    return with_interval("citations that are references", cited, average)


def _confusion(pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    return {right: {taken: pairs.count((right, taken)) for taken in ACTIONS} for right in ACTIONS}
