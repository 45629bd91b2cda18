"""Rules shared by the SQL and the in-memory store: the summary of a request, append checks, and retries of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from assistant.domain.events import Event
from assistant.domain.request import Request
from assistant.domain.stages import Booked, Closed, mentor_of, stage_name
from assistant.ports import DuplicateMessage, StaleVersion, Summary

LEASE = timedelta(minutes=1)
TRIES = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


def summary_of(request: Request) -> Summary:
    """The read model row of a request. For a closed request, `mentor` is the one who held the session.

    Raises ValueError if the request was never opened.
    """
    if request.opened_at is None or request.changed_at is None:
        raise ValueError("a request begins with Opened")
    stage = request.stage
    return Summary(
        id=request.id,
        mentee=request.mentee,
        mentor=request.session_mentor if isinstance(stage, Closed) else mentor_of(stage),
        stage=stage_name(stage),
        kind=request.kind.value,
        question=request.last_question,
        version=request.version,
        opened_at=request.opened_at,
        changed_at=request.changed_at,
        due=stage.slot.end if isinstance(stage, Booked) else getattr(stage, "due", None),
        pending=bool(request.pending),
        starts_at=stage.slot.start if isinstance(stage, Booked) else None,
    )


def refuse_append(stored: Sequence[Event], expected: int, new: Sequence[Event]) -> None:
    """Raises DuplicateMessage for a repeated message id, else StaleVersion if the version is not `expected`."""
    if not new:
        raise ValueError("an append needs an event")
    known = {message_id(event) for event in stored} - {None}
    for repeated in (m for m in map(message_id, new) if m is not None):
        if repeated in known:
            raise DuplicateMessage(repeated)
        known.add(repeated)
    if len(stored) != expected:
        raise StaleVersion(f"expected version {expected}, found {len(stored)}")


def message_id(event: Event) -> str | None:
    """The client's message id; None for events without one."""
    return getattr(event, "message_id", None)


def wait_after(tries: int) -> timedelta:
    """The wait before the next delivery after `tries` failures: 30 s, doubling up to an hour."""
    doublings: int = 2 ** (tries - 1)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)
