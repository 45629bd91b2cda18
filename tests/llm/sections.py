"""What is played on both sides, and the figures of it: requests, questions to the base, notes of sessions.

Each is played by the product's own evaluation; only the cases are fewer, spread evenly over what the set holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.bootstrap import App
from assistant.domain.provenance import Provenance
from assistant.domain.reply import Asks
from assistant.evaluation import debrief
from assistant.evaluation.debrief import Notes, Structured, load_notes
from assistant.evaluation.figures import Figure, Wanted, mean, ratio
from assistant.evaluation.sets import GOLDEN, locate, names_of, read_grades, rows_of
from assistant.evaluation.stage import STANDSTILL
from assistant.services.conversing.status_text import say
from tests.evals.lab import dialogue
from tests.evals.lab.measures import LAYOUTS
from tests.evals.lab.mentee import Said
from tests.evals.lab.play import Player, Step
from tests.evals.lab.scenarios import load_scenarios
from tests.llm import openings
from tests.llm.journey import Journey, Watch, article_texts, travel
from tests.llm.truth import foreign_facts, foreign_stems, invented_actions, invented_slots, unresolved

ZERO = Wanted(0, "at most")
OF_DIALOGUE = (
    "slot precision", "slot recall", "slot F1", "presence of slots F1", "kind accuracy", "sensitive recognised",
    "false alarms, both", "questions a request, mean", "re-asks", "keywords in the sharp question",
    "  keywords that the mentee had said", "words in the sharp question, most", "a yes taken as a yes",
    "sensitive: human service reached", "answers out of turn", "seconds a turn, mean",
)  # fmt: skip
OF_DEBRIEF = (
    "action precision", "action recall", "action F1", "owner right", "due date right", "takeaway recall",
    "decoys shown as agreed", "must not appear, but does",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A question to the starter base; `right` are the articles that answer it, none where the base does not know."""

    id: str
    text: str
    right: frozenset[str]


@dataclass(frozen=True)
class Answer:
    question: Question
    steps: tuple[Step, ...]
    unresolved: tuple[str, ...]

    @property
    def cited(self) -> frozenset[str]:
        return frozenset(one.article for step in self.steps if step.reply for one in step.reply.citations)

    @property
    def sure(self) -> bool:
        """Whether it was said that the base may answer it, not only that something is near."""
        words, _, _ = say("propose.known", titles="|").partition("|")
        return any(words in step.reply.say for step in self.steps if step.reply)


@dataclass(frozen=True)
class Section:
    """`play` makes of one case what `figures` counts over all of them; a case has an `id`. `ways` says which way the words of
    an outcome came about, one for each answer that a person got."""

    name: str
    cases: Sequence[Any]
    play: Callable[[App, Watch, Any], Any]
    figures: Callable[[Sequence[Any]], Iterable[Figure]]
    ways: Callable[[Any], Iterable[Provenance]]


def sections(
    names: Collection[str], requests: int, questions: int, notes: int, part: str = "dev", messages: int = 24
) -> Iterator[Section]:  # fmt: skip
    """Those of the names, with so many cases each; debriefs only where their set is at hand. Raises BadSet."""
    if "openings" in names:
        yield Section("openings", openings.messages(messages), openings.play, openings.figures, openings.ways)
    if "requests" in names:
        scenarios = load_scenarios(locate("dialogue", None, part, LAYOUTS).file)
        yield Section("requests", spread(scenarios, requests, lambda one: one.kind), travel, _of_requests, _ways_there)
    if "answers" in names:
        asked = spread(_questions(part), questions, lambda one: str(bool(one.right)))
        yield Section("answers", asked, _ask, _of_answers, _ways)
    if "debriefs" in names and "debrief" in names_of("all", None, part):
        sessions = load_notes(locate("debrief", None, part).file)
        yield Section("debriefs", spread(sessions, notes, lambda one: one.author), _structure, _of_debriefs, _way)


def spread(cases: Sequence[Any], count: int, group: Callable[[Any], str]) -> list[Any]:
    """`count` of the cases, evenly over their groups; always the same ones."""
    ordered = sorted(cases, key=group)
    count = min(count, len(ordered))
    return [ordered[int((n + 0.5) * len(ordered) / count)] for n in range(count)]


def stops(journeys: Sequence[Journey]) -> dict[str, int]:
    """Why journeys that were due ended early, with how often."""
    reasons = [one.stopped for one in journeys if one.due and one.stopped]
    return {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}


def _questions(part: str) -> list[Question]:
    """Golden questions that the starter base answers, and some that it does not."""
    known, unknown = locate("retrieval", GOLDEN, part), locate("abstain", GOLDEN, part)
    grades = read_grades(known.files["qrels.tsv"])
    asked = [
        Question(str(row["id"]), str(row["text"]), frozenset(key for key, grade in grades[row["id"]].items() if grade > 0))
        for row in rows_of(known.file, ("id", "text"))
        if row["id"] in grades
    ]
    return asked + [Question(str(row["id"]), str(row["text"]), frozenset()) for row in rows_of(unknown.file, ("id", "text"))]


def _ask(app: App, watch: Watch, question: Question) -> Answer:
    """Asked as a request; what is asked back is skipped."""
    watch.moment = STANDSTILL

    def skip(asks: Asks, options: tuple[str, ...]) -> Said:
        return Said("skip")

    steps = Player(app).talk(f"question-{question.id}", question.text, skip)
    return Answer(question, steps, tuple(unresolved(steps, article_texts(app))))


def _structure(app: App, watch: Watch, notes: Notes) -> Structured:
    language = app.languages.turn("askwell")
    done = debrief.structured(notes, language)
    return replace(done, shown=replace(done.shown, provenance=language.provenance))


def _ways_there(journey: Journey) -> Iterator[Provenance]:
    return (step.reply.provenance for step in journey.played.steps if step.reply)


def _ways(answer: Answer) -> Iterator[Provenance]:
    return (step.reply.provenance for step in answer.steps if step.reply)


def _way(done: Structured) -> Iterator[Provenance]:
    yield done.shown.provenance


def _of_requests(journeys: Sequence[Journey]) -> Iterator[Figure]:
    played = [one.played for one in journeys]
    report = dialogue.measure(played, "")
    chosen = [replace(report.figure(name), name=name.strip()) for name in OF_DIALOGUE]
    invented = [slot for play in played for slot in invented_slots(play)]
    slots = sum(len(step.after.need.slots) for play in played for step in play.steps)
    yield Figure("invented slots", len(invented), slots, ZERO, 0, note="; ".join(invented[:3]))
    facts = [fact for play in played for fact in foreign_facts(play)]
    sharp = [foreign_stems(play) for play in played if play.sharp_question]
    yield Figure(
        "numbers and names in a sharp question that are not the mentee's", len(facts), len(sharp), ZERO, 0, ", ".join(facts[:5])
    )
    loose = [words for one in journeys for words in one.unresolved]
    yield Figure("unresolved citations", len(loose), len(journeys), ZERO, 0, "; ".join(loose[:3]))
    due = [one for one in journeys if one.due]
    why = ", ".join(f"{reason}: {times}" for reason, times in stops(journeys).items())
    yield Figure("journeys completed", ratio(sum(not one.stopped for one in due), len(due)), len(due), note=why)
    yield from chosen
    words = sum(total for _, total in sharp)
    yield Figure("words of the sharp question that the mentee had not used", ratio(sum(new for new, _ in sharp), words), words)


def _of_answers(answers: Sequence[Answer]) -> Iterator[Figure]:
    loose = [words for one in answers for words in one.unresolved]
    yield Figure("unresolved citations", len(loose), len(answers), ZERO, 0, "; ".join(loose[:3]))
    known = [one for one in answers if one.question.right]
    unknown = [one for one in answers if not one.question.right]
    yield Figure("answered from passages", ratio(sum(one.sure for one in known), len(known)), len(known))
    right = sum(bool(one.cited & one.question.right) for one in known)
    yield Figure("a right article cited", ratio(right, len(known)), len(known))
    yield Figure("answered though it is not known", ratio(sum(one.sure for one in unknown), len(unknown)), len(unknown))
    perhaps = sum(bool(one.cited) and not one.sure for one in answers)
    yield Figure("passages shown with a perhaps", ratio(perhaps, len(answers)), len(answers))
    seconds = [step.seconds for one in answers for step in one.steps]
    yield Figure("seconds a turn, mean", mean(seconds), len(seconds))


def _of_debriefs(done: Sequence[Structured]) -> Iterator[Figure]:
    invented = [action for one in done for action in invented_actions(one)]
    shown = sum(len(one.shown.of("action")) for one in done)
    yield Figure("invented actions", len(invented), shown, ZERO, 0, "; ".join(invented[:3]))
    report = debrief.measure(done, "")
    yield from (report.figure(name) for name in OF_DEBRIEF)
    claimed = report.figure("invented items")
    yield replace(claimed, name="claimed without a quote, so dropped", wanted=None)
