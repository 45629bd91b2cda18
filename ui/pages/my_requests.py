"""The page "My requests": a mentee's requests with state and next step, their actions, and the people who helped them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from assistant.ports import Summary
from assistant.services.results import Refusal
from ui.page_context import Page, PageContext, PageInput
from ui.pages.navigation_bar import BAR_ACTIONS, navigation_bar
from ui.rendering.templates import render

MOST_ROWS, LONGEST_FIRST_WORDS = 60, 110


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
    people, actions = context.services.overview.people(actor), context.services.overview.actions(actor)
    return {
        "bar": navigation_bar(context, "requests"),
        "requests": render("requests", rows=_rows(context), zone=zone),
        "mine": render(
            "actions_and_helpers", zone=zone, people=() if isinstance(people, Refusal) else people,
            actions=() if isinstance(actions, Refusal) else actions,
        ),
    }  # fmt: skip


def _rows(context: PageContext) -> list[RequestRow]:
    """The newest requests. Each is read in full for its next step."""
    mine = context.services.request_views.mine(context.actor)
    return [] if isinstance(mine, Refusal) else [_row(context, row) for row in mine[:MOST_ROWS]]


def _row(context: PageContext, row: Summary) -> RequestRow:
    request = context.services.request_views.read(context.actor, row.id)
    if isinstance(request, Refusal):
        return RequestRow(row.id, row.stage, row.question, row.changed_at, request.say, "")
    first = shorten(request.messages[0].text, LONGEST_FIRST_WORDS, placeholder=" …") if request.messages else ""
    next_step = context.services.request_views.next_step(request, context.actor)
    return RequestRow(row.id, row.stage, row.question, row.changed_at, next_step, first)


PAGE = Page("requests", "/requests", regions, BAR_ACTIONS)
