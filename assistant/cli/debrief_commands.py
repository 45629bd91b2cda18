"""`askwell debrief`: structures notes, then attests, reports, confirms or finishes, and shows the debrief."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.cli.command_context import CommandContext, acting, granted
from assistant.cli.files import read_input
from assistant.cli.request_commands import names
from assistant.cli.screen import Screen
from assistant.services.handing_over.debriefing import LONGEST_NOTES


@dataclass(frozen=True)
class Steps:
    """The steps of one call, done in this order; `attest` may be the number of a listed competency."""

    notes: str | None = None
    attest: str | None = None
    report: str | None = None
    confirm: bool = False
    finish: bool = False


def run(login: str | None, request_id: str, steps: Steps) -> None:
    """Does the steps, then shows the debrief."""
    with acting(login) as context:
        service, actor = context.app.services.debriefing, context.actor
        if steps.notes is not None:
            granted(service.note(actor, request_id, read_input(steps.notes, LONGEST_NOTES)))
        if steps.attest is not None:
            granted(service.attest(actor, request_id, _competency(context, request_id, steps.attest)))
        if steps.report is not None:
            granted(service.report(actor, request_id, steps.report))
        if steps.confirm:
            granted(service.confirm(actor, request_id))
        screen = Screen(actor.time_zone)
        screen.minutes(granted(service.read(actor, request_id)), names(context))
        if steps.finish:
            after = granted(service.finish(actor, request_id))
            screen.quiet(context.app.services.request_views.next_step(after, actor))


def _competency(context: CommandContext, request_id: str, words: str) -> str:
    """The text of the competency with this number, or the words themselves."""
    if not words.isdecimal():
        return words
    listed = granted(context.app.services.debriefing.read(context.actor, request_id)).competencies
    return listed[int(words) - 1].text if 1 <= int(words) <= len(listed) else words
