"""First messages of real length, from a judged round: what question is shown, whose words it is, and why not the model's.

Beside the figures, `sheet` writes the two questions of each message in mixed order, for judges who do not know which is which.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.adapters.model.resilience.resilient_language import ResilientLanguages
from assistant.bootstrap import App
from assistant.domain.provenance import Provenance
from assistant.evaluation.figures import Figure, Wanted, mean, ratio
from assistant.services.accounts.access import Actor
from tests.evals.lab.play import Player, Step
from tests.evals.lab.rounds import ROUNDS, answers_of
from tests.llm.journey import Watch
from tests.llm.truth import facts_beyond

ROUND = "round_2"
SHARPEN = "sharpen@"


@dataclass(frozen=True)
class Message:
    id: str
    text: str
    means: str
    kind: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of one message; `refused` counts why questions of the model were not shown."""

    message: Message
    steps: tuple[Step, ...]
    refused: Mapping[str, int]

    @property
    def question(self) -> str:
        """The last question that was shown."""
        return next((step.reply.sharp_question for step in reversed(self.steps) if step.reply and step.reply.sharp_question), "")

    @property
    def by_model(self) -> bool:
        """Whether that question is the model's."""
        last = next((step.reply for step in reversed(self.steps) if step.reply and step.reply.sharp_question), None)
        return last is not None and any(prompt.startswith(SHARPEN) for prompt in last.provenance.prompts)

    @property
    def late(self) -> str:
        """Why the endpoint gave no question, where it gave none."""
        codes = (step.reply.provenance.fallback for step in self.steps if step.reply and step.reply.sharp_question)
        return next((code for code in codes if code not in ("", "unsupported")), "")

    @property
    def said(self) -> str:
        return "\n".join(step.said.text for step in self.steps)


def messages(count: int, file: Path = ROUNDS / f"{ROUND}.jsonl") -> list[Message]:
    """So many of the round, evenly over it."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    chosen = rows[:: max(1, len(rows) // count)][:count] if count else []
    return [Message(row["id"], row["text"], row["means"], row["kind"], row.get("answers", {})) for row in chosen]


def play(app: App, watch: Watch, message: Message) -> Outcome:
    before = _objections(app)
    player = Player(app.services, Actor(f"mentee.{message.id}", frozenset({"mentee"}), None, "Europe/Berlin"))
    steps = player.talk(f"opening-{message.id}", message.text, answers_of(message.answers), most=4)
    return Outcome(message, steps, _objections(app) - before)


def figures(outcomes: Sequence[Outcome]) -> Iterator[Figure]:
    sharp = [one for one in outcomes if one.question]
    false = [fact for one in sharp for fact in facts_beyond(one.question, one.said)]
    yield Figure("numbers and names that were not said", len(false), len(sharp), Wanted(0, "at most"), 0, ", ".join(false[:5]))
    yield Figure("messages with a sharp question", ratio(len(sharp), len(outcomes)), len(outcomes))
    yield Figure("questions in the model's words", ratio(sum(one.by_model for one in sharp), len(sharp)), len(sharp))
    refused = sum((Counter(one.refused) for one in outcomes), Counter[str]())
    reasons = ", ".join(f"{why}: {count}" for why, count in refused.most_common())
    yield Figure("questions of the model that were not shown", refused.total(), len(outcomes), digits=0, note=reasons)
    failed = Counter(one.late for one in sharp if one.late)
    yield Figure("turns without a question of the model", failed.total(), len(sharp), digits=0, note=_counted(failed))
    seconds = [step.seconds for one in outcomes for step in one.steps]
    yield Figure("seconds a turn, mean", mean(seconds), len(seconds))


def ways(outcome: Outcome) -> Iterable[Provenance]:
    return (step.reply.provenance for step in outcome.steps if step.reply)


def sheet(offline: Sequence[Outcome], model: Sequence[Outcome]) -> tuple[str, dict[str, Any]]:
    """For each message that got a question of the model: both questions as A and B, and the key to them."""
    rng, blocks, key = random.Random(0), [], {}
    for plain, other in zip(offline, model, strict=True):
        if other.by_model and other.question != plain.question:
            first = rng.choice(("model", "offline"))
            pair = (other.question, plain.question) if first == "model" else (plain.question, other.question)
            key[plain.message.id] = first
            told = f"MESSAGE: {plain.said}\nWRITER MEANS: {plain.message.means}\nA: {pair[0]}\nB: {pair[1]}"
            blocks.append(f"## {plain.message.id}\n{told}\n")
    return "\n".join(blocks), key


def _counted(found: Mapping[str, int]) -> str:
    return ", ".join(f"{why}: {count}" for why, count in found.items())


def _objections(app: App) -> Counter[str]:
    languages = app.languages
    return Counter(languages.objections) if isinstance(languages, ResilientLanguages) else Counter()
