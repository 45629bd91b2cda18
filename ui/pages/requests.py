"""My requests and my people: every request with its state, date and next step; my actions; who helped me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from assistant.ports import Summary
from assistant.services.results import Refusal
from ui.desk import Desk, Page, Sent
from ui.draw import draw
from ui.pages.bar import BAR_ACTS, bar

SHOWN, FIRST_WORDS = 60, 110


@dataclass(frozen=True)
class Row:
    id: str
    stage: str
    question: str
    changed_at: datetime
    next_step: str
    first_words: str


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
    """The newest ones; each is read for its next step."""
    mine = desk.app.inbox.mine(desk.actor)
    return [] if isinstance(mine, Refusal) else [_row(desk, row) for row in mine[:SHOWN]]


def _row(desk: Desk, row: Summary) -> Row:
    request = desk.app.inbox.read(desk.actor, row.id)
    if isinstance(request, Refusal):
        return Row(row.id, row.stage, row.question, row.changed_at, request.say, "")
    first = shorten(request.messages[0].text, FIRST_WORDS, placeholder=" …") if request.messages else ""
    return Row(row.id, row.stage, row.question, row.changed_at, desk.app.inbox.next_step(request, desk.actor), first)


PAGE = Page("requests", "/requests", regions, BAR_ACTS)
