"""Commands of a mentor, from the offer to the session; each ends with the stored state."""

from __future__ import annotations

from uuid import uuid4

from assistant.cli.command_context import CommandContext, acting, granted
from assistant.cli.command_errors import NotPossible
from assistant.cli.screen import Screen
from assistant.domain import stages as s
from assistant.domain.schedule import TimeSlot
from assistant.services.conversing.status_text import say


def offers(login: str | None) -> None:
    """Lists requests: id, stage, next date, question."""
    with acting(login) as context:
        rows = granted(context.app.services.request_views.offers(context.actor))
        if not rows:
            context.tell("cli.no_offers")
            return
        Screen(context.actor.time_zone).rows(
            (row.id, say(f"state.{row.stage}"), context.when(row.due or row.starts_at or row.changed_at), row.question)
            for row in rows
        )


def accept(login: str | None, request_id: str, number: int | None, written: bool) -> None:
    """Books the free slot with this number, or accepts in writing; with neither, lists the free slots and exits with 2."""
    if number is not None and written:
        raise NotPossible(say("cli.slot_or_written"))
    with acting(login) as context:
        if written:
            granted(context.app.services.handoff.accept(context.actor, request_id, None))
            context.tell("cli.accepted_written", request=request_id)
            return
        free = granted(context.app.services.handoff.free(context.actor, request_id))
        if number is None or number > len(free):
            _list(context, free)
            raise NotPossible(say("cli.choose_slot") if free else say("cli.no_free_slot"))
        slot = free[number - 1]
        granted(context.app.services.handoff.accept(context.actor, request_id, slot.start))
        context.tell("cli.accepted_slot", start=context.when(slot.start), minutes=slot.minutes, request=request_id)


def pass_on(login: str | None, request_id: str, to: str | None, note: str) -> None:
    with acting(login) as context:
        after = granted(context.app.services.handoff.pass_on(context.actor, request_id, note, to))
        next_mentor = s.mentor_of(after.stage)
        if next_mentor:
            context.tell("cli.passed", name=context.mentor_name(next_mentor))
        else:
            context.tell("cli.passed_last")


def ask(login: str | None, request_id: str, words: str) -> None:
    with acting(login) as context:
        after = granted(context.app.services.handoff.ask(context.actor, request_id, words))
        assert isinstance(after.stage, s.MoreAsked)
        context.tell("cli.asked", due=context.when(after.stage.due))


def write(login: str | None, request_id: str, words: str) -> None:
    with acting(login) as context:
        granted(context.app.services.sessions.post(context.actor, request_id, uuid4().hex, words))
        context.tell("cli.written")


def hand_back(login: str | None, request_id: str) -> None:
    with acting(login) as context:
        granted(context.app.services.sessions.hand_back(context.actor, request_id))
        context.tell("cli.handed_back", request=request_id)


def held(login: str | None, request_id: str) -> None:
    with acting(login) as context:
        granted(context.app.services.sessions.held(context.actor, request_id))
        context.tell("cli.held", request=request_id)


def _list(context: CommandContext, free: tuple[TimeSlot, ...]) -> None:
    Screen(context.actor.time_zone).rows(
        (str(n), context.when(slot.start), say("cli.minutes", minutes=slot.minutes)) for n, slot in enumerate(free, 1)
    )
