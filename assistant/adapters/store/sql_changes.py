"""Finds the people affected by recent changes, with two short queries over the read model and the outbox, for frequent polling.

An event gets its time before its commit, so each poll looks back 30 s; versions and notifications already reported are skipped.
The mark keeps the mentor of each request, since the row loses it when the request moves on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Row, bindparam, func, select

from assistant.adapters.store.sql_engine import reading
from assistant.adapters.store.sql_tables import outbox, requests
from assistant.ports import ChangeMark

OVERLAP = timedelta(seconds=30)
BACK = 50

_ROW = (requests.c.id, requests.c.version, requests.c.mentee, requests.c.mentor)
_Changed = Row[str, str, str, str]
_SINCE = select(*_ROW).where(requests.c.changed_at >= bindparam("at"))
_WRITTEN = select(outbox.c.id, outbox.c.recipient).where(outbox.c.id > bindparam("after"))


class SqlChanges:
    """Implements `ports.Changes`. Raises StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start(self, now: datetime) -> ChangeMark:
        held = select(requests.c.id, requests.c.mentor).where(requests.c.mentor.is_not(None))
        with reading(self._engine) as db:
            newest = db.execute(select(func.max(outbox.c.id))).scalar_one() or 0
            letters = frozenset(row.id for row in _outbox_rows(db, newest))
            holders = {row.id: row.mentor for row in db.execute(held)}
            return ChangeMark(now, _versions(_rows(db, now)), letters, holders)

    def since(self, mark: ChangeMark, now: datetime) -> tuple[ChangeMark, frozenset[str]]:
        """The new mark, and the affected people; among them the mentor who held a request before it moved on."""
        with reading(self._engine) as db:
            rows = _rows(db, min(mark.at, now))
            letters = _outbox_rows(db, max(mark.letters, default=0))
        changed = [row for row in rows if (row.id, row.version) not in mark.requests]
        written = [row for row in letters if row.id not in mark.letters]
        if not changed and not written:
            return ChangeMark(now, _versions(rows), mark.letters, mark.holders), frozenset()
        before = {mark.holders[row.id] for row in changed if row.id in mark.holders}
        mentors = before | {row.mentor for row in changed if row.mentor}
        people = {row.mentee for row in changed} | {f"mentor:{mentor}" for mentor in mentors}
        people |= {row.recipient for row in written}
        seen = _last(mark.letters | {row.id for row in written})
        return ChangeMark(now, _versions(rows), seen, _holders_after(mark.holders, changed)), frozenset(people)


def _rows(db: Connection, at: datetime) -> list[_Changed]:
    return list(db.execute(_SINCE, {"at": at - OVERLAP}))


def _outbox_rows(db: Connection, newest: int) -> list[Row[int, str]]:
    return list(db.execute(_WRITTEN, {"after": newest - BACK}))


def _versions(rows: Iterable[_Changed]) -> frozenset[tuple[str, int]]:
    return frozenset((row.id, row.version) for row in rows)


def _last(letters: frozenset[int]) -> frozenset[int]:
    newest = max(letters, default=0)
    return frozenset(letter for letter in letters if letter > newest - BACK)


def _holders_after(before: Mapping[str, str], changed: Iterable[_Changed]) -> dict[str, str]:
    now = {**before, **{row.id: row.mentor for row in changed}}
    return {request: mentor for request, mentor in now.items() if mentor}
