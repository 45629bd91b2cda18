"""A request from its first words to its end: what the evaluation plays, then the mentor, the session, notes, and the close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from assistant.bootstrap import App
from assistant.domain import stages as s
from assistant.domain.reply import Kind
from assistant.evaluation.stage import STANDSTILL
from assistant.services.accounts.access import Actor
from assistant.services.results import Refusal
from tests.evals.lab.play import Played, Player
from tests.evals.lab.scenarios import Scenario
from tests.llm.truth import unresolved

T = TypeVar("T")
TO_A_PERSON = frozenset({Kind.VAGUE, Kind.SPECIFIC, Kind.TRAJECTORY, Kind.WANTS_PERSON})
NOTES = """We looked at where I am stuck.
Takeaway: start from what the reader has to decide.
Action: I send a first draft by Friday.
I might also show it to my manager."""


class Watch:
    """Implements `ports.Clock`: it stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = STANDSTILL

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class Journey:
    """A scenario played: the talk, how far the request came (`stopped` is empty at its end), and citations that are none."""

    played: Played
    stopped: str
    unresolved: tuple[str, ...]

    @property
    def due(self) -> bool:
        """Whether such a request should reach a person and come back."""
        return self.played.scenario.kind in TO_A_PERSON


def travel(app: App, watch: Watch, scenario: Scenario) -> Journey:
    watch.moment = STANDSTILL
    player = Player(app, Actor(f"mentee.{scenario.id}", frozenset({"mentee"}), None, "Europe/Berlin"))
    played = player.play(scenario)
    stopped = _onward(app, watch, player.actor, played) if scenario.kind in TO_A_PERSON else ""
    watch.moment = STANDSTILL
    return Journey(played, stopped, tuple(unresolved(played.steps, article_texts(app))))


def article_texts(app: App) -> dict[str, str]:
    """The text of every article, by id."""
    from retrieval.adapters.sql_corpus import SqlCorpus

    return {key: article.text for key, article in SqlCorpus(app.engine).articles().items()}


class _Stopped(Exception):
    """Why a journey ended too early."""


def _onward(app: App, watch: Watch, mentee: Actor, played: Played) -> str:
    try:
        _finish(app, watch, mentee, played.last.after.id)
    except _Stopped as stopped:
        return str(stopped)
    return ""


def _finish(app: App, watch: Watch, mentee: Actor, request: str) -> None:
    """Accepted, held, noted, confirmed by both, attested where a competency is listed, closed by the mentee."""
    stage = _granted(app.services.request_views.read(mentee, request)).stage
    if not isinstance(stage, s.Offered):
        raise _Stopped(f"not offered: {s.stage_name(stage)}")
    mentor = Actor(f"login-{stage.mentor}", frozenset({"mentor"}), stage.mentor)
    free = _granted(app.services.handoff.free(mentor, request))
    if not free:
        raise _Stopped("no free time")
    _granted(app.services.handoff.accept(mentor, request, free[0].start))
    watch.moment = free[0].end + timedelta(minutes=5)
    _granted(app.services.sessions.held(mentor, request))
    _granted(app.services.debriefing.note(mentee, request, NOTES))
    for person in (mentee, mentor):
        _granted(app.services.debriefing.confirm(person, request))
    for competency in _granted(app.services.debriefing.read(mentor, request)).competencies[:1]:
        _granted(app.services.debriefing.attest(mentor, request, competency.text))
    _granted(app.services.debriefing.finish(mentee, request))
    stage = _granted(app.services.request_views.read(mentee, request)).stage
    if stage != s.Closed(s.Outcome.OBJECTIVE_MET):
        raise _Stopped(f"not closed: {s.stage_name(stage)}")


def _granted(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        raise _Stopped(f"refused: {outcome.code}")
    return outcome
