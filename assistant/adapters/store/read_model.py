"""What both stores keep beside the events: one summary a request, and when to try a note again."""

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
    """The row of the read model; of a closed request the mentor is the one who held the session.

    Raises ValueError for a request that was never opened.
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
    """Raises DuplicateMessage or StaleVersion. A repeated message is named as such, however late it comes."""
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
    """The client's message id of Said and ExchangePosted."""
    return getattr(event, "message_id", None)


def wait_after(tries: int) -> timedelta:
    """How long a note rests after its `tries`-th failure: doubling from half a minute, at most an hour."""
    doublings: int = 2 ** (tries - 1)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)
