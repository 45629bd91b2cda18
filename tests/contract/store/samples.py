"""Events, notes and holds for the tests of stores, and the ports under one name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assistant.domain import events as e
from assistant.domain.brief import Brief, BriefField
from assistant.domain.schedule import TimeSlot
from assistant.ports import (
    AccountStore,
    Audit,
    BookingStore,
    Effects,
    Hold,
    Notification,
    OutboxStore,
    RequestIndex,
    RequestStore,
    StaleVersion,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WEEK = "2026-W48"
BRIEF = Brief((BriefField("question", "How do I start?", "composed"),), 30, ())


@dataclass(frozen=True)
class Stores:
    """The five ports over one store; `audits` reads the audit log, `dead` the dead letters."""

    requests: RequestStore
    index: RequestIndex
    bookings: BookingStore
    outbox: OutboxStore
    accounts: AccountStore
    audits: Callable[[], list[Audit]]
    dead: Callable[[], tuple[tuple[int, Notification], ...]]

    def open(self, request_id: str, mentee: str = "ana", at: datetime = NOW) -> str:
        self.requests.create(request_id, e.Opened(at=at, actor=mentee, mentee=mentee))
        return request_id

    def add(self, request_id: str, *new: e.Event, effects: Effects = Effects()) -> int:  # noqa: B008
        return self.requests.append(request_id, len(self.requests.events(request_id)), new, effects)

    def hold(self, request_id: str, hold: Hold, *, release: bool = False) -> int:
        message = said(f"hold-{len(self.requests.events(request_id))}")
        return self.add(request_id, message, effects=Effects(hold=hold, release=release))

    def offer(self, request_id: str, mentor: str, due: datetime, at: datetime = NOW) -> None:
        self.add(
            request_id,
            e.QuestionConfirmed(at=at, actor="ana", question="How do I start?"),
            e.BriefDrafted(at=at, actor="askwell", brief=BRIEF, recipients=(mentor,)),
            e.BriefApproved(at=at, actor="ana", brief_hash="h"),
            e.OfferMade(at=at, actor="ana", mentor=mentor, brief_hash="h", due=due),
        )


def said(message_id: str, at: datetime = NOW, text: str = "hello") -> e.Said:
    return e.Said(at=at, actor="ana", message_id=message_id, text=text)


def note(key: str) -> Notification:
    return Notification(key, "ben", "r1", "offer", "An offer waits for you.")


def hold_of(request_id: str, at: datetime | None = NOW, mentor: str = "ben", mentee: str = "ana", capacity: int = 9,
            minutes: int = 30, week: str = WEEK) -> Hold:  # fmt: skip
    return Hold(request_id, mentor, mentee, week, capacity, TimeSlot(at, minutes) if at else None)


def append_with_retry(store: RequestStore, request_id: str, message_id: str) -> int:
    """The version at which the message was stored."""
    while True:
        try:
            return store.append(request_id, len(store.events(request_id)), [said(message_id)])
        except StaleVersion:
            continue


def is_due(stores: Stores, now: datetime) -> bool:
    return bool(stores.outbox.lease(1, now))
