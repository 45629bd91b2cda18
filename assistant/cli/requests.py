"""Requests as their two people see them: the list, one request, its calendar file, and the end by withdrawal."""

from __future__ import annotations

from pathlib import Path

from assistant.cli.desk import Desk, acting, granted
from assistant.cli.files import put
from assistant.cli.screen import Screen
from assistant.domain import stages as s
from assistant.domain.request import Request
from assistant.services.results import Refusal
from assistant.services.wording import say


def mine(login: str | None) -> None:
    """Three lines a request: id, state and date; the question; the next step."""
    with acting(login) as desk:
        rows = granted(desk.app.inbox.mine(desk.actor))
        if not rows:
            desk.tell("cli.no_requests")
        screen = Screen(desk.actor.time_zone)
        for row in rows:
            request = granted(desk.app.inbox.read(desk.actor, row.id))
            screen.line(f"{row.id}  {say(f'state.{row.stage}')}  {desk.when(row.changed_at)}", "bold")
            if row.question:
                screen.quiet(row.question)
            screen.quiet(desk.app.inbox.next_step(request, desk.actor))


def show(login: str | None, request_id: str) -> None:
    """For the mentee the request and its brief; for the mentor who holds it the brief; for both thread and debrief."""
    with acting(login) as desk:
        screen = Screen(desk.actor.time_zone)
        own = desk.app.inbox.read(desk.actor, request_id)
        if isinstance(own, Refusal):
            _for_mentor(desk, screen, request_id)
        else:
            _for_mentee(desk, screen, own)
        thread = desk.app.sessions.thread(desk.actor, request_id)
        if not isinstance(thread, Refusal):
            screen.thread(thread, names(desk))
        minutes = desk.app.debriefing.read(desk.actor, request_id)
        if not isinstance(minutes, Refusal):
            screen.minutes(minutes, names(desk))


def withdraw(login: str | None, request_id: str) -> None:
    with acting(login) as desk:
        after = granted(desk.app.handoff.withdraw(desk.actor, request_id))
        print(desk.app.inbox.next_step(after, desk.actor))


def ics(login: str | None, request_id: str, out: Path | None) -> None:
    with acting(login) as desk:
        put(granted(desk.app.sessions.invitation(desk.actor, request_id)), out)


def names(desk: Desk) -> dict[str, str]:
    """Display names by login, for showing who wrote what."""
    return {account.login: account.name for account in desk.app.accounts.all()}


def _for_mentee(desk: Desk, screen: Screen, request: Request) -> None:
    screen.line(f"{request.id}  {say(f'state.{s.stage_name(request.stage)}')}", "bold")
    if request.question:
        screen.line(request.question)
    stage, brief = request.stage, request.brief
    first = s.mentor_of(stage) or (stage.recipients[0] if isinstance(stage, s.Briefing) else "")
    if brief:
        screen.brief(brief, desk.mentor_name(first))
    else:
        screen.need(request.need)
    screen.quiet(desk.app.inbox.next_step(request, desk.actor))


def _for_mentor(desk: Desk, screen: Screen, request_id: str) -> None:
    offer = granted(desk.app.inbox.offer(desk.actor, request_id))
    screen.line(f"{offer.request}  {say(f'state.{offer.stage}')}", "bold")
    screen.brief(offer.brief, desk.actor.name)
    if offer.due:
        screen.quiet(say("cli.answer_by", due=desk.when(offer.due), request=offer.request))
