"""Everything the services of one installation depend on, as one value. Evaluations and tests replace parts of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from assistant.services.conversing.labels import Relevance
from assistant.services.conversing.research import Articles, ExpertFinder, PassageSearch

if TYPE_CHECKING:
    from assistant.dialogue.clarify import Questioner
    from assistant.domain.organisation import Contact
    from assistant.ports import (
        AccountStore,
        BookingStore,
        Calendar,
        Clock,
        Languages,
        MentorDirectory,
        NotificationStore,
        Notifier,
        OutboxStore,
        RequestIndex,
        RequestStore,
        UsageStore,
    )  # fmt: skip
    from retrieval.facade import Retrieval
    from retrieval.importing.import_report import ProfileCheck
    from retrieval.ports import Corpus


class Search(PassageSearch, ExpertFinder, Relevance, Protocol):
    """Passages, people and label similarity over one index."""


class Options(Protocol):
    """The settings that services need."""

    @property
    def offer_time(self) -> timedelta: ...
    @property
    def more_time(self) -> timedelta: ...
    @property
    def messages_per_minute(self) -> int: ...
    @property
    def llm_prices(self) -> Mapping[str, tuple[float, float, float]]: ...
    @property
    def llm_model(self) -> str: ...


@dataclass(frozen=True)
class Dependencies:
    """`retrieval` opens the indexes on first call; `check_profile` validates imported profiles with the given calendar."""

    clock: Clock
    calendar: Calendar
    store: RequestStore
    index: RequestIndex
    bookings: BookingStore
    outbox: OutboxStore
    notifications: NotificationStore
    usage: UsageStore
    accounts: AccountStore
    directory: MentorDirectory
    languages: Languages
    search: Search
    articles: Articles
    corpus: Corpus
    retrieval: Callable[[], Retrieval]
    check_profile: ProfileCheck
    notifier: Notifier
    organisation: str
    contacts: Mapping[str, tuple[Contact, ...]]
    options: Options
    questioner: Questioner
