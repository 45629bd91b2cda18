"""Measures abstention: correct answers to known questions, no answer to unknown ones, and both for every possible threshold.

Every question is searched with the product's Search, at the threshold of its embedder. In a set of examples each label is an
article with its examples as paragraphs; on the starter base the golden questions are used, and those of the retrieval set are the
known ones. An answer is right if it is the label (or a relevant article), or if there is none where there should be none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.evaluation.curve import Panel, Point, draw_curves
from assistant.evaluation.figures import Figure, Report, Wanted, average, mean, with_interval
from assistant.evaluation.in_memory import search_articles
from assistant.evaluation.job import Job
from assistant.evaluation.measures import mcc
from assistant.evaluation.sets import BadSet, Located, locate, rows_of

if TYPE_CHECKING:
    from retrieval.passage import Article
    from retrieval.passages.search import Search
    from retrieval.ports import Embeddings

OUTSIDE = ""
"""The label of questions that the base does not answer."""
STEPS = 200
"""Thresholds of the curve."""
WISHES = {"curekart": 0.603, "powerplay11": 0.425, "sofmattress": 0.638}
"""MCC of the best of four products on the bots of the public set, each product at its best threshold."""


@dataclass(frozen=True)
class Asked:
    """A question's right label, the label of the best hit, and the strength of the search."""

    right: str
    nearest: str
    strength: float

    def given(self, threshold: float) -> str:
        return self.nearest if self.strength >= threshold else OUTSIDE


@dataclass(frozen=True)
class Bot:
    """All questions to one base; `name` is empty if the set has only one."""

    name: str
    threshold: float
    asked: tuple[Asked, ...]

    def named(self, figure: str) -> str:
        return f"{self.name}: {figure}" if self.name else figure


def evaluate_abstain(job: Job) -> Report:
    """In-scope accuracy, out-of-scope recall and MCC of each base, the mean MCC, and the curves as a PNG. Raises BadSet."""
    bots = [_golden(job)] if job.found.golden else list(_bots(job))
    figures = [figure for bot in bots for figure in _figures(bot)]
    if len(bots) > 1:
        mean_mcc = mean([figure.value or 0.0 for figure in figures if figure.name.endswith("MCC")])
        figures.append(Figure("mean MCC", mean_mcc, sum(len(bot.asked) for bot in bots), Wanted(0.555)))
    picture = draw_curves([_panel(bot) for bot in bots], job.out / f"abstain-{job.part}.png")
    return Report("abstain", job.found.source, tuple(figures), files=(picture,))


def ask_base(name: str, base: Sequence[Any], asked: Sequence[Any], embeddings: Embeddings) -> Bot:
    """Searches the questions in one base of examples; rows have `text` and `label`."""
    texts: dict[str, dict[str, None]] = {}
    for row in base:
        texts.setdefault(str(row["label"]), {})[str(row["text"])] = None
    articles = [_article(label, "\n\n".join(examples)) for label, examples in texts.items()]
    search = search_articles(articles, embeddings)
    return Bot(name, search.threshold, tuple(_asked(search, str(row["text"]), _right(row, set(texts))) for row in asked))


def _asked(search: Search, question: str, right: str, also: Collection[str] = ()) -> Asked:
    """`also` are further right labels."""
    found = search.search(question)
    first = found.hits[0].passage.article_id if found.hits else OUTSIDE
    return Asked(right, right if first in also else first, found.strength)


def _article(label: str, text: str) -> Article:
    from retrieval.passage import Article

    return Article(label, label.replace("_", " ").capitalize(), "", (), (), "", date.min, 1, "", text)


def _bots(job: Job) -> Iterator[Bot]:
    base = rows_of(job.found.files["kb.jsonl"], ("text", "label"))
    asked = rows_of(job.found.files["queries.jsonl"], ("text",))
    embeddings = job.embeddings("messages")
    names = sorted({_bot(row) for row in base})
    if len(names) == 1:
        yield ask_base("", base, asked, embeddings)
        return
    stray = next((_bot(row) for row in asked if _bot(row) not in names), None)
    if stray is not None:
        raise BadSet(f"queries.jsonl asks the bot {stray!r}, of which kb.jsonl has no example.")
    for name in names:
        questions = [row for row in asked if _bot(row) == name]
        if questions:
            yield ask_base(name, [row for row in base if _bot(row) == name], questions, embeddings)


def _bot(row: Any) -> str:
    return str(row.get("bot") or "")


def _right(row: Any, known: set[str]) -> str:
    """The right label, or OUTSIDE; without `out_of_scope` a question is in scope if the base has its label."""
    label, outside = str(row.get("label")), row.get("out_of_scope")
    return OUTSIDE if (label not in known if outside is None else bool(outside)) else label


def _golden(job: Job) -> Bot:
    """The golden questions with and without an article, searched in the starter base."""
    from assistant.evaluation.passages import queries_of
    from assistant.evaluation.starter import starter_articles

    inside = queries_of(_answerable(job.found, job.part))
    outside = rows_of(job.found.files["queries.jsonl"], ("text",))
    search = search_articles(starter_articles(), job.embeddings("passages"))
    asked = []
    for text, grades in [(text, grades) for _, text, grades in inside] + [(str(row["text"]), {}) for row in outside]:
        right = {key for key, grade in grades.items() if grade > 0}
        asked.append(_asked(search, text, max(sorted(right), key=lambda key: grades[key], default=OUTSIDE), right))
        job.progress("questions", len(asked), len(inside) + len(outside))
    return Bot("", search.threshold, tuple(asked))


def _answerable(found: Located, part: str) -> Located:
    """The golden set of questions that the base answers, in the folder beside this set."""
    return locate("retrieval", found.folder.parent / "retrieval", part)


def _figures(bot: Bot) -> Iterator[Figure]:
    pairs = [(question.right, question.given(bot.threshold)) for question in bot.asked]
    inside = [float(right == given) for right, given in pairs if right != OUTSIDE]
    outside = [float(given == OUTSIDE) for right, given in pairs if right == OUTSIDE]
    wish = WISHES.get(bot.name)
    yield with_interval(bot.named("MCC"), pairs, mcc, Wanted(wish) if wish else None)
    yield with_interval(bot.named("in-scope accuracy"), inside, average)
    yield with_interval(bot.named("out-of-scope recall"), outside, average)
    yield Figure(bot.named("threshold"), bot.threshold, len(pairs))


def _panel(bot: Bot) -> Panel:
    strengths = [question.strength for question in bot.asked]
    low, high = min(strengths, default=0.0), max(strengths, default=1.0)
    grid = [low + (high - low) * step / STEPS for step in range(STEPS + 1)]
    return Panel(bot.name or "all questions", bot.threshold, tuple(_point(bot.asked, limit) for limit in grid))


def _point(asked: Sequence[Asked], threshold: float) -> Point:
    pairs = [(question.right, question.given(threshold)) for question in asked]
    inside = [float(right == given) for right, given in pairs if right != OUTSIDE]
    outside = [float(given == OUTSIDE) for right, given in pairs if right == OUTSIDE]
    return Point(threshold, mean(inside), mean(outside), mcc(pairs))
