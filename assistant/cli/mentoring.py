"""What a mentor does with a request, up to the session; each command ends with what now is so, from the record."""

from __future__ import annotations

from uuid import uuid4

from assistant.cli.desk import Desk, acting, granted
from assistant.cli.faults import NotPossible
from assistant.cli.screen import Screen
from assistant.domain import stages as s
from assistant.domain.schedule import TimeSlot
from assistant.services.wording import say


def offers(login: str | None) -> None:
    """One row a request: id, stage, what is due when, question."""
    with acting(login) as desk:
        rows = granted(desk.app.inbox.offers(desk.actor))
        if not rows:
            desk.tell("cli.no_offers")
            return
        Screen(desk.actor.time_zone).rows(
            (row.id, say(f"state.{row.stage}"), desk.when(row.due or row.starts_at or row.changed_at), row.question)
            for row in rows
        )


def accept(login: str | None, request_id: str, number: int | None, written: bool) -> None:
    """Book the free slot with this number, or take it in writing; with neither, list the free slots and leave with 2."""
    if number is not None and written:
        raise NotPossible(say("cli.slot_or_written"))
    with acting(login) as desk:
        if written:
            granted(desk.app.handoff.accept(desk.actor, request_id, None))
            desk.tell("cli.accepted_written", request=request_id)
            return
        free = granted(desk.app.handoff.free(desk.actor, request_id))
        if number is None or number > len(free):
            _list(desk, free)
            raise NotPossible(say("cli.choose_slot") if free else say("cli.no_free_slot"))
        slot = free[number - 1]
        granted(desk.app.handoff.accept(desk.actor, request_id, slot.start))
        desk.tell("cli.accepted_slot", start=desk.when(slot.start), minutes=slot.minutes, request=request_id)


def pass_on(login: str | None, request_id: str, to: str | None, note: str) -> None:
    with acting(login) as desk:
        after = granted(desk.app.handoff.pass_on(desk.actor, request_id, note, to))
        heir = s.mentor_of(after.stage)
        if heir:
            desk.tell("cli.passed", name=desk.mentor_name(heir))
        else:
            desk.tell("cli.passed_last")


def ask(login: str | None, request_id: str, words: str) -> None:
    with acting(login) as desk:
        after = granted(desk.app.handoff.ask(desk.actor, request_id, words))
        assert isinstance(after.stage, s.MoreAsked)
        desk.tell("cli.asked", due=desk.when(after.stage.due))


def write(login: str | None, request_id: str, words: str) -> None:
    with acting(login) as desk:
        granted(desk.app.sessions.post(desk.actor, request_id, uuid4().hex, words))
        desk.tell("cli.written")


def hand_back(login: str | None, request_id: str) -> None:
    with acting(login) as desk:
        granted(desk.app.sessions.hand_back(desk.actor, request_id))
        desk.tell("cli.handed_back", request=request_id)


def held(login: str | None, request_id: str) -> None:
    with acting(login) as desk:
        granted(desk.app.sessions.held(desk.actor, request_id))
        desk.tell("cli.held", request=request_id)


def _list(desk: Desk, free: tuple[TimeSlot, ...]) -> None:
    Screen(desk.actor.time_zone).rows(
        (str(n), desk.when(slot.start), say("cli.minutes", minutes=slot.minutes)) for n, slot in enumerate(free, 1)
    )
