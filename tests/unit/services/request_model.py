"""One request as it should be, and office hours by hand: the reference for the state machine, written without the code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis.stateful import RuleBasedStateMachine

from assistant.services.results import Refusal
from tests.fakes import MENTORS, MONDAY, FakeApp

CELL = timedelta(minutes=15)
steps: Counter[str] = Counter()
"""How many rules were run on a request in each stage."""
HOURS = {"ada": [(1, 10, 90), (3, 15, 60)], "ben": [(2, 9, 60)], "cleo": [(0, 13, 90)]}


@dataclass
class Model:
    """One request as it should be."""

    mentee: str
    stage: str = "sharpening"
    proposed: bool = False
    holder: str | None = None
    rest: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    draft_seen: str = ""
    ticked: bool = False
    due: datetime | None = None
    start: datetime | None = None
    seat: tuple[str, str] | None = None
    cells: frozenset[datetime] = frozenset()
    noted: bool = False
    changed: datetime = MONDAY


def week(moment: datetime, mentor: str) -> str:
    year, number, _ = moment.astimezone(ZoneInfo(MENTORS[mentor].time_zone)).isocalendar()
    return f"{year}-W{number:02d}"


def in_hours(mentor: str, start: datetime) -> bool:
    local = start.astimezone(ZoneInfo(MENTORS[mentor].time_zone))
    for day, hour, minutes in HOURS.get(mentor, []):
        begins = local.replace(hour=hour, minute=0, second=0, microsecond=0)
        fits = begins <= local and local + timedelta(minutes=30) <= begins + timedelta(minutes=minutes)
        if local.weekday() == day and fits and local.minute % 15 == 0 and local.second == 0:
            return True
    return False


class Follower(RuleBasedStateMachine):
    """Takes the services and the model along the same way; the rules are in the test."""

    wired: FakeApp
    models: dict[str, Model]
    touched: str | None

    @property
    def now(self) -> datetime:
        return self.wired.clock.now()

    def one(self, pick: int, *meant: str) -> tuple[str, Model]:
        """Seven times in eight a request in a stage that is meant, if there is one; else any."""
        every = sorted(self.models)
        fitting = [request for request in every if self.models[request].stage in meant] if pick % 8 else []
        chosen = fitting or every
        self.touched = chosen[pick // 8 % len(chosen)]
        steps[self.models[self.touched].stage] += 1
        return self.touched, self.models[self.touched]

    def mentee(self, model: Model) -> Any:
        return self.wired.actor(model.mentee)

    def load_of(self, mentor: str, in_week: str) -> int:
        return sum(m.seat == (mentor, in_week) for m in self.models.values())

    def fits(self, request: str, mentor: str, start: datetime) -> bool:
        cells, others = {start, start + CELL}, [m for r, m in self.models.items() if r != request]
        mine = self.models[request]
        free = not any(cells & m.cells for m in others if m.seat and (m.seat[0] == mentor or m.mentee == mine.mentee))
        seats = sum(m.seat == (mentor, week(start, mentor)) for m in others)
        return in_hours(mentor, start) and start >= self.now and free and seats < MENTORS[mentor].capacity

    def follow(self, outcome: object, legal: bool, model: Model, **after: Any) -> None:
        """What was legal happened, what was not was refused; then the model moves."""
        assert isinstance(outcome, Refusal) is not legal, (outcome, model)
        if legal:
            for name, value in after.items():
                setattr(model, name, value)
            model.changed = self.now

    def heir(self, model: Model) -> str | None:
        able = [m for m in model.rest if self.wired.slots.spare_ahead(MENTORS[m], self.now)]
        return able[0] if able else None

    def handed_on(self, model: Model, heir: str | None) -> None:
        assert model.holder
        model.tried.append(model.holder)
        model.holder = heir
        model.rest = [m for m in model.rest if m != heir]
        model.stage, model.due = ("offered", self.now + timedelta(hours=48)) if heir else ("ready", None)
        model.changed = self.now

    def who(self, model: Model, by: str) -> tuple[Any, bool]:
        """The actor, and whether it is the holder."""
        others = [m for m in MENTORS if m != model.holder]
        logins = {"other": f"login-{others[0]}", "mentee": model.mentee, "stranger": "ghost"}
        login = f"login-{model.holder}" if by == "holder" and model.holder else logins.get(by, "ghost")
        return self.wired.actor(login), by == "holder" and model.holder is not None

    def pass_until(self, moment: datetime) -> None:
        self.wired.clock.set(moment)
        passed = {r: m for r, m in self.models.items() if m.due is not None and m.due <= self.now}
        heirs = {request: self.heir(model) for request, model in passed.items()}
        self.wired.due_jobs.tick()
        for request, model in passed.items():
            if model.stage == "booked":
                model.stage, model.due, model.changed = "debriefing", None, self.now
            else:
                self.handed_on(model, heirs[request] if model.stage == "offered" else None)
        for model in self.models.values():
            idle = model.changed <= self.now - timedelta(days=30)
            if idle and model.stage in ("sharpening", "ready", "briefing", "debriefing"):
                model.stage, model.holder, model.changed = "closed", None, self.now
