"""The port to the events of a request, and everything that is written in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain.events import Event
from assistant.domain.request import Request
from assistant.ports.audit import Audit
from assistant.ports.booking_store import Hold
from assistant.ports.notifier import Notification


@dataclass(frozen=True)
class Effects:
    """What is written in the same transaction as the events. `release` frees the request's booking before `hold`."""

    notes: tuple[Notification, ...] = ()
    audits: tuple[Audit, ...] = ()
    hold: Hold | None = None
    release: bool = False


class StaleVersion(Exception):
    """Another writer appended first; load and decide again."""


class SlotTaken(Exception):
    """A booking constraint failed; `what` is "slot", "capacity", "mentee" or "request"."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class DuplicateMessage(Exception):
    """This client message id is already stored for this request."""


class RequestStore(Protocol):
    """The event store. `append` raises StaleVersion, SlotTaken or DuplicateMessage, and then writes nothing."""

    def create(self, request_id: str, opened: Event) -> None: ...

    def events(self, request_id: str) -> tuple[Event, ...]:
        """All events in order; empty when there is no such request."""

    def append(
        self, request_id: str, expected: int, new: Sequence[Event], effects: Effects = ..., before: Request | None = None
    ) -> int:
        """Appends atomically at version `expected` and returns the new version.

        `before` is the request at that version, if the caller has it; without it the store reads and folds its events.
        """
