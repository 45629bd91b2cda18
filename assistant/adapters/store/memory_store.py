"""The store in memory, for tests; passes the same contract tests as the SQL implementation.

One object implements six ports. An append is atomic: under one lock it works on copies and replaces the data at its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from assistant.adapters.store.read_model import LEASE, TRIES, refuse_append, summary_of, wait_after
from assistant.domain.events import Event
from assistant.domain.request import Request, continued, fold
from assistant.domain.stages import Closed, Offered, name_of
from assistant.ports import (
    ADMIN,
    Account,
    Audit,
    Effects,
    Hold,
    Notification,
    NotificationItem,
    Notifications,
    SlotTaken,
    Summary,
)

_NOTHING = Effects()
_CLOSED, _OFFERED = name_of(Closed), name_of(Offered)


@dataclass(frozen=True)
class _OutboxEntry:
    id: int
    note: Notification
    at: datetime
    due_at: datetime
    lease_until: datetime | None = None
    tries: int = 0
    delivered: bool = False

    @property
    def dead(self) -> bool:
        return self.tries >= TRIES


class MemoryStore:
    """Implements the ports of requests, lists, bookings, outbox, notifications and accounts; `audits` is the audit log."""

    def __init__(self) -> None:
        self.audits: tuple[Audit, ...] = ()
        self._lock = Lock()
        self._events: dict[str, tuple[Event, ...]] = {}
        self._summaries: dict[str, Summary] = {}
        self._holds: dict[str, Hold] = {}
        self._entries: dict[str, _OutboxEntry] = {}
        self._accounts: dict[str, Account] = {}
        self._seen: dict[str, int] = {}

    # RequestStore.

    def create(self, request_id: str, opened: Event) -> None:
        self.append(request_id, 0, [opened])

    def events(self, request_id: str) -> tuple[Event, ...]:
        with self._lock:
            return self._events.get(request_id, ())

    def append(
        self, request_id: str, expected: int, new: Sequence[Event], effects: Effects = _NOTHING, before: Request | None = None
    ) -> int:
        if before and (before.id, before.version) != (request_id, expected):
            raise ValueError("before must be the request at the expected version")
        with self._lock:
            stored = self._events.get(request_id, ())
            refuse_append(stored, expected, new)
            request = continued(before or fold(request_id, stored), new)
            summary = summary_of(request)
            self._holds = self._held_after(request_id, effects)
            self._events[request_id] = (*stored, *new)
            self._summaries[request_id] = summary
            self._put(effects.notes, new[-1].at)
            self.audits += effects.audits
            return request.version

    # RequestIndex.

    def of_mentee(self, mentee: str) -> tuple[Summary, ...]:
        mine = sorted((s for s in self._rows() if s.mentee == mentee), key=lambda s: s.id)
        return tuple(sorted(mine, key=lambda s: s.changed_at, reverse=True))

    def of_mentor(self, mentor: str) -> tuple[Summary, ...]:
        held = [s for s in self._rows() if s.mentor == mentor and s.stage != _CLOSED]
        return tuple(sorted(held, key=lambda s: (*_none_last(s.due), *_none_last(s.starts_at), s.changed_at, s.id)))

    def held_by(self, mentor: str) -> tuple[Summary, ...]:
        held = sorted((s for s in self._rows() if s.mentor == mentor and s.stage == _CLOSED), key=lambda s: s.id)
        return tuple(sorted(held, key=lambda s: s.changed_at, reverse=True))

    def unanswered(self, mentors: Collection[str]) -> Mapping[str, int]:
        return Counter(s.mentor for s in self._rows() if s.mentor and s.mentor in mentors and s.stage == _OFFERED)

    def due(self, now: datetime, idle_since: datetime) -> tuple[Summary, ...]:
        found = [s for s in self._rows() if s.stage != _CLOSED and _needs_work(s, now, idle_since)]
        return tuple(sorted(found, key=lambda s: (s.changed_at, s.id)))

    # BookingStore.

    def taken(self, mentors: Collection[str], start: datetime, end: datetime) -> Mapping[str, frozenset[datetime]]:
        cells: dict[str, set[datetime]] = {}
        with self._lock:
            for hold in self._holds.values():
                if hold.mentor in mentors:
                    cells.setdefault(hold.mentor, set()).update(cell for cell in _cells(hold) if start <= cell < end)
        return {mentor: frozenset(found) for mentor, found in cells.items() if found}

    def load(self, mentor: str, week: str) -> int:
        with self._lock:
            return _load(self._holds, mentor, week)

    def seats(self, mentors: Collection[str], weeks: Collection[str]) -> Mapping[tuple[str, str], int]:
        with self._lock:
            held = Counter((hold.mentor, hold.week) for hold in self._holds.values())
        return {key: count for key, count in held.items() if key[0] in mentors and key[1] in weeks}

    # OutboxStore.

    def lease(self, limit: int, now: datetime) -> tuple[tuple[int, Notification], ...]:
        with self._lock:
            due = [entry for entry in self._entries.values() if _is_due(entry, now)]
            chosen = sorted(due, key=lambda entry: (entry.due_at, entry.id))[:limit]
            for entry in chosen:
                self._entries[entry.note.key] = replace(entry, lease_until=now + LEASE)
            return tuple((entry.id, entry.note) for entry in chosen)

    def settle(self, note_id: int, delivered: bool, now: datetime) -> None:
        with self._lock:
            entry = next((one for one in self._entries.values() if one.id == note_id), None)
            if entry is None or entry.delivered or entry.dead:
                return
            tries = entry.tries + (not delivered)
            due = entry.due_at if delivered else now + wait_after(tries)
            after = replace(entry, delivered=delivered, tries=tries, due_at=due, lease_until=None)
            self._entries[entry.note.key] = after

    def dead(self) -> tuple[tuple[int, Notification], ...]:
        with self._lock:
            return tuple((entry.id, entry.note) for entry in self._entries.values() if entry.dead)

    # NotificationStore.

    def news(self, login: str, addresses: Collection[str], limit: int) -> Notifications:
        with self._lock:
            seen = self._seen.get(login, 0)
            found = [_item(entry, seen) for entry in self._entries.values() if entry.note.to in addresses]
        newest = sorted(found, key=lambda item: item.id, reverse=True)
        return Notifications(sum(not item.seen for item in found), tuple(newest[:limit]))

    def mark_seen(self, login: str, addresses: Collection[str], upto: int) -> None:
        with self._lock:
            last = max((entry.id for entry in self._entries.values() if entry.note.to in addresses), default=0)
            if login in self._accounts:
                self._seen[login] = max(self._seen.get(login, 0), min(upto, last))

    # AccountStore.

    def get(self, login: str) -> Account | None:
        with self._lock:
            return self._accounts.get(login)

    def some(self, logins: Collection[str]) -> dict[str, Account]:
        with self._lock:
            return {login: self._accounts[login] for login in sorted(logins) if login in self._accounts}

    def all(self) -> tuple[Account, ...]:
        with self._lock:
            return tuple(sorted(self._accounts.values(), key=lambda account: account.login))

    def for_mentor(self, mentor: str) -> tuple[Account, ...]:
        return tuple(account for account in self.all() if account.mentor == mentor)

    def without_model(self) -> tuple[Account, ...]:
        return tuple(account for account in self.all() if not account.model)

    def put(self, account: Account, audit: Audit) -> bool:
        with self._lock:
            if ADMIN not in account.roles and self._admins() == {account.login}:
                return False
            known = self._accounts.get(account.login, account)
            self._accounts[account.login] = replace(account, model=known.model)
            self.audits += (audit,)
            return True

    def set_model(self, login: str, on: bool, audit: Audit) -> bool:
        with self._lock:
            known = self._accounts.get(login)
            if known is None or known.model == on:
                return False
            self._accounts[login] = replace(known, model=on)
            self.audits += (audit,)
            return True

    def _admins(self) -> set[str]:
        return {account.login for account in self._accounts.values() if ADMIN in account.roles}

    def _rows(self) -> tuple[Summary, ...]:
        with self._lock:
            return tuple(self._summaries.values())

    def _held_after(self, request_id: str, effects: Effects) -> dict[str, Hold]:
        holds = {key: hold for key, hold in self._holds.items() if not (effects.release and key == request_id)}
        if effects.hold:
            _check_free(holds, effects.hold)
            holds[effects.hold.request] = effects.hold
        return holds

    def _put(self, notes: Iterable[Notification], at: datetime) -> None:
        for note in notes:
            self._entries.setdefault(note.key, _OutboxEntry(len(self._entries) + 1, note, at, at))


def _check_free(holds: dict[str, Hold], new: Hold) -> None:
    if new.request in holds:
        raise SlotTaken("request")
    wanted = set(_cells(new))
    overlapping = [hold for hold in holds.values() if not wanted.isdisjoint(_cells(hold))]
    if any(hold.mentor == new.mentor for hold in overlapping):
        raise SlotTaken("slot")
    if any(hold.mentee == new.mentee for hold in overlapping):
        raise SlotTaken("mentee")
    if _load(holds, new.mentor, new.week) >= new.capacity:
        raise SlotTaken("capacity")


def _cells(hold: Hold) -> tuple[datetime, ...]:
    return hold.slot.cells() if hold.slot else ()


def _load(holds: dict[str, Hold], mentor: str, week: str) -> int:
    return sum(hold.mentor == mentor and hold.week == week for hold in holds.values())


def _item(entry: _OutboxEntry, seen: int) -> NotificationItem:
    note = entry.note
    return NotificationItem(entry.id, entry.at, note.request, note.topic, note.body, entry.id <= seen)


def _is_due(entry: _OutboxEntry, now: datetime) -> bool:
    leased = entry.lease_until is not None and entry.lease_until > now
    return not (entry.delivered or entry.dead or leased) and entry.due_at <= now


def _needs_work(summary: Summary, now: datetime, idle_since: datetime) -> bool:
    overdue = summary.due is not None and summary.due <= now
    return overdue or summary.pending or summary.changed_at <= idle_since


def _none_last(moment: datetime | None) -> tuple[bool, float]:
    return moment is None, moment.timestamp() if moment else 0.0
