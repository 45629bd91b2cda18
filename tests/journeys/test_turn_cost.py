"""How much a turn asks of the database: by the handler that the page calls, with the real search, on a real SQLite file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.bootstrap import App, build
from assistant.domain import stages as s
from assistant.domain.brief import approval_hash
from assistant.domain.request import Request
from assistant.settings import Settings
from tests.counting import Cost, counted
from tests.fakes import done
from ui.handlers import Handlers

TURN_STATEMENTS, TURN_FOLDS, ACCEPT_STATEMENTS = 40, 3, 12
TELLS = "I present our quarterly budget to the board next week and need approval. Who has done this? I want to talk to a person."


@pytest.fixture
def app(prepared: Path, tmp_path: Path) -> Iterator[App]:
    """An installation whose index is open, as a server opens it at its start."""
    shutil.copytree(prepared / "data", tmp_path / "data")
    app = build(Settings(data=tmp_path / "data", knowledge=prepared / "knowledge", database_url="", demo=True))
    app.retrieval.experts.find(TELLS, 1)
    yield app
    app.close()


def said(app: App, request: str, message: str, words: str) -> list[dict[str, Any]]:
    """What the page of Lena gets for a message, from the handler of its event."""
    fields = {"message_id": message, "words": words}
    told = SimpleNamespace(_data={"n": 1, "name": "say", "request": request, "fields": fields, "who": "lena"})
    return list(Handlers(app).say(told, SimpleNamespace(username="lena")))  # type: ignore[arg-type]


def proposed(app: App, request: str) -> tuple[Request, Cost]:
    with counted(app.engine) as cost:
        answers = said(app, request, f"{request}-m1", TELLS)
    assert answers[-1]["refused"] == ""
    assert 'data-act="choose"' in answers[-1]["regions"]["people"]
    return app.services.ledger.load(request), cost


def test_a_turn_that_proposes_people_takes_few_statements_and_folds(app: App) -> None:
    for request in ("with-nothing-in-memory", "with-all-in-memory"):
        after, cost = proposed(app, request)
        assert len(after.matches) == 3
        assert len(cost.statements) <= TURN_STATEMENTS, cost.statements
        assert cost.folds <= TURN_FOLDS


def test_it_reads_the_request_once_and_writes_it_twice(app: App) -> None:
    _, cost = proposed(app, "r1")
    assert sum(one.startswith("SELECT events.") for one in cost.statements) == 1
    assert sum(one.startswith("INSERT INTO events") for one in cost.statements) == 2
    assert sum(one.startswith("BEGIN IMMEDIATE") for one in cost.statements) == 2


def test_the_statements_do_not_grow_with_the_mentors_or_the_messages(app: App) -> None:
    _, first = proposed(app, "r1")
    for n in range(4):
        said(app, "r1", f"r1-m{n + 2}", f"It is about slide {n} of the budget, and I want to talk to a person")
    with counted(app.engine) as later:
        said(app, "r1", "r1-last", "It is about the last slide of the budget, and I want to talk to a person")
    assert len(later.statements) <= len(first.statements) + 4
    assert later.folds <= TURN_FOLDS


@pytest.mark.parametrize("with_time", [True, False])
def test_a_mentors_accept_takes_few_statements(app: App, with_time: bool) -> None:
    request, _ = proposed(app, "r1")
    lena = app.actor("lena")
    assert lena
    free = {match.mentor: match.next_slot for match in request.matches if match.next_slot}
    mentor, slot = next(iter(free.items()))
    done(app.services.conversation.confirm(lena, "r1"))
    done(app.services.briefing.choose(lena, "r1", mentor))
    for name in ("background", "success"):
        done(app.services.briefing.in_person(lena, "r1", name))  # type: ignore[arg-type]
    ready = done(app.services.briefing.ready_to_note(lena, "r1"))
    assert isinstance(ready.stage, s.Briefing)
    done(app.services.briefing.approve(lena, "r1", approval_hash(ready.stage.draft, ready.stage.recipients)))
    holder = next(app.actor(account.login) for account in app.accounts.for_mentor(mentor))
    assert holder
    with counted(app.engine) as cost:
        after = done(app.services.handoff.accept(holder, "r1", slot.start if with_time else None))
    assert isinstance(after.stage, s.Booked if with_time else s.Exchanging)
    assert len(cost.beside_locks) <= ACCEPT_STATEMENTS, cost.statements
    assert cost.folds == 1
