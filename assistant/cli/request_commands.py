"""Commands for requests: list, show, withdraw, calendar file."""

from __future__ import annotations

from pathlib import Path

from assistant.cli.command_context import CommandContext, acting, granted
from assistant.cli.files import write_output
from assistant.cli.screen import Screen
from assistant.domain import stages as s
from assistant.domain.request import Request
from assistant.services.conversing.status_text import say
from assistant.services.results import Refusal


def mine(login: str | None) -> None:
    """Lists the mentee's requests, three lines each: id, state and date; the question; the next step."""
    with acting(login) as context:
        rows = granted(context.app.services.request_views.mine(context.actor))
        if not rows:
            context.tell("cli.no_requests")
        screen = Screen(context.actor.time_zone)
        for row in rows:
            request = granted(context.app.services.request_views.read(context.actor, row.id))
            screen.line(f"{row.id}  {say(f'state.{row.stage}')}  {context.when(row.changed_at)}", "bold")
            if row.question:
                screen.quiet(row.question)
            screen.quiet(context.app.services.request_views.next_step(request, context.actor))


def show(login: str | None, request_id: str) -> None:
    """Shows the request to its mentee, or the brief to its mentor; and to both the thread and the debrief."""
    with acting(login) as context:
        screen = Screen(context.actor.time_zone)
        own = context.app.services.request_views.read(context.actor, request_id)
        if isinstance(own, Refusal):
            _for_mentor(context, screen, request_id)
        else:
            _for_mentee(context, screen, own)
        thread = context.app.services.sessions.thread(context.actor, request_id)
        if not isinstance(thread, Refusal):
            screen.thread(thread, names(context))
        minutes = context.app.services.debriefing.read(context.actor, request_id)
        if not isinstance(minutes, Refusal):
            screen.minutes(minutes, names(context))


def withdraw(login: str | None, request_id: str) -> None:
    with acting(login) as context:
        after = granted(context.app.services.handoff.withdraw(context.actor, request_id))
        print(context.app.services.request_views.next_step(after, context.actor))


def ics(login: str | None, request_id: str, out: Path | None) -> None:
    with acting(login) as context:
        write_output(granted(context.app.services.sessions.invitation(context.actor, request_id)), out)


def names(context: CommandContext) -> dict[str, str]:
    """Display names by login, for showing who wrote what."""
    return {account.login: account.name for account in context.app.accounts.all()}


def _for_mentee(context: CommandContext, screen: Screen, request: Request) -> None:
    screen.line(f"{request.id}  {say(f'state.{s.stage_name(request.stage)}')}", "bold")
    if request.question:
        screen.line(request.question)
    stage, brief = request.stage, request.brief
    first = s.mentor_of(stage) or (stage.recipients[0] if isinstance(stage, s.Briefing) else "")
    if brief:
        screen.brief(brief, context.mentor_name(first))
    else:
        screen.need(request.need)
    screen.quiet(context.app.services.request_views.next_step(request, context.actor))


def _for_mentor(context: CommandContext, screen: Screen, request_id: str) -> None:
    offer = granted(context.app.services.request_views.offer(context.actor, request_id))
    screen.line(f"{offer.request}  {say(f'state.{offer.stage}')}", "bold")
    screen.brief(offer.brief, context.actor.name)
    if offer.due:
        screen.quiet(say("cli.answer_by", due=context.when(offer.due), request=offer.request))
