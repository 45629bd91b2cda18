"""Plays scenarios against the product's own services: the real store, the starter content, a clock that stands still.

A play ends when the mentee has confirmed his question, when the request is closed, when nothing is asked of him, or after
eight turns. Then comes a probe: a confirmed question is handed to a mentor, and a message to a request that a human owns or
that is closed must stay without an answer; after a referral the way back is open, so there is no probe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from assistant.domain import stages as s
from assistant.domain.brief import approval_hash
from assistant.domain.reply import Asks, Reply
from assistant.domain.request import Request
from assistant.services.accounts.access import Actor
from assistant.services.results import Refusal
from tests.evals.lab.mentee import CONFIRMS, Said, answer
from tests.evals.lab.scenarios import Scenario

if TYPE_CHECKING:
    from assistant.services.conversing.conversation import Conversation
    from assistant.services.handing_over.briefing import Briefing

MOST_TURNS = 8
PROBE = "Is anybody there?"
Answers = Callable[[Asks, tuple[str, ...]], Said]
"""What a mentee says to a question with these options."""


@dataclass(frozen=True)
class Step:
    """One turn: what he said, what came back (None: silence), and the request after it; `seconds` is wall time."""

    said: Said
    reply: Reply | None
    after: Request
    seconds: float = 0.0


@dataclass(frozen=True)
class Probe:
    """A message to a request whose word is a mentor's or nobody's; it must not be answered."""

    stage: str
    answered: bool


@dataclass(frozen=True)
class Played:
    scenario: Scenario
    steps: tuple[Step, ...]
    probe: Probe | None = None

    @property
    def first(self) -> Step:
        return self.steps[0]

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @property
    def questions(self) -> tuple[Reply, ...]:
        """The replies that asked something."""
        return tuple(step.reply for step in self.steps if step.reply and step.reply.asks)

    @property
    def sharp_question(self) -> str:
        """The last sharp question that was put to him, or empty."""
        return next((st.reply.sharp_question for st in reversed(self.steps) if st.reply and st.reply.sharp_question), "")


class Services(Protocol):
    """What a play needs of the product."""

    @property
    def conversation(self) -> Conversation: ...

    @property
    def briefing(self) -> Briefing: ...


@dataclass
class Player:
    """Plays each scenario as a request of its own, by the same mentee."""

    services: Services
    actor: Actor = field(default_factory=lambda: Actor("scenario.mentee", frozenset({"mentee"}), None, "Europe/Berlin"))

    def play(self, scenario: Scenario) -> Played:
        steps = self.talk(scenario.id, scenario.opening, lambda asks, options: answer(scenario, asks, options))
        return Played(scenario, steps, self._probe(steps[-1].after))

    def talk(self, name: str, opening: str, answers: Answers, most: int = MOST_TURNS) -> tuple[Step, ...]:
        """A request from its opening to its end; `name` must be new to the store, `answers` says what he replies."""
        opened = self.services.conversation.open(self.actor, f"play-{name}")
        assert isinstance(opened, Request), opened
        steps = [self.say(opened, Said(opening))]
        while len(steps) < most and (said := _next(answers, steps[-1])):
            steps.append(self.say(steps[-1].after, said))
        return tuple(steps)

    def say(self, before: Request, said: Said) -> Step:
        """One message to the request as it is `before`."""
        message, started = f"m{len(before.messages)}", perf_counter()
        result = self.services.conversation.say(self.actor, before.id, message, said.text)
        seconds = perf_counter() - started
        if isinstance(result, Refusal):
            return Step(said, None, before, seconds)
        return Step(said, result.reply_to(message), result, seconds)

    def _probe(self, request: Request) -> Probe | None:
        if isinstance(request.stage, s.Ready) and request.matches:
            request = self._handed_over(request)
        referred = request.stage == s.Closed(s.Outcome.REFERRED)
        if referred or request.owner not in (s.Party.MENTOR, s.Party.NOBODY):
            return None
        return Probe(s.stage_name(request.stage), self.say(request, Said(PROBE)).reply is not None)

    def _handed_over(self, request: Request) -> Request:
        """The brief approved for the first suggested mentor, with all that the checklist wants; unchanged if refused."""
        briefing, who = self.services.briefing, self.actor
        briefing.choose(who, request.id, request.matches[0].mentor)
        briefing.edit(who, request.id, "question", "How do I go on?")
        briefing.in_person(who, request.id, "background")
        briefing.in_person(who, request.id, "success")
        ready = briefing.ready_to_note(who, request.id)
        if isinstance(ready, Refusal) or not isinstance(ready.stage, s.Briefing):
            return request
        sent = briefing.approve(who, request.id, approval_hash(ready.stage.draft, ready.stage.recipients))
        return request if isinstance(sent, Refusal) else sent


def _next(answers: Answers, step: Step) -> Said | None:
    """What he says to the last reply; None when he has nothing more to say."""
    stage = step.after.stage
    if step.reply is None or not isinstance(stage, s.Sharpening):
        return None
    if step.reply.asks:
        return answers(step.reply.asks, step.reply.options)
    return Said(CONFIRMS) if stage.proposed else None
