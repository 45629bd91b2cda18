"""The notifications of a person, and which of them they have seen."""

from __future__ import annotations

from assistant.ports import NotificationItem, Notifications, NotificationStore, StoreUnavailable
from assistant.services.accounts.access import Actor, Role, may
from assistant.services.results import Refusal, not_stored, refuse

MOST = 100
LARGEST = 2**31 - 1


class NotificationFeed:
    def __init__(self, store: NotificationStore) -> None:
        self._store = store

    def latest(self, actor: Actor, limit: int = 20) -> Notifications | Refusal:
        """The newest notifications to this person as mentee and mentor, at most 100; marks nothing as seen."""
        refusal = may(actor, "news.read")
        if refusal:
            return refusal
        try:
            return self._store.news(actor.id, _addresses(actor), max(0, min(limit, MOST)))
        except StoreUnavailable as error:
            return not_stored(error)

    def seen(self, actor: Actor, upto: int) -> Refusal | None:
        """Marks everything up to and including this id as seen; a lower id than before changes nothing."""
        refusal = may(actor, "news.read") or (None if 0 <= upto <= LARGEST else refuse("bad_id"))
        if refusal:
            return refusal
        try:
            self._store.mark_seen(actor.id, _addresses(actor), upto)
        except StoreUnavailable as error:
            return not_stored(error)
        return None


def _addresses(actor: Actor) -> tuple[str, ...]:
    mentor = actor.mentor if Role.MENTOR in actor.roles else None
    return (actor.id, f"mentor:{mentor}") if mentor else (actor.id,)


__all__ = ["MOST", "NotificationFeed", "NotificationItem", "Notifications"]
