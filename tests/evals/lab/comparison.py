"""Askwell's question against two plain ways of asking, by the same services on the same mentees.

*No question* proposes at once. *Fixed order* asks for task, context, tried and outcome in that order, whatever was said, as
forms do, as many as ours at most, if the understanding has not filled them yet. Only the way to pick a question is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from assistant.dialogue.clarify import MOST_QUESTIONS, Candidate, Questioner, next_question
from assistant.dialogue.moves import Ask
from assistant.dialogue.understanding import Understanding
from assistant.domain.need import Need, SlotName
from assistant.domain.reply import Asks, Reply
from assistant.evaluation.figures import Figure, Wanted, mean, with_interval
from assistant.evaluation.stage import Progress, open_stage
from tests.evals.lab.play import Player, Step

ORDER: tuple[SlotName, ...] = ("task", "context", "tried", "outcome")
OURS = "Askwell"
HITS = (("mentor", 1), ("mentor", 3), ("article", 1), ("article", 3))


def no_question(
    need: Need, asked: Sequence[Asks], candidates: Sequence[Candidate], claim: Understanding, said: str = ""
) -> Ask | None:
    """Propose at once."""
    return None


def fixed_order(
    need: Need, asked: Sequence[Asks], candidates: Sequence[Candidate], claim: Understanding, said: str = ""
) -> Ask | None:
    """The next slot of ORDER that is neither filled nor asked for yet; as many questions at most as ours."""
    done = {ask.name for ask in asked} | need.slots.keys()
    left = (name for name in ORDER if name not in done)
    name = next(left, None) if len(asked) < MOST_QUESTIONS else None
    return Ask(Asks("slot", name)) if name else None


POLICIES: dict[str, Questioner] = {OURS: next_question, "no question": no_question, "fixed order": fixed_order}


@dataclass(frozen=True)
class Outcome:
    """Where one mentee ended under one policy: what he was asked, and whom and what he was shown, best first.

    `wanted` has the right ids by "mentor" and "article"; an empty set is not judged.
    """

    id: str
    group: str
    asked: tuple[str, ...]
    re_asked: tuple[str, ...]
    shown: dict[str, tuple[str, ...]]
    wanted: dict[str, frozenset[str]]
    turns: tuple[tuple[str, str], ...] = ()

    def hit(self, what: str, k: int) -> float:
        """1 if one of the right ids is among the first k."""
        return float(bool(self.wanted[what].intersection(self.shown[what][:k])))


def outcome(
    name: str, group: str, steps: Sequence[Step], wanted: dict[str, frozenset[str]], known: frozenset[str] = frozenset()
) -> Outcome:
    """What the steps of one conversation came to; `known` are the slots that the opening states."""
    asking = [step.reply.asks for step in steps if step.reply and step.reply.asks]
    names = tuple(asks.name for asks in asking)
    last = next((step.reply for step in reversed(steps) if step.reply and step.reply.sharp_question), Reply((), ""))
    shown = {"mentor": tuple(m.mentor for m in last.matches), "article": tuple(dict.fromkeys(c.article for c in last.citations))}
    turns = tuple((step.said.text, step.reply.say if step.reply else "") for step in steps)
    return Outcome(name, group, names, tuple(re_asked(steps, known)), shown, wanted, turns)


def re_asked(steps: Sequence[Step], known: frozenset[str] = frozenset()) -> Iterator[str]:
    """What was asked for a second time, or though it was known before the question."""
    before = set(known)
    for step in steps:
        asks = step.reply.asks if step.reply else None
        if asks and (asks.name in before or asks.name in step.after.need.slots):
            yield asks.name
        before |= {asks.name} if asks else set()


def play_policies(play: Callable[[Player, str], Sequence[Outcome]], progress: Progress) -> dict[str, list[Outcome]]:
    """`play` is called once a policy, with a player of the product that asks by it; all in one folder, thrown away after."""
    found = {}
    with TemporaryDirectory(prefix="askwell-eval-") as folder:
        for name, questioner in POLICIES.items():
            app = open_stage(Path(folder), progress, questioner)
            try:
                found[name] = list(play(Player(app.services), name))
            finally:
                app.close()
    return found


def figures(found: dict[str, list[Outcome]], prefix: str = "") -> Iterator[Figure]:
    """Questions and hit rates of each policy, then what ours adds to the hit rates of the others, pair by pair."""
    for policy, outcomes in found.items():
        yield from _questions(outcomes, f"{prefix}{policy}: ", policy == OURS)
        for what, k in HITS:
            judged = [one.hit(what, k) for one in outcomes if one.wanted[what]]
            if judged:
                yield with_interval(f"{prefix}{policy}: {what} in the first {k}", judged, lambda some: mean(some) or 0.0)
    for policy in (name for name in found if name != OURS):
        yield from _gains(found[OURS], found[policy], f"{prefix}{OURS} over {policy}: ")


def _questions(outcomes: Sequence[Outcome], prefix: str, ours: bool) -> Iterator[Figure]:
    counts, repeated = [len(one.asked) for one in outcomes], sum(len(one.re_asked) for one in outcomes)
    most, none = (Wanted(2, "at most"), Wanted(0, "at most")) if ours else (None, None)
    yield Figure(f"{prefix}questions, median", median(counts) if counts else None, len(counts), most, digits=1)
    yield Figure(f"{prefix}questions, mean", mean(counts), len(counts), digits=2)
    yield Figure(f"{prefix}re-asks", repeated, sum(counts), none, digits=0)


def _gains(ours: Sequence[Outcome], others: Sequence[Outcome], prefix: str) -> Iterator[Figure]:
    for what, k in HITS:
        pairs = [(a.hit(what, k), b.hit(what, k)) for a, b in zip(ours, others, strict=True) if a.wanted[what]]
        if pairs:
            name = f"{prefix}{what} in the first {k}"
            yield with_interval(name, pairs, lambda some: mean([a - b for a, b in some]) or 0.0, Wanted(0.0, "above"))
