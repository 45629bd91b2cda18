"""Measures how often "The knowledge base may already answer it" is true.

Each question opens a request of its own. Askwell's clarifying questions are skipped (or answered from the set) until it
proposes a question with what it found. A proposal that names articles as an answer is a claim, which is true if one of these
articles is right. The questions are answerable by an article, near twins (words of an article with another meaning), or foreign
to the base.

`openings.tsv` in the same folder grades articles for the first messages of another set, if that exists: 2 is an answer, 1
helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.domain.reply import Asks, Reply
from assistant.domain.stages import Sharpening
from assistant.evaluation.figures import Figure, Report, Wanted, average, with_interval
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
    """`grades` are the articles that answer (2) or help (1); `answers` are the mentee's answers by name of the slot."""

    id: str
    text: str
    kind: str
    grades: Mapping[str, float]
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def answerable(self) -> bool:
        return any(grade >= 2 for grade in self.grades.values())


@dataclass(frozen=True)
class KnownClaim:
    """What a reply says of the base: the articles named as an answer (`claimed`), or as perhaps helpful (`perhaps`)."""

    question: Question
    claimed: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()

    @property
    def true(self) -> bool:
        return any(self.question.grades.get(key, 0) > 0 for key in self.claimed)


def evaluate_know(job: Job) -> Report:
    """Precision and recall of claims, claims for twins and foreign questions, and those for first messages. Raises BadSet."""
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
    """The first messages of the set of openings with their grades; none if either file is missing."""
    judged = job.found.beside("openings.tsv")
    at = (place / "openings" / job.part / "openings.jsonl" for place in places(None))
    path = next((file for file in at if file.is_file()), None)
    if judged is None or path is None:
        return
    grades = read_grades(judged)
    for row in rows_of(path, ("id", "text")):
        answers = row.get("answers")
        yield Question(str(row["id"]), str(row["text"]), "opening", grades.get(str(row["id"]), {}),
                       answers if isinstance(answers, dict) else {})  # fmt: skip


def _ask(app: App, questions: Sequence[Question], job: Job) -> Iterator[KnownClaim]:
    for number, question in enumerate(questions, 1):
        yield claim_of(question, _last_reply(app, question))
        job.progress("questions", number, len(questions))


def _last_reply(app: App, question: Question) -> Reply | None:
    """The first reply that is not a clarifying question, or the last reply; None if there is none."""
    name, words, reply = f"know-{question.id}", question.text, None
    app.services.conversation.open(ACTOR, name)
    for turn in range(MOST_TURNS):
        if isinstance(app.services.conversation.say(ACTOR, name, f"m{turn}", words), Refusal):
            return reply
        request = app.services.ledger.load(name)
        reply = next((candidate for candidate in reversed(request.replies) if f"m{turn}" in candidate.to), None)
        if reply is None or not reply.asks or not isinstance(request.stage, Sharpening):
            return reply
        words = _answer(question, reply.asks)
    return reply


def _answer(question: Question, asks: Asks) -> str:
    return str(question.answers.get("part" if asks.kind == "facet" else asks.name) or SKIP)


def claim_of(question: Question, reply: Reply | None) -> KnownClaim:
    """What a reply says about the knowledge base, recognised by the product's own sayings."""
    if reply is None:
        return KnownClaim(question)
    named = dict.fromkeys(citation.article for citation in reply.citations if citation.title in reply.say)
    if _says("propose.known", "titles", reply):
        return KnownClaim(question, claimed=tuple(named))
    return KnownClaim(question, perhaps=tuple(named) if _says("propose.perhaps", "title", reply) else ())


def _says(key: str, variable: str, reply: Reply) -> bool:
    before, _, _ = text(key, **{variable: "\0"}).partition("\0")
    return before.strip() in reply.say


def _figures(asked: Sequence[KnownClaim]) -> Iterator[Figure]:
    claims = [claim for claim in asked if claim.claimed]
    yield _share("claims that are true", [claim.true for claim in claims], PRECISION)
    yield _share("answerable questions with a true claim", [claim.true for claim in asked if claim.question.answerable], RECALL)
    for kind, name in (("twin", "near twins"), ("foreign", "foreign questions")):
        yield _share(f"{name} with a claim", [bool(claim.claimed) for claim in asked if claim.question.kind == kind])
    perhaps = [any(claim.question.grades.get(key) for key in claim.perhaps) for claim in asked if claim.perhaps]
    yield _share("articles named with a perhaps that are right", perhaps)
    yield _share("questions that an article answers at all", [claim.question.answerable for claim in asked])


def _first_messages(asked: Sequence[KnownClaim]) -> Iterator[Figure]:
    if not asked:
        return
    claims = [claim.true for claim in asked if claim.claimed]
    answerable = [claim.true for claim in asked if claim.question.answerable]
    rows = (("claims that are true", claims, PRECISION), ("answerable with a true claim", answerable, RECALL))
    for name, values, wanted in rows:
        figure = _share(f"first messages: {name}", values, wanted)
        yield Figure(figure.name, figure.value, figure.count, wanted, low=figure.low, high=figure.high, data="seen")


def _share(name: str, values: Sequence[bool], wanted: Wanted | None = None) -> Figure:
    return with_interval(name, [float(value) for value in values], average, wanted)


def _row(claim: KnownClaim) -> dict[str, object]:
    question = claim.question
    return {"id": question.id, "kind": question.kind, "right": dict(question.grades), "claimed": claim.claimed,
            "perhaps": claim.perhaps}  # fmt: skip
