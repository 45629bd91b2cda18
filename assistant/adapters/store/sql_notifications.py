"""Notifications in SQL: the outbox by recipient, and the last notification that each login has seen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Engine, Row, bindparam, func, insert, select, update

from assistant.adapters.store.sql_engine import insert_new, one_read, writing
from assistant.adapters.store.sql_tables import news_seen, outbox
from assistant.ports import NotificationItem, Notifications

_SEEN = func.coalesce(select(news_seen.c.upto).where(news_seen.c.login == bindparam("login")).scalar_subquery(), 0)
_TO_THEM = outbox.c.recipient.in_(bindparam("addresses", expanding=True))
_UNSEEN = select(func.count()).select_from(outbox).where(_TO_THEM, outbox.c.id > _SEEN).scalar_subquery()
_NEWEST = (
    select(outbox, _SEEN.label("seen"), _UNSEEN.label("unseen"))
    .where(_TO_THEM)
    .order_by(outbox.c.id.desc())
    .limit(bindparam("most"))
)


class SqlNotifications:
    """Implements the port of notifications. Raises StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def news(self, login: str, addresses: Collection[str], limit: int) -> Notifications:
        """The newest notifications and the number of unseen ones, in one statement."""
        values = {"login": login, "addresses": list(addresses), "most": max(1, limit)}
        with one_read(self._engine) as db:
            rows = db.execute(_NEWEST, values).all()
        return Notifications(rows[0].unseen if rows else 0, tuple(_item(row, row.seen) for row in rows[:limit]))

    def mark_seen(self, login: str, addresses: Collection[str], upto: int) -> None:
        """Marks notifications up to id `upto` as seen; never lowers the mark."""
        last = select(func.max(outbox.c.id)).where(outbox.c.recipient.in_(addresses))
        with writing(self._engine) as db:
            mark = min(upto, db.execute(last).scalar_one() or 0)
            if not insert_new(db, insert(news_seen).values(login=login, upto=mark)):
                lower = (news_seen.c.login == login) & (news_seen.c.upto < mark)
                db.execute(update(news_seen).where(lower).values(upto=mark))


def _item(row: Row[Any], seen: int) -> NotificationItem:
    return NotificationItem(row.id, row.created_at, row.request_id, row.topic, row.body, row.id <= seen)
