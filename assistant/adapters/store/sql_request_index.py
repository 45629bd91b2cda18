"""Lists requests from the read model, without reading events."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, Select, bindparam, func, or_, select

from assistant.adapters.store.sql_engine import one_read
from assistant.adapters.store.sql_tables import requests
from assistant.domain.stages import Closed, Offered, name_of
from assistant.ports import Summary
from retrieval.adapters.sql_ids import given, of_ids

_OPEN = requests.c.stage != name_of(Closed)


def _summaries(condition: ColumnElement[bool], *by: ColumnElement[datetime | None]) -> Select[tuple[object, ...]]:
    return select(requests).where(condition).order_by(*by, requests.c.id)


_OF_MENTEE = _summaries(requests.c.mentee == bindparam("who"), requests.c.changed_at.desc())
_OF_MENTOR = _summaries(
    (requests.c.mentor == bindparam("who")) & _OPEN,
    requests.c.due.nulls_last(), requests.c.starts_at.nulls_last(), requests.c.changed_at,
)  # fmt: skip
_HELD_BY = _summaries((requests.c.mentor == bindparam("who")) & ~_OPEN, requests.c.changed_at.desc())
_DUE = _summaries(
    _OPEN & or_(requests.c.due <= bindparam("now"), requests.c.pending, requests.c.changed_at <= bindparam("idle_since")),
    requests.c.changed_at,
)  # fmt: skip
_WAITING = (
    select(requests.c.mentor, func.count()).where(requests.c.stage == name_of(Offered)).group_by(requests.c.mentor)
)  # fmt: skip


class SqlRequestIndex:
    """Implements `ports.RequestIndex`. Raises StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_mentee(self, mentee: str) -> tuple[Summary, ...]:
        """All requests of this mentee, the last changed first."""
        return self._rows(_OF_MENTEE, who=mentee)

    def of_mentor(self, mentor: str) -> tuple[Summary, ...]:
        """Open requests with this mentor, ordered by deadline, then start, then last change."""
        return self._rows(_OF_MENTOR, who=mentor)

    def held_by(self, mentor: str) -> tuple[Summary, ...]:
        """Closed requests whose session this mentor held, the last closed first."""
        return self._rows(_HELD_BY, who=mentor)

    def unanswered(self, mentors: Collection[str]) -> Mapping[str, int]:
        """Number of unanswered offers by mentor."""
        with one_read(self._engine) as db:
            rows = db.execute(of_ids(db, _WAITING, requests.c.mentor), given(sorted(mentors)))
            return {row[0]: row[1] for row in rows}

    def due(self, now: datetime, idle_since: datetime) -> tuple[Summary, ...]:
        """Open requests past a deadline, with a pending turn, or unchanged since `idle_since`; the oldest first."""
        return self._rows(_DUE, now=now, idle_since=idle_since)

    def _rows(self, query: Select[tuple[object, ...]], **values: object) -> tuple[Summary, ...]:
        with one_read(self._engine) as db:
            return tuple(Summary(**row._mapping) for row in db.execute(query, values).all())
