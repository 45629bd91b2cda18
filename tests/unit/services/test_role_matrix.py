"""Who may do what, in which stage: a table written down here on its own, and every cell of it executed.

Letters: M the mentee of the request, H the mentor who holds it. Nobody else may ever do anything: another mentee, a mentor who
once held it, a mentor who never did, the curator, the administrator, somebody without an account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.adapters.store.memory_usage import MemoryUsage
from assistant.dialogue.understanding import Extraction, Understanding
from assistant.domain import stages as s
from assistant.domain.reply import Kind
from assistant.domain.stages import stage_name
from assistant.ports import Account
from assistant.services.accounts.access import BY_ROLE, ON_REQUEST, Actor, may
from assistant.services.accounts.usage import UsageReports
from assistant.services.content.knowledge import KnowledgeService
from assistant.services.results import Refusal
from assistant.services.views.notification_feed import NotificationFeed
from tests.fakes import MONDAY, FakeApp, SettableClock, done, memory_ports, sql_ports

COLUMNS = "sharpening proposed ready briefing offered more_asked exchanging booked debriefing closed".split()
MATRIX = """
                    sharpening proposed ready briefing offered more_asked exchanging booked debriefing closed
request.read        M          M        M     M        M       M          M          M      M          M
request.say         M          M        M     M        M       M          M          M      M          .
request.edit        M          M        M     M        .       .          .          .      .          .
request.confirm     M          M        M     .        .       .          .          .      .          .
request.solve       M          M        M     M        .       .          .          .      .          .
request.choose      .          .        M     M        .       .          .          .      .          .
request.withdraw    M          M        M     M        M       M          M          M      .          .
brief.edit          .          .        .     M        .       .          .          .      .          .
brief.approve       .          .        .     M        .       .          .          .      .          .
brief.read          .          .        .     M        MH      MH         MH         MH     MH         .
offer.accept        .          .        .     .        H       .          .          .      .          .
offer.pass          .          .        .     .        H       .          .          .      .          .
offer.ask           .          .        .     .        H       .          .          .      .          .
thread.read         M          M        M     M        MH      MH         MH         MH     MH         MH
thread.post         .          .        .     .        .       .          MH         .      .          .
thread.hand_back    .          .        .     .        .       .          H          .      .          .
booking.read        .          .        .     .        .       .          .          MH     .          .
booking.move        .          .        .     .        .       .          .          MH     .          .
booking.cancel      .          .        .     .        .       .          .          H      .          .
booking.held        .          .        .     .        .       .          .          MH     .          .
debrief.note        .          .        .     .        .       .          .          .      MH         .
debrief.read        .          .        .     .        .       .          .          .      MH         MH
debrief.confirm     .          .        .     .        .       .          .          .      MH         .
competency.attest   .          .        .     .        .       .          .          .      H          H
competency.report   .          .        .     .        .       .          .          .      M          .
request.finish      .          .        .     .        .       .          .          .      M          .
draft.thanks        .          .        .     .        .       .          .          .      .          M
draft.article       .          .        .     .        .       .          .          .      .          MH
"""
ROLES = """
                   mentee mentor curator admin nobody
request.open       x      .      .       .     .
request.list       x      .      .       .     .
offer.list         .      x      .       .     .
knowledge.search   x      x      x       x     .
experts.search     x      x      x       x     .
knowledge.ingest   .      .      x       x     .
knowledge.reindex  .      .      x       x     .
account.manage     .      .      .       x     .
export.own         x      x      x       x     .
news.read          x      x      x       x     .
model.switch       x      x      x       x     .
usage.read         .      .      x       x     .
"""
KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge_base"
SLOT, LATER = MONDAY + timedelta(days=1, hours=1), MONDAY + timedelta(days=1, hours=1, minutes=30)
BY = "ben"
Do = Callable[[FakeApp, Actor, str], object]
OPERATIONS: dict[str, Do] = {
    "request.read": lambda h, a, r: h.request_views.read(a, r),
    "request.say": lambda h, a, r: h.conversation.say(a, r, "new-message", "one more word"),
    "request.edit": lambda h, a, r: h.conversation.edit_slot(a, r, "tried", "everything"),
    "request.confirm": lambda h, a, r: h.conversation.confirm(a, r, "What now?"),
    "request.solve": lambda h, a, r: h.conversation.solved(a, r),
    "request.choose": lambda h, a, r: h.briefing.choose(a, r, "cleo"),
    "request.withdraw": lambda h, a, r: h.handoff.withdraw(a, r),
    "brief.edit": lambda h, a, r: h.briefing.edit(a, r, "tried", "everything"),
    "brief.approve": lambda h, a, r: h.briefing.approve(a, r, hash_of(h, r)),
    "brief.read": lambda h, a, r: h.request_views.offer(a, r),
    "offer.accept": lambda h, a, r: h.handoff.accept(a, r, SLOT),
    "offer.pass": lambda h, a, r: h.handoff.pass_on(a, r),
    "offer.ask": lambda h, a, r: h.handoff.ask(a, r, "By when?"),
    "thread.read": lambda h, a, r: h.sessions.thread(a, r),
    "thread.post": lambda h, a, r: h.sessions.post(a, r, "new-message", "hello"),
    "thread.hand_back": lambda h, a, r: h.sessions.hand_back(a, r),
    "booking.read": lambda h, a, r: h.sessions.invitation(a, r),
    "booking.move": lambda h, a, r: h.sessions.move(a, r, LATER),
    "booking.cancel": lambda h, a, r: h.sessions.cancel(a, r),
    "booking.held": lambda h, a, r: h.sessions.held(a, r),
    "debrief.note": lambda h, a, r: h.debriefing.note(a, r, "takeaway: less is more"),
    "debrief.read": lambda h, a, r: h.debriefing.read(a, r),
    "debrief.confirm": lambda h, a, r: h.debriefing.confirm(a, r),
    "competency.attest": lambda h, a, r: h.debriefing.attest(a, r, "tells a story"),
    "competency.report": lambda h, a, r: h.debriefing.report(a, r, "tells a story"),
    "request.finish": lambda h, a, r: h.debriefing.finish(a, r),
    "draft.thanks": lambda h, a, r: h.closing_drafts.thanks(a, r),
    "draft.article": lambda h, a, r: h.closing_drafts.article(a, r),
}
MORE: dict[str, tuple[str, Do]] = {
    "record": ("request.say", lambda h, a, r: h.conversation.record(a, r, "another", "a word")),
    "only_to": ("brief.edit", lambda h, a, r: h.briefing.only_to(a, r, ("ada",))),
    "in_person": ("brief.edit", lambda h, a, r: h.briefing.in_person(a, r, "success")),
    "ready_to_note": ("brief.edit", lambda h, a, r: h.briefing.ready_to_note(a, r)),
}
STRANGERS: dict[str, Actor] = {
    "another mentee": Actor("mika", frozenset({"mentee"})),
    "another mentor": Actor("login-dov", frozenset({"mentor"}), "dov"),
    "the curator": Actor("petra", frozenset({"curator"})),
    "the administrator": Actor("alasdair", frozenset({"admin"})),
    "nobody": Actor("ghost"),
    "a mentee with the mentor's id": Actor("mika", frozenset({"mentee"}), "ada"),
}
UNREAD = frozenset(
    "request.read thread.read brief.read booking.read debrief.read booking.held draft.thanks draft.article".split()
)


def table(text: str) -> dict[str, dict[str, str]]:
    head, *rows = [line.split() for line in text.strip().splitlines()]
    return {name: dict(zip(head, cells, strict=True)) for name, *cells in rows}


EXPECTED = table(MATRIX)


def hash_of(wired: FakeApp, request_id: str) -> str:
    return wired.brief_hash(request_id) if isinstance(wired.load(request_id).stage, s.Briefing) else "0"


def walk(wired: FakeApp, stage: str) -> str:
    """A request of lena in `stage`; from the offer on ben has passed and ada holds it; cleo is next."""
    lena, ada, request = wired.actor("lena"), wired.mentor("ada"), wired.open("lena", stage)
    steps: dict[str, Callable[[], object]] = {
        "proposed": lambda: wired.say(request, "task: face the board\noutcome: a yes\ncontext: new CFO", "s1"),
        "ready": lambda: wired.say(request, "yes", "s2"),
        "briefing": lambda: (done(wired.briefing.choose(lena, request, BY)), done(wired.briefing.ready_to_note(lena, request))),
        "offered": lambda: (done(wired.briefing.approve(lena, request, wired.brief_hash(request))),
                            done(wired.handoff.pass_on(wired.mentor(BY), request))),
        "more_asked": lambda: done(wired.handoff.ask(ada, request, "By when?")),
        "exchanging": lambda: done(wired.handoff.accept(ada, request, None)),
        "booked": lambda: done(wired.handoff.accept(ada, request, SLOT)),
        "debriefing": lambda: (done(wired.sessions.held(lena, request)),
                               done(wired.debriefing.note(lena, request, "takeaway: start with the ask"))),
        "closed": lambda: (done(wired.debriefing.confirm(lena, request)), done(wired.debriefing.confirm(ada, request)),
                           done(wired.debriefing.finish(lena, request))),
    }  # fmt: skip
    aside = {"more_asked", "exchanging"}
    way = [name for name in COLUMNS[1 : COLUMNS.index(stage) + 1] if name not in aside or name == stage]
    for name in way:
        if name == "debriefing":
            wired.clock.set(SLOT)
        steps[name]()
    name = "sharpening" if stage == "proposed" else stage
    assert stage_name(wired.load(request).stage) == name
    return request


def prepared(stage: str) -> tuple[FakeApp, str]:
    wired = FakeApp(memory_ports(), SettableClock())
    request = walk(wired, stage)
    if stage == "booked":
        wired.clock.set(SLOT)
    return wired, request


@pytest.fixture(scope="module")
def apps() -> dict[str, tuple[FakeApp, str]]:
    return {stage: prepared(stage) for stage in COLUMNS}


def cells(letter: str) -> Iterator[tuple[str, str, bool]]:
    for operation, row in EXPECTED.items():
        for stage, who in row.items():
            yield operation, stage, letter in who


def check(wired: FakeApp, actor: Actor, operation: str, request: str, allowed: bool, do: Do | None = None) -> None:
    before = wired.ports.picture()
    clock = wired.clock.now()
    if operation == "booking.move":
        wired.clock.set(MONDAY + timedelta(hours=1))
    outcome = (do or OPERATIONS[operation])(wired, actor, request)
    wired.clock.set(clock)
    assert isinstance(outcome, Refusal) is not allowed, outcome
    if not allowed:
        assert wired.ports.picture() == before
    if operation in UNREAD - {"booking.held"}:
        assert wired.ports.picture() == before


def restored(wired: FakeApp, do: Callable[[], None]) -> None:
    """Run and put the store back as it was."""
    store = wired.ports.store
    kept = {name: copy(value) for name, value in vars(store).items() if name != "_lock"}
    do()
    vars(store).update(kept)


def test_the_table_speaks_of_every_operation() -> None:
    assert set(EXPECTED) == set(ON_REQUEST) == set(OPERATIONS)
    assert all(list(row) == COLUMNS for row in EXPECTED.values())
    assert set(table(ROLES)) == set(BY_ROLE)


@pytest.mark.parametrize(("operation", "stage", "allowed"), list(cells("M")))
def test_the_mentee(apps: dict[str, tuple[FakeApp, str]], operation: str, stage: str, allowed: bool) -> None:
    wired, request = apps[stage]
    restored(wired, lambda: check(wired, wired.actor("lena"), operation, request, allowed))


@pytest.mark.parametrize(("operation", "stage", "allowed"), list(cells("H")))
def test_the_mentor_who_holds_it(apps: dict[str, tuple[FakeApp, str]], operation: str, stage: str, allowed: bool) -> None:
    wired, request = apps[stage]
    restored(wired, lambda: check(wired, wired.mentor("ada"), operation, request, allowed))


@pytest.mark.parametrize(("name", "stage"), [(name, stage) for name in MORE for stage in COLUMNS])
def test_the_other_ways_in(apps: dict[str, tuple[FakeApp, str]], name: str, stage: str) -> None:
    wired, request = apps[stage]
    operation, do = MORE[name]
    for letter, actor in (("M", wired.actor("lena")), ("H", wired.mentor("ada"))):
        allowed = letter in EXPECTED[operation][stage]
        restored(wired, lambda a=actor, ok=allowed: check(wired, a, operation, request, ok, do))  # type: ignore[misc]


@pytest.mark.parametrize("stage", COLUMNS)
def test_a_mentor_who_once_held_it(apps: dict[str, tuple[FakeApp, str]], stage: str) -> None:
    wired, request = apps[stage]
    held = COLUMNS.index(stage) >= COLUMNS.index("offered")
    for operation in EXPECTED:
        check(wired, wired.mentor(BY), operation, request, allowed=False)
        outcome = OPERATIONS[operation](wired, wired.mentor(BY), request)
        assert isinstance(outcome, Refusal)
        assert (outcome.code == "not_the_holder") is held, operation


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("stage", COLUMNS)
def test_a_stranger_does_nothing_and_learns_nothing(apps: dict[str, tuple[FakeApp, str]], stage: str, who: str) -> None:
    wired, request = apps[stage]
    before = wired.ports.picture()
    for operation, do in [*OPERATIONS.items(), *((name, do) for name, (_, do) in MORE.items())]:
        outcome = do(wired, STRANGERS[who], request)
        assert isinstance(outcome, Refusal), operation
        assert outcome == do(wired, STRANGERS[who], "no-such-request"), operation
    assert wired.ports.picture() == before


@pytest.mark.parametrize("stage", ["briefing", "offered", "booked", "debriefing", "closed"])
def test_in_the_real_store_a_refusal_changes_no_byte(tmp_path: Path, stage: str) -> None:
    ports = sql_ports(tmp_path / "askwell.db")
    wired = FakeApp(ports, SettableClock())
    request = walk(wired, stage)
    before = ports.picture()
    for operation, do in OPERATIONS.items():
        for actor in (*STRANGERS.values(), wired.mentor(BY)):
            assert isinstance(do(wired, actor, request), Refusal), operation
    assert ports.picture() == before
    ports.close()


@pytest.mark.parametrize(("operation", "role", "allowed"), [
    (operation, role, mark == "x") for operation, row in table(ROLES).items() for role, mark in row.items()
])  # fmt: skip
def test_roles(operation: str, role: str, allowed: bool) -> None:
    roles = frozenset() if role == "nobody" else frozenset({role})
    assert (may(Actor("somebody", roles), operation) is None) is allowed


class Shelf:
    """A retrieval that only counts how often it was reached."""

    def __init__(self) -> None:
        self.ingest = self.experts = self
        self.reached = 0

    def run(self, *_: object) -> str:
        self.reached += 1
        return "done"

    find = reindex = run

    @property
    def search(self) -> Any:
        return SimpleNamespace(search=self.run)


def silent(stage: str, part: int, total: int) -> None: ...


@pytest.mark.parametrize("role", ["mentee", "mentor", "curator", "admin", "nobody"])
def test_what_needs_no_request_is_executed_by_role(memory_app: FakeApp, tmp_path: Path, role: str) -> None:
    wired, actor = memory_app, Actor("somebody", frozenset({role} - {"nobody"}), "dov" if role == "mentor" else None)
    (tmp_path / "people.csv").write_text((KNOWLEDGE / "mentors" / "mentors.csv").read_text("utf-8"), "utf-8")
    calls: dict[str, Callable[[Any], object]] = {
        "request.open": lambda c: wired.conversation.open(actor),
        "request.list": lambda c: wired.request_views.mine(actor),
        "offer.list": lambda c: wired.request_views.offers(actor),
        "knowledge.search": lambda c: c.search(actor, "board"),
        "experts.search": lambda c: c.experts(actor, "board"),
        "knowledge.ingest": lambda c: c.ingest(actor, tmp_path / "people.csv", silent),
        "knowledge.reindex": lambda c: c.reindex(actor, silent),
        "account.manage": lambda c: wired.people.put(actor, Account("new", "New", frozenset({"mentee"}))),
        "export.own": lambda c: wired.people.export(actor),
        "news.read": lambda c: NotificationFeed(wired.ports.store).latest(actor),
        "model.switch": lambda c: wired.people.switch_model(actor, False),
        "usage.read": lambda c: UsageReports(MemoryUsage(), wired.clock, {}, True).read(actor),
    }
    assert set(calls) == set(BY_ROLE)
    for operation, call in calls.items():
        index_manager, before = Shelf(), wired.ports.picture()
        outcome = call(KnowledgeService(lambda s=index_manager: s, wired.base, wired.clock))  # type: ignore[misc, arg-type]
        allowed = table(ROLES)[operation][role] == "x"
        assert isinstance(outcome, Refusal) is not allowed, operation
        if not allowed:
            assert wired.ports.picture() == before
            assert index_manager.reached == 0


def test_lists_show_only_ones_own(memory_app: FakeApp) -> None:
    request = walk(memory_app, "offered")
    assert [row.id for row in done(memory_app.request_views.mine(memory_app.actor("lena")))] == [request]
    assert done(memory_app.request_views.mine(memory_app.actor("mika"))) == ()
    assert [row.id for row in done(memory_app.request_views.offers(memory_app.mentor("ada")))] == [request]
    for other in ("ben", "cleo", "dov"):
        assert done(memory_app.request_views.offers(memory_app.mentor(other))) == ()
    assert done(memory_app.people.export(memory_app.actor("mika"))) == ()
    assert [row.id for row, _ in done(memory_app.people.export(memory_app.actor("lena")))] == [request]


def test_nobody_answers_their_own_request(memory_app: FakeApp) -> None:
    both = replace(memory_app.actor("login-cleo"))
    request = memory_app.open("login-cleo")
    answer = memory_app.say(request, "task: face the board\noutcome: a yes", login="login-cleo")
    assert answer.reply is not None
    assert both.mentor not in {match.mentor for match in answer.reply.matches}


CANARY = "canary-4711"


def test_a_mentor_never_sees_a_word_of_the_conversation(wired: FakeApp) -> None:
    lena, ada, request = wired.actor("lena"), wired.mentor("ada"), wired.open("lena", "r1")
    whole = f"task: face the board\noutcome: a yes\ncontext: new CFO\nand between us {CANARY}"
    wired.say(request, whole, "s1")
    wired.say(request, f"tried: nothing, {CANARY}", "s2")
    done(wired.conversation.edit_slot(lena, request, "tried", "two drafts"))
    for words in ("yes", "1"):
        wired.say(request, words)
    done(wired.briefing.ready_to_note(lena, request))
    seen: list[object] = [wired.request_views.offer(ada, request)]
    done(wired.briefing.approve(lena, request, wired.brief_hash(request)))
    wired.say(request, f"oh and {CANARY}")
    seen += [wired.request_views.offer(ada, request), wired.request_views.offers(ada), wired.sessions.thread(ada, request)]
    seen += [done(wired.handoff.accept(ada, request, SLOT))]
    seen += [
        wired.request_views.offer(ada, request),
        wired.sessions.invitation(ada, request),
        wired.sessions.thread(ada, request),
    ]
    wired.clock.set(SLOT)
    seen += [done(wired.sessions.held(ada, request))]
    done(wired.debriefing.note(lena, request, "takeaway: start with the ask"))
    wired.say(request, f"by the way {CANARY}")
    seen += [done(wired.debriefing.confirm(ada, request)), done(wired.debriefing.attest(ada, request, "can do"))]
    seen += [
        done(wired.debriefing.read(ada, request)),
        done(wired.request_views.offer(ada, request)),
        wired.request_views.read(ada, request),
    ]
    seen += [note for note in wired.notes() if note.to == "mentor:ada"]
    assert len(seen) > 10
    assert CANARY not in repr(seen)


def test_a_quote_longer_than_what_is_shown_stays_with_the_mentee(wired: FakeApp) -> None:
    wired.language.on_turn = lambda turn: Understanding(
        Kind.SPECIFIC, slots=tuple(Extraction(slot, "the board", turn.text) for slot in ("task", "context", "outcome"))
    )
    lena, ada, request = wired.actor("lena"), wired.mentor("ada"), wired.open("lena", "r1")
    wired.say(request, f"help me with the board and mention {CANARY} to nobody")
    done(wired.conversation.confirm(lena, request))
    done(wired.briefing.choose(lena, request, "ada"))
    done(wired.briefing.ready_to_note(lena, request))
    done(wired.briefing.approve(lena, request, wired.brief_hash(request)))
    assert CANARY not in repr(done(wired.request_views.offer(ada, request)))
    assert CANARY in repr(done(wired.request_views.offer(lena, request)))
