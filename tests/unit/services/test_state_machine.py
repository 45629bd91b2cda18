"""Thousands of random steps of mentees, mentors and the clock, against a small model that was written without the code.

The model is a few dicts: where a request is, who holds it, who had it, which quarter hours and seats of a week are taken.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from assistant.domain import stages as s
from assistant.domain.brief import approval_hash
from assistant.services.results import Refusal
from tests.fakes import MENTORS, MONDAY, SPECIFIC, FakeApp, SettableClock, done, memory_ports
from tests.unit.services.request_model import CELL, Follower, Model, steps, week

EXAMPLES, STEPS = 150, 50
NAMES = {key: mentor.name for key, mentor in MENTORS.items()}
HOLDING = frozenset({"offered", "more_asked", "exchanging", "booked", "debriefing"})
SILENT = frozenset({"offered", "exchanging", "booked"})
PICKS = st.integers(0, 71)
ACTORS = st.sampled_from(["holder", "holder", "holder", "mentee", "mentee", "other", "stranger"])


class Requests(Follower):
    @initialize()
    def begin(self) -> None:
        self.wired = FakeApp(memory_ports(), SettableClock())
        self.models, self.touched = {}, None
        self.messages = 0
        for login in ("lena", "mika", "lena"):
            self.open(login)
            self.rush(0, "offered")

    # The mentee.

    @precondition(lambda self: len(self.models) < 9)
    @rule(login=st.sampled_from(["lena", "mika"]))
    def open(self, login: str) -> None:
        request = self.wired.open(login, f"r{len(self.models)}")
        self.models[request] = Model(login, changed=self.now)

    @precondition(lambda self: self.models)
    @rule(
        pick=PICKS, words=st.sampled_from([SPECIFIC, "hello", "tried: two drafts", "🙂", "a person please"]), again=st.booleans()
    )
    def say(self, pick: int, words: str, again: bool) -> None:
        request, model = self.one(pick, "sharpening", "more_asked")
        before, self.messages = self.wired.load(request), self.messages + 1
        outcome = self.wired.conversation.say(self.mentee(model), request, f"m{self.messages}", words)
        self.follow(outcome, model.stage != "closed", model)
        if isinstance(outcome, Refusal):
            return
        if model.stage in SILENT:
            assert outcome.reply_to(f"m{self.messages}") is None
            assert len(outcome.replies) == len(before.replies)
        else:
            assert outcome.reply_to(f"m{self.messages}") is not None
            self.said(model, words)
        if again:
            repeated = done(self.wired.conversation.say(self.mentee(model), request, f"m{self.messages}", words))
            assert repeated == outcome

    def said(self, model: Model, words: str) -> None:
        """Where words lead, in the mentee's own stages."""
        readable = words != "🙂"
        if model.stage == "more_asked" and readable:
            model.rest = [model.holder or "", *model.rest]
            model.holder, model.stage, model.due = None, "briefing", None
        elif model.stage == "sharpening" and words == "a person please":
            model.proposed = True
        elif model.stage in ("sharpening", "ready", "briefing") and readable:
            self.by_record(model)

    def by_record(self, model: Model) -> None:
        """Chit-chat and additions may reopen or redraft: the model takes over which of the two, and nothing else."""
        assert self.touched
        stage = self.wired.load(self.touched).stage
        assert isinstance(stage, s.Sharpening | s.Ready | s.Briefing)
        if model.stage == "ready" and isinstance(stage, s.Sharpening):
            model.stage = "sharpening"
        model.proposed = bool(getattr(stage, "proposed", ""))
        assert s.stage_name(stage) == model.stage

    @precondition(lambda self: self.models)
    @rule(pick=PICKS)
    def confirm(self, pick: int) -> None:
        request, model = self.one(pick, "sharpening", "ready")
        legal = model.stage == "ready" or (model.stage == "sharpening" and model.proposed)
        self.follow(self.wired.conversation.confirm(self.mentee(model), request), legal, model, stage="ready")

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, mentor=st.sampled_from([*MENTORS, "nobody"]))
    def choose(self, pick: int, mentor: str) -> None:
        request, model = self.one(pick, "ready", "briefing")
        shown = [match.mentor for match in self.wired.load(request).matches]
        order = [mentor, *(m for m in shown if m != mentor and m not in model.tried)]
        legal = model.stage in ("ready", "briefing") and mentor in shown
        outcome = self.wired.briefing.choose(self.mentee(model), request, mentor)
        self.follow(outcome, legal, model, stage="briefing", rest=order)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, field_name=st.sampled_from(["tried", "success", "background"]), words=st.sampled_from(["x", "y", "words"]))
    def edit(self, pick: int, field_name: str, words: str) -> None:
        request, model = self.one(pick, "briefing")
        outcome = self.wired.briefing.edit(self.mentee(model), request, field_name, words)
        self.follow(outcome, model.stage == "briefing", model)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, look=st.booleans(), tick=st.booleans())
    def tick_and_look(self, pick: int, look: bool, tick: bool) -> None:
        request, model = self.one(pick, "briefing")
        outcome = self.wired.briefing.ready_to_note(self.mentee(model), request, tick)
        self.follow(outcome, model.stage == "briefing", model)
        if model.stage == "briefing" and look:
            model.draft_seen = self.wired.brief_hash(request)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, right=st.booleans())
    def approve(self, pick: int, right: bool) -> None:
        request, model = self.one(pick, "briefing")
        stage = self.wired.load(request).stage
        legal, current = False, ""
        if isinstance(stage, s.Briefing):
            assert stage.approved == ""
            current = approval_hash(stage.draft, stage.recipients)
            stated = all(stage.draft.field(name).stated for name in ("question", "background", "success"))
            legal = stated and stage.draft.ready_to_note and (right or model.draft_seen == current)
        seen = current if right else model.draft_seen
        outcome = self.wired.briefing.approve(self.mentee(model), request, seen or "none")
        first, rest = (model.rest[0], model.rest[1:]) if model.rest else (None, [])
        due = self.now + timedelta(hours=48)
        self.follow(outcome, legal, model, stage="offered", holder=first, rest=rest, due=due)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, far=st.sampled_from(["briefing", "offered", "offered"]))
    def rush(self, pick: int, far: str = "offered") -> None:
        """Straight on to the brief or the offer, as most requests go."""
        request, model = self.one(pick | 1, "sharpening", "ready", "briefing")
        lena = self.mentee(model)
        if model.stage == "sharpening":
            self.messages += 1
            self.follow(self.wired.conversation.say(lena, request, f"m{self.messages}", SPECIFIC), True, model)
            self.follow(self.wired.conversation.confirm(lena, request, "How do I face it?"), True, model, stage="ready")
        shown = [match.mentor for match in self.wired.load(request).matches]
        if model.stage == "ready" and shown:
            order = [shown[-1], *(m for m in shown[:-1] if m not in model.tried)]
            self.follow(self.wired.briefing.choose(lena, request, shown[-1]), True, model, stage="briefing", rest=order)
        if model.stage == "briefing" and far == "offered":
            for name in ("background", "success"):
                self.follow(self.wired.briefing.in_person(lena, request, name), True, model)
            self.follow(self.wired.briefing.ready_to_note(lena, request), True, model)
            seen, due = self.wired.brief_hash(request), self.now + timedelta(hours=48)
            rest = {"holder": model.rest[0], "rest": model.rest[1:], "due": due}
            self.follow(self.wired.briefing.approve(lena, request, seen), True, model, stage="offered", **rest)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, sure=st.integers(0, 5))
    def withdraw(self, pick: int, sure: int) -> None:
        request, model = self.one(pick, "booked", "exchanging", "closed")
        if sure and model.stage != "closed":
            return
        outcome = self.wired.handoff.withdraw(self.mentee(model), request)
        freed: dict[str, Any] = {"seat": None, "cells": frozenset()} if model.stage in ("exchanging", "booked") else {}
        legal = model.stage not in ("debriefing", "closed")
        self.follow(outcome, legal, model, stage="closed", holder=None, due=None, **freed)

    # The mentor.

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, by=ACTORS, days=st.integers(0, 8), quarter=st.integers(0, 95), near=st.integers(0, 12), odd=st.booleans())
    def accept_slot(self, pick: int, by: str, days: int, quarter: int, near: int, odd: bool) -> None:
        request, model = self.one(pick, "offered")
        actor, holds = self.who(model, by)
        free = self.wired.slots.first(MENTORS[model.holder], 30, self.now, 12) if model.holder else ()
        anywhere = datetime(2026, 11, 2, tzinfo=UTC) + timedelta(days=days) + quarter * CELL
        start = free[near].start if near < len(free) else anywhere
        start += timedelta(seconds=1) if odd and near == 3 else timedelta()
        mentor = model.holder or "ada"
        legal = model.stage == "offered" and holds and self.fits(request, mentor, start)
        outcome = self.wired.handoff.accept(actor, request, start)
        cells = frozenset({start, start + CELL})
        seat = (mentor, week(start, mentor))
        self.follow(
            outcome, legal, model, stage="booked", start=start, seat=seat, cells=cells, rest=[], due=start + timedelta(minutes=30)
        )

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, by=ACTORS)
    def accept_written(self, pick: int, by: str) -> None:
        request, model = self.one(pick, "offered")
        actor, holds = self.who(model, by)
        mentor = model.holder or "ada"
        seat = (mentor, week(self.now, mentor))
        legal = model.stage == "offered" and holds and self.load_of(*seat) < MENTORS[mentor].capacity
        outcome = self.wired.handoff.accept(actor, request, None)
        self.follow(outcome, legal, model, stage="exchanging", seat=seat, due=None)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, by=ACTORS, to=st.sampled_from([None, None, "ada", "ben", "cleo", "dov"]))
    def pass_on(self, pick: int, by: str, to: str | None) -> None:
        request, model = self.one(pick, "offered")
        actor, holds = self.who(model, by)
        before, heir = self.wired.load(request).stage, to or self.heir(model)
        legal = model.stage == "offered" and holds and (to is None or to in model.rest)
        outcome = self.wired.handoff.pass_on(actor, request, to=to)
        self.follow(outcome, legal, model)
        if legal:
            self.handed_on(model, heir)
            after = self.wired.load(request).stage
            if isinstance(after, s.Offered) and isinstance(before, s.Offered):
                assert (after.brief, after.brief_hash) == (before.brief, before.brief_hash)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, by=ACTORS)
    def ask(self, pick: int, by: str) -> None:
        request, model = self.one(pick, "offered")
        actor, holds = self.who(model, by)
        outcome = self.wired.handoff.ask(actor, request, "By when is it?")
        due = self.now + timedelta(hours=48)
        self.follow(outcome, model.stage == "offered" and holds, model, stage="more_asked", due=due)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, by=ACTORS)
    def post(self, pick: int, by: str) -> None:
        request, model = self.one(pick, "exchanging")
        actor, holds = self.who(model, by)
        self.messages += 1
        outcome = self.wired.sessions.post(actor, request, f"p{self.messages}", "words")
        self.follow(outcome, model.stage == "exchanging" and (holds or by == "mentee"), model)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, by=ACTORS)
    def hand_back(self, pick: int, by: str) -> None:
        request, model = self.one(pick, "exchanging")
        actor, holds = self.who(model, by)
        outcome = self.wired.sessions.hand_back(actor, request)
        self.follow(outcome, model.stage == "exchanging" and holds, model, stage="debriefing")

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, by=ACTORS)
    def cancel(self, pick: int, by: str) -> None:
        request, model = self.one(pick, "booked")
        actor, holds = self.who(model, by)
        outcome = self.wired.sessions.cancel(actor, request)
        tried = [*model.tried, model.holder]
        freed: dict[str, Any] = {"seat": None, "cells": frozenset(), "holder": None, "due": None}
        self.follow(outcome, model.stage == "booked" and holds, model, stage="ready", tried=tried, **freed)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, by=ACTORS, near=st.integers(0, 6), hours=st.integers(-3, 3))
    def move(self, pick: int, by: str, near: int, hours: int) -> None:
        request, model = self.one(pick, "booked")
        actor, holds = self.who(model, by)
        mentor = model.holder or "ada"
        free = self.wired.slots.first(MENTORS[mentor], 30, self.now, 6)
        start = free[near].start if near < len(free) else (model.start or self.now) + hours * 2 * CELL
        legal = model.stage == "booked" and (holds or by == "mentee") and self.fits(request, mentor, start)
        outcome = self.wired.sessions.move(actor, request, start)
        seat, cells = (mentor, week(start, mentor)), frozenset({start, start + CELL})
        self.follow(outcome, legal, model, start=start, seat=seat, cells=cells, due=start + timedelta(minutes=30))

    # The session and the debrief.

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, by=ACTORS)
    def held(self, pick: int, by: str) -> None:
        request, model = self.one(pick, "booked")
        actor, holds = self.who(model, by)
        begun = model.start is not None and model.start <= self.now
        legal = model.stage == "booked" and begun and (holds or by == "mentee")
        self.follow(self.wired.sessions.held(actor, request), legal, model, stage="debriefing", due=None)

    @precondition(lambda self: self.models)
    @rule(pick=PICKS, by=ACTORS, what=st.sampled_from(["note", "confirm", "attest", "report", "finish"]))
    def debrief(self, pick: int, by: str, what: str) -> None:
        request, model = self.one(pick, "debriefing")
        actor, holds = self.who(model, by)
        service, mentee, here = self.wired.debriefing, by == "mentee", model.stage == "debriefing"
        if what == "note":
            self.follow(service.note(actor, request, "takeaway: less"), here and (holds or mentee), model, noted=True)
        elif what == "confirm":
            self.follow(service.confirm(actor, request), here and model.noted and (holds or mentee), model)
        elif what == "attest":
            self.follow(service.attest(actor, request, "can do"), here and holds, model)
        elif what == "report":
            self.follow(service.report(actor, request, "can do"), here and mentee, model)
        else:
            self.follow(service.finish(actor, request), here and mentee, model, stage="closed", holder=None)

    # The clock.

    @precondition(lambda self: self.models)
    @rule(hours=st.sampled_from([1, 2, 6, 20, 24, 26, 47, 48, 24 * 7]))
    def wait(self, hours: int) -> None:
        self.pass_until(self.now + timedelta(hours=hours))

    @precondition(lambda self: any(m.stage == "booked" for m in self.models.values()))
    @rule(pick=PICKS, minutes=st.sampled_from([0, 10, 10, 30]))
    def to_a_session(self, pick: int, minutes: int) -> None:
        _, model = self.one(pick | 1, "booked")
        if model.start and model.start > self.now:
            self.pass_until(model.start + timedelta(minutes=minutes))

    # What always holds.

    @invariant()
    def the_record_is_what_the_model_says(self) -> None:
        for request, model in getattr(self, "models", {}).items():
            record = self.wired.load(request)
            assert s.stage_name(record.stage) == model.stage, (request, model)
            assert s.mentor_of(record.stage) == (model.holder if model.stage in HOLDING else None)
            assert list(record.declined) == model.tried
            assert record.pending == ()
            if isinstance(record.stage, s.Briefing):
                assert list(record.stage.recipients) == model.rest
            if isinstance(record.stage, s.Offered):
                assert list(record.stage.rest) == model.rest
            if isinstance(record.stage, s.Booked):
                assert record.stage.slot.start == model.start

    @invariant()
    def time_is_taken_once_and_within_capacity(self) -> None:
        if not getattr(self, "models", {}):
            return
        bookings, until = self.wired.ports.bookings, self.now + timedelta(days=60)
        for mentor, limit in ((m.id, m.capacity) for m in MENTORS.values()):
            mine = [m for m in self.models.values() if m.seat and m.seat[0] == mentor]
            taken = bookings.taken([mentor], MONDAY, until).get(mentor, frozenset())
            assert taken == frozenset().union(*(m.cells for m in mine))
            assert sum(len(m.cells) for m in mine) == len(taken)
            for one in {m.seat[1] for m in mine if m.seat}:
                assert bookings.load(mentor, one) == self.load_of(mentor, one) <= limit
        for model in self.models.values():
            assert (model.seat is not None) >= (model.stage in ("booked", "exchanging", "debriefing"))

    @invariant()
    def the_next_step_names_who_and_when(self) -> None:
        for request, model in getattr(self, "models", {}).items():
            record = self.wired.load(request)
            step = self.wired.request_views.next_step(record, self.mentee(model))
            assert step
            if model.stage in HOLDING:
                assert NAMES[model.holder or ""] in step
            when = model.start if model.stage == "booked" else model.due
            if when and model.stage in ("offered", "more_asked", "booked"):
                assert f"{when.astimezone(ZoneInfo(record.time_zone)):%a %-d %b %H:%M}" in step


def test_five_thousand_steps() -> None:
    steps.clear()
    run_state_machine_as_test(
        Requests, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True)
    )
    assert steps.total() >= 5000
    assert set(steps) == {s.name_of(stage) for stage in s.STAGES}
