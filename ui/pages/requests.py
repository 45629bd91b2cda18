"""My requests and my people: every request with its state, date and next step; my actions; who helped me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.services.results import Refusal
from ui.desk import Desk, Page, Sent
from ui.draw import draw
from ui.pages.bar import bar, seen


@dataclass(frozen=True)
class Row:
    id: str
    stage: str
    question: str
    changed_at: datetime
    next_step: str


def regions(desk: Desk, sent: Sent) -> dict[str, str]:
    actor, zone = desk.actor, desk.actor.time_zone
    people, actions = desk.app.overview.people(actor), desk.app.overview.actions(actor)
    return {
        "bar": bar(desk, "requests"),
        "requests": draw("requests", rows=_rows(desk), zone=zone),
        "mine": draw(
            "mine", zone=zone, people=() if isinstance(people, Refusal) else people,
            actions=() if isinstance(actions, Refusal) else actions,
        ),
    }  # fmt: skip


def _rows(desk: Desk) -> list[Row]:
    mine = desk.app.inbox.mine(desk.actor)
    rows = () if isinstance(mine, Refusal) else mine
    return [Row(row.id, row.stage, row.question, row.changed_at, _next(desk, row.id)) for row in rows]


def _next(desk: Desk, request_id: str) -> str:
    request = desk.app.inbox.read(desk.actor, request_id)
    return request.say if isinstance(request, Refusal) else desk.app.inbox.next_step(request, desk.actor)


PAGE = Page("requests", "/requests", regions, {"seen": seen})
