"""`askwell debrief`: notes in, the debrief out, then what each of the two may add: attest, report, confirm, finish."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.cli.command_context import CommandContext, acting, granted
from assistant.cli.files import taken
from assistant.cli.request_commands import names
from assistant.cli.screen import Screen
from assistant.services.handing_over.debriefing import LONGEST_NOTES


@dataclass(frozen=True)
class Wishes:
    """What one call of the command is to do, in this order; `attest` may be the number of a listed competency."""

    notes: str | None = None
    attest: str | None = None
    report: str | None = None
    confirm: bool = False
    finish: bool = False


def run(login: str | None, request_id: str, wishes: Wishes) -> None:
    """Do what is wished, then show the debrief as it stands."""
    with acting(login) as context:
        service, actor = context.app.services.debriefing, context.actor
        if wishes.notes is not None:
            granted(service.note(actor, request_id, taken(wishes.notes, LONGEST_NOTES)))
        if wishes.attest is not None:
            granted(service.attest(actor, request_id, _competency(context, request_id, wishes.attest)))
        if wishes.report is not None:
            granted(service.report(actor, request_id, wishes.report))
        if wishes.confirm:
            granted(service.confirm(actor, request_id))
        screen = Screen(actor.time_zone)
        screen.minutes(granted(service.read(actor, request_id)), names(context))
        if wishes.finish:
            after = granted(service.finish(actor, request_id))
            screen.quiet(context.app.services.request_views.next_step(after, actor))


def _competency(context: CommandContext, request_id: str, words: str) -> str:
    """The words themselves, or those of the competency with that number."""
    if not words.isdecimal():
        return words
    listed = granted(context.app.services.debriefing.read(context.actor, request_id)).competencies
    return listed[int(words) - 1].text if 1 <= int(words) <= len(listed) else words
