"""Is it true that the knowledge base answers a question, where Askwell says so?

Each question opens a request of its own, and every question of Askwell is skipped (or answered from the set), until it proposes
the question with what it found. Counted is what a reader is told: "The knowledge base may already answer it" with its titles is a
claim, true if one of the named articles is right. The questions are those that an article answers, near twins (a word of an
article with another meaning) and what is foreign to the base.

`openings.tsv` beside the questions judges first messages of another set, where that is at hand: grade 2 is an answer, 1 helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.domain.reply import Asks, Reply
from assistant.domain.stages import Sharpening
from assistant.evaluation.figures import Figure, Report, Wanted, mean, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.sets import BadSet, places, read_grades, read_rows, rows_of
from assistant.evaluation.stage import open_stage
from assistant.services.accounts.access import Actor
from assistant.services.results import Refusal
from prompts.catalog import text

if TYPE_CHECKING:
    from assistant.bootstrap import App

KINDS = ("answerable", "twin", "foreign")
MOST_TURNS = 6
ACTOR = Actor("evaluation.mentee", frozenset({"mentee"}), None, "Europe/Berlin")
PRECISION, RECALL = Wanted(0.85), Wanted(0.70)
SKIP = "skip"


@dataclass(frozen=True)
class Question:
    """`grades` are the articles that answer (2) or help (1); `answers` what the person says when asked, by name of the slot."""

    id: str
    text: str
    kind: str
    grades: Mapping[str, float]
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def answerable(self) -> bool:
        return any(grade >= 2 for grade in self.grades.values())


@dataclass(frozen=True)
class ShownAnswer:
    """What the reader was told: the articles named as an answer, or the one named as perhaps near; both empty for none."""

    question: Question
    claimed: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()

    @property
    def true(self) -> bool:
        return any(self.question.grades.get(key, 0) > 0 for key in self.claimed)


def evaluate_know(job: Job) -> Report:
    """Precision and recall of the claim, how often twins and foreign questions get one, and the first messages. Raises BadSet."""
    own, others = questions_of(job.found.file), list(_openings(job))
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        app = open_stage(Path(folder), job.progress)
        try:
            asked = list(_ask(app, [*own, *others], job))
        finally:
            app.close()
    mine, theirs = asked[: len(own)], asked[len(own) :]
    figures = [*_figures(mine), *_first_messages(theirs)]
    return Report("know", job.found.source, tuple(figures), tuple(map(_row, asked)))


def questions_of(path: Path) -> list[Question]:
    """The questions of a set. Raises BadSet."""
    found = []
    for number, row in read_rows(path, ("id", "text", "kind")):
        if row["kind"] not in KINDS:
            raise BadSet(f"{path.name}, line {number}: {row['kind']!r} is none of {', '.join(KINDS)}.")
        if (row["kind"] == "answerable") is not bool(row.get("article")):
            raise BadSet(f"{path.name}, line {number}: an answerable question, and no other, names its 'article'.")
        grades = {str(row["article"]): 2.0} if row.get("article") else {}
        found.append(Question(str(row["id"]), str(row["text"]), str(row["kind"]), grades))
    return found


def _openings(job: Job) -> Iterator[Question]:
    """First messages of the set of openings, judged beside the questions; none if either is missing."""
    judged = job.found.beside("openings.tsv")
    at = (place / "openings" / job.part / "openings.jsonl" for place in places(None))
    path = next((one for one in at if one.is_file()), None)
    if judged is None or path is None:
        return
    grades = read_grades(judged)
    for row in rows_of(path, ("id", "text")):
        answers = row.get("answers")
        yield Question(str(row["id"]), str(row["text"]), "opening", grades.get(str(row["id"]), {}),
                       answers if isinstance(answers, dict) else {})  # fmt: skip


def _ask(app: App, questions: Sequence[Question], job: Job) -> Iterator[ShownAnswer]:
    for number, question in enumerate(questions, 1):
        yield told(question, _last_reply(app, question))
        job.progress("questions", number, len(questions))


def _last_reply(app: App, question: Question) -> Reply | None:
    """The reply that ends the asking; None if there is none."""
    name, words, reply = f"know-{question.id}", question.text, None
    app.services.conversation.open(ACTOR, name)
    for turn in range(MOST_TURNS):
        if isinstance(app.services.conversation.say(ACTOR, name, f"m{turn}", words), Refusal):
            return reply
        request = app.services.ledger.load(name)
        reply = next((one for one in reversed(request.replies) if f"m{turn}" in one.to), None)
        if reply is None or not reply.asks or not isinstance(request.stage, Sharpening):
            return reply
        words = _answer(question, reply.asks)
    return reply


def _answer(question: Question, asks: Asks) -> str:
    return str(question.answers.get("part" if asks.kind == "facet" else asks.name) or SKIP)


def told(question: Question, reply: Reply | None) -> ShownAnswer:
    """What a reply says about the knowledge base, by the very sentences that the product uses."""
    if reply is None:
        return ShownAnswer(question)
    named = dict.fromkeys(one.article for one in reply.citations if one.title in reply.say)
    if _says("propose.known", "titles", reply):
        return ShownAnswer(question, claimed=tuple(named))
    return ShownAnswer(question, perhaps=tuple(named) if _says("propose.perhaps", "title", reply) else ())


def _says(key: str, variable: str, reply: Reply) -> bool:
    before, _, _ = text(key, **{variable: "\0"}).partition("\0")
    return before.strip() in reply.say


def _figures(asked: Sequence[ShownAnswer]) -> Iterator[Figure]:
    claims = [one for one in asked if one.claimed]
    yield _share("claims that are true", [one.true for one in claims], PRECISION)
    yield _share("answerable questions with a true claim", [one.true for one in asked if one.question.answerable], RECALL)
    for kind, name in (("twin", "near twins"), ("foreign", "foreign questions")):
        yield _share(f"{name} with a claim", [bool(one.claimed) for one in asked if one.question.kind == kind])
    perhaps = [any(one.question.grades.get(key) for key in one.perhaps) for one in asked if one.perhaps]
    yield _share("articles named with a perhaps that are right", perhaps)
    yield _share("questions that an article answers at all", [one.question.answerable for one in asked])


def _first_messages(asked: Sequence[ShownAnswer]) -> Iterator[Figure]:
    if not asked:
        return
    claims = [one.true for one in asked if one.claimed]
    answerable = [one.true for one in asked if one.question.answerable]
    rows = (("claims that are true", claims, PRECISION), ("answerable with a true claim", answerable, RECALL))
    for name, values, wanted in rows:
        figure = _share(f"first messages: {name}", values, wanted)
        yield Figure(figure.name, figure.value, figure.count, wanted, low=figure.low, high=figure.high, data="seen")


def _share(name: str, values: Sequence[bool], wanted: Wanted | None = None) -> Figure:
    return with_interval(name, [float(value) for value in values], lambda some: mean(some) or 0.0, wanted)


def _row(one: ShownAnswer) -> dict[str, object]:
    question = one.question
    return {"id": question.id, "kind": question.kind, "right": dict(question.grades), "claimed": one.claimed,
            "perhaps": one.perhaps}  # fmt: skip
