"""My requests and my people: every request with its state, date and next step; my actions; who helped me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from assistant.ports import Summary
from assistant.services.results import Refusal
from ui.page_context import Page, PageContext, PageInput
from ui.pages.bar import BAR_ACTS, bar
from ui.rendering.templates import draw

SHOWN, FIRST_WORDS = 60, 110


@dataclass(frozen=True)
class RequestRow:
    id: str
    stage: str
    question: str
    changed_at: datetime
    next_step: str
    first_words: str


def regions(context: PageContext, sent: PageInput) -> dict[str, str]:
    actor, zone = context.actor, context.actor.time_zone
    people, actions = context.app.services.overview.people(actor), context.app.services.overview.actions(actor)
    return {
        "bar": bar(context, "requests"),
        "requests": draw("requests", rows=_rows(context), zone=zone),
        "mine": draw(
            "mine", zone=zone, people=() if isinstance(people, Refusal) else people,
            actions=() if isinstance(actions, Refusal) else actions,
        ),
    }  # fmt: skip


def _rows(context: PageContext) -> list[RequestRow]:
    """The newest ones; each is read for its next step."""
    mine = context.app.services.request_views.mine(context.actor)
    return [] if isinstance(mine, Refusal) else [_row(context, row) for row in mine[:SHOWN]]


def _row(context: PageContext, row: Summary) -> RequestRow:
    request = context.app.services.request_views.read(context.actor, row.id)
    if isinstance(request, Refusal):
        return RequestRow(row.id, row.stage, row.question, row.changed_at, request.say, "")
    first = shorten(request.messages[0].text, FIRST_WORDS, placeholder=" …") if request.messages else ""
    return RequestRow(
        row.id,
        row.stage,
        row.question,
        row.changed_at,
        context.app.services.request_views.next_step(request, context.actor),
        first,
    )


PAGE = Page("requests", "/requests", regions, BAR_ACTS)
