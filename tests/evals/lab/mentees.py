"""Simulated mentees: each knows what he really needs, says it the way his persona does, and is judged by where he ends.

Rules, the same every time. A slot that is asked for gets his words for it: the first wording, when asked again the next one
(the last stays the last); a slot he has no words for gets "Nothing to add on that." Asked which part holds him up, he names an
offered option if he sees himself in it, else he says his part in his own words, and if he has none, "skip". Who talks beside
the point (off_focus), takes things back (contradicting) or believes something wrong (wrong) never taps an option; the precise
one wants all words of an option to fit, the vague and the refusing one half of them. A proposed question is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.domain.need import SLOTS
from assistant.domain.reply import Asks, Kind
from assistant.evaluation.figures import Figure, Report, Wanted, mean, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.sets import BadSet, locate, read_rows
from retrieval.text import content_stems
from tests.evals.lab.comparison import Outcome, figures, outcome, play_policies
from tests.evals.lab.measures import SCENARIOS
from tests.evals.lab.mentee import Said
from tests.evals.lab.play import Player
from tests.evals.lab.scenarios import Scenario, load_scenarios

NOTHING_TO_ADD = "Nothing to add on that."
SKIPS = "skip"
SEES_HIMSELF = {"precise": 1.0, "vague": 0.5, "refusing": 0.5}
"""The share of an option's words that must be in his part or his need, for the personas that tap options."""
NEED_WORDS = ("task", "outcome")
SPECIFIC = "specific request"
MAIN = ("mentor", 3)


@dataclass(frozen=True)
class Mentee:
    """`need` is the truth, for the judge alone; `answers` has by slot what he says the first, second, … time."""

    id: str
    persona: str
    opening: str
    need: Mapping[str, str]
    answers: Mapping[str, tuple[str, ...]]
    part: str
    articles: frozenset[str]
    mentors: frozenset[str]


@dataclass
class Voice:
    """One mentee in one conversation: he remembers what he was asked."""

    mentee: Mentee
    asked: dict[str, int] = field(default_factory=dict)

    def answer(self, asks: Asks, options: tuple[str, ...]) -> Said:
        before = self.asked.get(asks.name, 0)
        self.asked[asks.name] = before + 1
        if asks.kind == "facet":
            return Said(self._chosen(options) or self.mentee.part or SKIPS, before > 0)
        wordings = self.mentee.answers.get(asks.name, ())
        return Said(wordings[min(before, len(wordings) - 1)] if wordings else NOTHING_TO_ADD, before > 0)

    def _chosen(self, options: Sequence[str]) -> str:
        """The option most of whose words are his own; "" if he sees himself in none."""
        enough = SEES_HIMSELF.get(self.mentee.persona)
        truth = " ".join([self.mentee.part, *(self.mentee.need.get(name, "") for name in NEED_WORDS)])
        own = set(content_stems(truth))
        shares = [(_share(content_stems(option), own), -n, option) for n, option in enumerate(options)]
        best = max(shares, default=(0.0, 0, ""))
        return best[2] if enough and best[0] >= enough else ""


def evaluate_mentees(job: Job) -> Report:
    """All mentees under all policies; then the second half alone, which nothing was tuned on, and each persona. Raises BadSet."""
    mentees, clear = load_mentees(job.found.file), _specific(job)

    def play(player: Player, policy: str) -> list[Outcome]:
        played = []
        for mentee in mentees:
            steps = player.talk(f"{policy}-{mentee.id}", mentee.opening, Voice(mentee).answer)
            wanted = {"mentor": mentee.mentors, "article": mentee.articles}
            played.append(outcome(mentee.id, mentee.persona, steps, wanted))
            job.progress(f"mentees, {policy}", len(played), len(mentees))
        for scenario in clear:
            steps = player.talk(f"{policy}-clear-{scenario.id}", scenario.opening, lambda asks, options: Said(SKIPS))
            played.append(outcome(scenario.id, SPECIFIC, steps, {}))
        return played

    found = play_policies(play, job.progress)
    people = {policy: [one for one in some if one.group != SPECIFIC] for policy, some in found.items()}
    half = {policy: some[1::2] for policy, some in people.items()}
    specific = [len(one.asked) for one in found["Askwell"] if one.group == SPECIFIC]
    most = Figure(
        "specific requests: questions, most", max(specific, default=None), len(specific), Wanted(0, "at most"), digits=0
    )
    told = (*figures(people), most, *figures(half, "every second mentee: "), *_personas(people))
    return Report("mentees", job.found.source, told, tuple(_row(policy, one) for policy in people for one in people[policy]))


def _specific(job: Job) -> list[Scenario]:
    """The specific requests of the scenarios that lie beside the mentees, or in the usual places."""
    beside = job.found.beside("scenarios.jsonl")
    try:
        scenarios = load_scenarios(beside or locate("dialogue", None, job.part, {"dialogue": SCENARIOS}).file)
    except BadSet:
        return []
    return [scenario for scenario in scenarios if scenario.kind == Kind.SPECIFIC]


def _personas(found: Mapping[str, Sequence[Outcome]]) -> Iterator[Figure]:
    """A figure a persona and policy: the right mentor among the first three, with the other measures as a note."""
    for persona in sorted({one.group for some in found.values() for one in some}):
        for policy, some in found.items():
            own = [one for one in some if one.group == persona]
            hits = {
                (what, k): [one.hit(what, k) for one in own if one.wanted[what]] for what in ("mentor", "article") for k in (1, 3)
            }
            said = ", ".join(
                f"{what} in the first {k} {mean(hit) or 0.0:.2f}" for (what, k), hit in hits.items() if (what, k) != MAIN
            )
            note = f"questions {mean([len(one.asked) for one in own]) or 0.0:.1f}, {said}"
            yield with_interval(f"{persona}, {policy}: mentor in the first 3", hits[MAIN], lambda h: mean(h) or 0.0, note=note)


def _row(policy: str, one: Outcome) -> dict[str, object]:
    asked, shown = list(one.asked), {what: list(ids) for what, ids in one.shown.items()}
    wanted = {what: sorted(ids) for what, ids in one.wanted.items()}
    return {
        "id": one.id,
        "policy": policy,
        "persona": one.group,
        "asked": asked,
        "shown": shown,
        "wanted": wanted,
        "turns": one.turns,
    }


def load_mentees(path: Path) -> tuple[Mentee, ...]:
    """All mentees of a file, in order. Raises BadSet naming file, line and what is wrong."""
    loaded: dict[str, Mentee] = {}
    for number, row in read_rows(path, ("id", "opening")):
        mentee = _mentee(row)
        if not mentee.opening.strip() or mentee.id in loaded:
            why = f"the id {mentee.id} is already taken" if mentee.opening.strip() else "the opening is empty"
            raise BadSet(f"{path.name}, line {number}: {why}.")
        if not mentee.articles and not mentee.mentors:
            raise BadSet(f"{path.name}, line {number}: it names neither articles nor mentors, so nothing can be judged.")
        loaded[mentee.id] = mentee
    return tuple(loaded.values())


def _mentee(row: Mapping[str, Any]) -> Mentee:
    need, answers = row.get("need"), row.get("answers")
    return Mentee(
        str(row["id"]), str(row.get("persona") or "any"), str(row["opening"]),
        {key: str(value) for key, value in need.items() if value} if isinstance(need, dict) else {},
        {name: _strings(answers.get(name)) for name in SLOTS} if isinstance(answers, dict) else {},
        str(row.get("part") or ""), frozenset(_strings(row.get("articles"))), frozenset(_strings(row.get("mentors"))),
    )  # fmt: skip


def _strings(value: object) -> tuple[str, ...]:
    """One string or many, numbers told as text; nothing of anything else."""
    several = value if isinstance(value, list) else [value]
    return tuple(str(one) for one in several if isinstance(one, str | int) and str(one).strip())


def _share(words: Sequence[str], own: set[str]) -> float:
    return len(own & set(words)) / len(set(words)) if words else 0.0
