"""What a language model reads and writes for one request, beside what sending it the whole transcript each turn would cost.

Each scenario is played from the opening to a brief that is handed over, with a model that is a script; then, where the
debriefs are at hand, notes of the session are structured, and a note of thanks and an article are drafted. Beside what was
really sent stand two other ways to send it: in every turn one call with the instructions for all that a turn may need, the
whole transcript and what was found; and our own calls with the whole transcript instead of the last turn and the need. The
transcript is what the two wrote and were shown, the brief, each next step, the notes and the note of thanks among it, without
the passages and people behind it; a line of its own says what it comes to if these stay in it too, as the messages of an
agent's tools do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import mean

from assistant.adapters.tiktoken_counter import TiktokenCounter
from assistant.domain import stages as s
from assistant.domain.debrief import Item
from assistant.domain.reply import Reply
from assistant.evaluation.debrief import Notes, load_notes
from assistant.evaluation.figures import Figure, Report, Wanted
from assistant.evaluation.job import Job
from assistant.evaluation.sets import BadSet, locate
from prompts.tasks import TASKS, prompt
from tests.brief_text import as_text
from tests.evals.lab.arena import arena
from tests.evals.lab.mentee import answer
from tests.evals.lab.play import Player, Step
from tests.evals.lab.scenarios import Scenario, load_scenarios
from tests.evals.lab.scripted import Scripted, Spoken
from tests.evals.lab.walk import Stage, Walk

A_THIRD = Wanted(1 / 3, "at most")
A_MESSAGE = 4
"""Tokens that an endpoint adds for each message."""
IN_A_TURN = ("sharpen", "answer")
USES_FOUND = ("answer",)
Count = Callable[[str], int]


@dataclass
class Cost:
    """Tokens of one request by task, as it is sent, and as it would be with the transcript each turn or in each call.

    `found` are the passages and people of all turns so far.
    """

    by_task: dict[str, int] = field(default_factory=dict)
    each_turn: int = 0
    each_turn_found: int = 0
    each_call: int = 0
    calls: int = 0
    found: int = 0

    @property
    def ours(self) -> int:
        return sum(self.by_task.values())

    def add(self, spoken: Sequence[Spoken], told: str, tasks: Sequence[str], said: str, count: Count) -> None:
        """One turn: our calls, the transcript up to it, the tasks it may need, and what is said where we make no call."""
        found = {one.call.task: count(one.data.partition("\n")[2]) for one in spoken if one.call.task in USES_FOUND}
        answers = [count(one.answer) for one in spoken]
        instructions = sum(count(prompt(task).system) for task in tasks)
        transcript = count(told)
        turn = instructions + transcript + sum(found.values()) + (sum(answers) or count(said)) + 2 * A_MESSAGE
        self.each_turn += turn
        self.each_turn_found += turn + self.found
        self.found += sum(found.values())
        self.calls += len(spoken)
        for one, written in zip(spoken, answers, strict=True):
            task, system = one.call.task, count(one.call.system) + written + 2 * A_MESSAGE
            self.by_task[task] = self.by_task.get(task, 0) + system + count(one.call.user)
            self.each_call += system + transcript + found.get(task, 0)


@dataclass(frozen=True)
class Measured:
    """One request: up to its brief, and (where there are notes) what comes after the session."""

    id: str
    before: Cost
    after: Cost | None


def evaluate_tokens(job: Job) -> Report:
    """All scenarios of a file, each as one request. Raises BadSet."""
    scenarios, sessions = load_scenarios(job.found.file), _sessions(job.part)
    counter = TiktokenCounter()
    scripted, done = Scripted(counter), list[Measured]()
    with arena(job.progress) as place:
        for number, scenario in enumerate(scenarios):
            notes = sessions[number % len(sessions)] if sessions else None
            stage = place.stage(scripted)
            done.append(_measured(stage, scenario, notes, scripted, counter.count))
            job.progress("tokens", number + 1, len(scenarios))
    return measure(done, job.found.source)


def measure(done: Sequence[Measured], source: str) -> Report:
    """Requests that no model was asked about are counted apart."""
    asked = [one for one in done if one.before.calls]
    whole = [(one.before, one.after) for one in asked if one.after]
    figures = [
        *_figures("to the brief", [(one.before,) for one in asked]),
        *(_figures("to the end", whole, A_THIRD) if whole else ()),
        Figure("requests without any call", float(len(done) - len(asked)), len(done), digits=0),
    ]
    for task in TASKS:
        used = [cost.by_task.get(task, 0) for one in asked for cost in (one.before, one.after) if cost and task in cost.by_task]
        if used:
            figures.append(Figure(f"tokens of {task}, where it is used", mean(used), len(used), digits=0))
    return Report("tokens", source, tuple(figures), tuple(_row(one) for one in done))


def transcript(steps: Sequence[Step]) -> str:
    """What was written and shown so far; the last step's reply is still to come."""
    lines = []
    for step in steps[:-1]:
        lines += [f"Mentee: {step.said.text}", f"Assistant: {_shown(step.reply)}" if step.reply else ""]
    return "\n".join([*filter(None, lines), f"Mentee: {steps[-1].said.text}"])


def _figures(name: str, costs: Sequence[tuple[Cost, ...]], wanted: Wanted | None = None) -> list[Figure]:
    ways = ("ours", "each_turn", "each_turn_found", "each_call")
    ours, turns, found, calls = ([sum(getattr(c, way) for c in some) for some in costs] for way in ways)
    return [
        Figure(f"tokens a request, {name}", mean(ours), len(ours), digits=0),
        Figure(f"  with the transcript each turn, {name}", mean(turns), len(turns), digits=0),
        Figure(f"  with the transcript and all found each turn, {name}", mean(found), len(found), digits=0),
        Figure(f"  with the transcript in each of our calls, {name}", mean(calls), len(calls), digits=0),
        Figure(f"share of the transcript each turn, {name}", sum(ours) / sum(turns), len(ours), wanted),
        Figure(f"share of the transcript and all found, {name}", sum(ours) / sum(found), len(ours)),
        Figure(f"share of the transcript in each call, {name}", sum(ours) / sum(calls), len(ours)),
        Figure(f"calls a request, {name}", mean(sum(c.calls for c in some) for some in costs), len(costs), digits=1),
    ]


def _measured(stage: Stage, scenario: Scenario, notes: Notes | None, scripted: Scripted, count: Count) -> Measured:
    scripted.chat.slots = {**scenario.slots, **{slot: words for slot, words in scenario.hidden.items() if words}}
    scripted.turns.clear()
    player = Player(stage.services, stage.mentee)
    steps = list(player.talk(scenario.id, scenario.opening, lambda asks, options: answer(scenario, asks, options)))
    cost = Cost()
    for place, (spoken, step) in enumerate(zip(scripted.turns, steps, strict=True)):
        cost.add(spoken, transcript(steps[: place + 1]), IN_A_TURN, step.reply.say if step.reply else "", count)
    last = steps[-1].after
    if not (cost.calls and isinstance(last.stage, s.Ready) and last.matches):
        return Measured(scenario.id, cost, None)
    walk, told = _Told(stage, last.id), transcript([*steps, steps[-1]])
    held = walk.meet()
    cost.add([one for turn in scripted.turns[len(steps) :] for one in turn], told, ("brief",), "", count)
    told = "\n".join([told, *walk.shown])
    return Measured(scenario.id, cost, _afterwards(walk, scripted, notes, told, cost.found, count) if notes and held else None)


class _Told(Walk):
    """A walk that keeps what the mentee is shown on the way: the brief, then what happens next."""

    def __init__(self, stage: Stage, name: str) -> None:
        super().__init__(stage, name)
        self.shown: list[str] = []

    def done(self, outcome: object) -> bool:
        good, request = super().done(outcome), self.request
        lines = [as_text(request.brief, self.mentee.id)] if request.brief and not self.shown else []
        following = self.stage.services.wording.next_step(request, request.time_zone)
        self.shown += [line for line in (*lines, following) if line not in self.shown]
        return good


def _afterwards(walk: _Told, scripted: Scripted, notes: Notes, told: str, found_before: int, count: Count) -> Cost:
    """The notes structured, a note of thanks and an article."""
    cost = Cost(found=found_before)
    scripted.chat.items = [
        Item(kind, gold.quotes[0], gold.quotes[0], gold.owner, gold.due)  # type: ignore[arg-type]
        for kind, right in notes.right.items()
        for gold in right
    ]
    scripted.turns.clear()
    walk.note(notes.text)
    walk.close()
    debrief, letter = walk.request.debrief, next(iter(walk.kept("thanks")), "")
    noted = f"{told}\nNotes: {notes.text}"
    shown = "\n".join([noted, *(f"{item.kind}: {item.text}" for item in (debrief.items if debrief else ()))])
    before = (noted, shown, f"{shown}\nAssistant: {letter}")
    for task, spoken, text in zip(("debrief", "thanks", "article"), scripted.turns, before, strict=True):
        cost.add(spoken, text, (task,), "", count)
    return cost


def _sessions(part: str) -> tuple[Notes, ...]:
    """Notes of sessions, in turns one for each request; none where that set is not here."""
    try:
        return load_notes(locate("debrief", None, part).file)
    except BadSet:
        return ()


def _shown(reply: Reply) -> str:
    """All that a reply puts before the mentee."""
    parts = [reply.say, " · ".join(reply.options), reply.why, reply.sharp_question, *(one.text for one in reply.answer)]
    parts += [f"{passage.title}: {passage.quote}" for passage in reply.citations]
    parts += [f"{one.name}, {one.title}, {one.department}. {one.reason} {one.quote}" for one in reply.matches]
    return "\n".join(filter(None, [*parts, reply.next_step]))


def _row(one: Measured) -> dict[str, object]:
    costs = [cost for cost in (one.before, one.after) if cost]
    return {"id": one.id, "costs": [{"ours": c.ours, **vars(c)} for c in costs]}
