"""What the services of one installation stand on, as one value; a trial may bring a world of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.services.conversing.research import Articles, ExpertFinder, PassageSearch, Relevance

if TYPE_CHECKING:
    from assistant.ports import AccountStore, BookingStore, Clock, Languages, OutboxStore, RequestIndex, RequestStore


class Search(PassageSearch, ExpertFinder, Relevance, Protocol):
    """Passages, people and nearness in meaning, all of one index."""


@dataclass(frozen=True)
class Dependencies:
    """Its time, its stores, its language, and what is searched."""

    clock: Clock
    store: RequestStore
    index: RequestIndex
    bookings: BookingStore
    outbox: OutboxStore
    accounts: AccountStore
    languages: Languages
    search: Search
    articles: Articles
