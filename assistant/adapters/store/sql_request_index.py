"""Lists requests from the read model, without reading events."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, func, or_, select

from assistant.adapters.store.sql_engine import one_read
from assistant.adapters.store.sql_tables import requests
from assistant.domain.stages import Closed, Offered, name_of
from assistant.ports import Summary
from retrieval.adapters.sql_ids import among, given

_OPEN = requests.c.stage != name_of(Closed)


class SqlRequestIndex:
    """Implements `ports.RequestIndex`. Raises StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_mentee(self, mentee: str) -> tuple[Summary, ...]:
        """All requests of this mentee, the last changed first."""
        return self._rows(requests.c.mentee == mentee, requests.c.changed_at.desc())

    def of_mentor(self, mentor: str) -> tuple[Summary, ...]:
        """Open requests with this mentor, ordered by deadline, then start, then last change."""
        by = (requests.c.due.nulls_last(), requests.c.starts_at.nulls_last(), requests.c.changed_at)
        return self._rows((requests.c.mentor == mentor) & _OPEN, *by)

    def held_by(self, mentor: str) -> tuple[Summary, ...]:
        """Closed requests whose session this mentor held, the last closed first."""
        return self._rows((requests.c.mentor == mentor) & ~_OPEN, requests.c.changed_at.desc())

    def unanswered(self, mentors: Collection[str]) -> Mapping[str, int]:
        """Number of unanswered offers by mentor."""
        mentor = requests.c.mentor
        with one_read(self._engine) as db:
            waits = among(db, mentor), requests.c.stage == name_of(Offered)
            rows = db.execute(select(mentor, func.count()).where(*waits).group_by(mentor), given(sorted(mentors)))
            return {row[0]: row[1] for row in rows}

    def due(self, now: datetime, idle_since: datetime) -> tuple[Summary, ...]:
        """Open requests past a deadline, with a pending turn, or unchanged since `idle_since`; the oldest first."""
        waits = or_(requests.c.due <= now, requests.c.pending, requests.c.changed_at <= idle_since)
        return self._rows(_OPEN & waits, requests.c.changed_at)

    def _rows(self, condition: ColumnElement[bool], *by: ColumnElement[datetime | None]) -> tuple[Summary, ...]:
        query = select(requests).where(condition).order_by(*by, requests.c.id)
        with one_read(self._engine) as db:
            return tuple(Summary(**row._mapping) for row in db.execute(query).all())
