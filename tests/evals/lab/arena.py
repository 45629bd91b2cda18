"""A new installation for each play: the starter base and its people, stores in memory, a clock to set, a language of choice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar, cast

from assistant.adapters.ics_calendar import IcsCalendar
from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.adapters.store.memory_store import MemoryStore
from assistant.adapters.store.memory_usage import MemoryUsage
from assistant.bootstrap import App
from assistant.dialogue.understanding import Turn, Understanding
from assistant.evaluation.stage import STANDSTILL, Progress, open_stage
from assistant.lazy_parts import LazySearch
from assistant.ports import Audit, Language, Languages
from assistant.services.accounts.access import Actor, Role
from assistant.wiring import Services
from retrieval.adapters.sql_corpus import SqlCorpus
from retrieval.passage import Article
from retrieval.passages.search import Evidence
from retrieval.people.experts import ExpertHit
from tests.evals.lab.attack import Place, Poisoned, Position
from tests.evals.lab.walk import Stage

if TYPE_CHECKING:
    from assistant.adapters.model.client.chat import Chat, Usage
    from assistant.adapters.model.model_language import ModelLanguage
    from assistant.adapters.model.resilience.resilient_language import ResilientLanguages
    from assistant.dialogue.privacy.redaction import Redaction

T = TypeVar("T")
MENTEE = Actor("attack.mentee", frozenset({Role.MENTEE}), None, "Europe/Berlin")
PATIENCE = 60.0
"""Seconds that a turn may take here: what is measured is what is said, not how fast."""


@dataclass
class SetClock:
    """Implements `ports.Clock`."""

    moment: datetime = STANDSTILL

    def now(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        self.moment = moment


class Remembering(OfflineLanguage):
    """The offline language, which understands the same turn of several plays once, or as another language `understood` it."""

    def __init__(self, understood: Mapping[object, Understanding] | None = None) -> None:
        super().__init__()
        self._understood = dict(understood or {})

    def turn(self, person: str, others: Collection[str] = ()) -> Remembering:
        return self

    def understand(self, turn: Turn) -> Understanding:
        key = _of(turn)
        if key not in self._understood:
            self._understood[key] = super().understand(turn)
        return self._understood[key]

    def forget(self) -> None:
        self._understood.clear()


@dataclass
class Overheard:
    """Implements `ports.Languages`: another one, of which is kept how it understood each turn."""

    inner: Languages
    understood: dict[object, Understanding] = field(default_factory=dict)

    def turn(self, person: str, others: Collection[str] = ()) -> Language:
        return cast(Language, _HeardTurn(self.inner.turn(person, others), self.understood))


@dataclass
class _HeardTurn:
    inner: Language
    kept: dict[object, Understanding]

    def understand(self, turn: Turn) -> Understanding:
        found = self.kept[_of(turn)] = self.inner.understand(turn)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def _of(turn: Turn) -> object:
    return (turn.text, turn.first, turn.asked, turn.options, repr(turn.need))


@dataclass
class Arena:
    """`offline` is the language of the plays without a model, and what stands behind every model."""

    app: App
    offline: Remembering = field(default_factory=Remembering)

    def __post_init__(self) -> None:
        self._base = _Base(self.app)

    def stage(self, languages: Languages, position: Position = "direct", text: str = "", place: Place = "middle") -> Stage:
        """A new installation in which the text stands at its position."""
        store, clock = MemoryStore(), SetClock()
        for account in self.app.accounts.all():
            store.put(account, Audit("askwell", "account.put", account.login, clock.now()))
        base = Poisoned(self._base, position, text, place)
        services = Services(
            replace(
                self.app.dependencies, clock=clock, calendar=IcsCalendar(clock), store=store, index=store, bookings=store,
                outbox=store, accounts=store, languages=languages, search=base, articles=base,
            )
        )  # fmt: skip
        return Stage(services, clock, MENTEE, self._mentors(), base)

    def with_model(self, chat: Chat) -> ResilientLanguages:
        """Wired as in the application, around this chat. Close it."""
        from assistant.adapters.model.model_language import ModelLanguage
        from assistant.adapters.model.resilience.resilient_endpoint import Limits
        from assistant.adapters.model.resilience.resilient_language import ResilientLanguages
        from assistant.adapters.tiktoken_counter import TiktokenCounter

        counter, near = TiktokenCounter("compliant"), self.app.label_similarity.relevance
        names = frozenset(mentor.name for mentor in self.app.services.directory.all())

        def model(
            person: str, seconds: Callable[[], float], spend: Callable[[str, Usage], None], redaction: Redaction
        ) -> ModelLanguage:
            return ModelLanguage(chat, self.offline, seconds, spend, redaction, near, counter, judge=self.offline)

        return ResilientLanguages(
            model, self.offline, MemoryUsage(), SetClock(), names=lambda: names, limits=Limits(PATIENCE)
        )  # fmt: skip

    def _mentors(self) -> dict[str, Actor]:
        known = {account.mentor: Actor.of(account) for account in self.app.accounts.all() if account.mentor}
        every = self.app.services.directory.all()
        made = {one.id: Actor(f"login-{one.id}", frozenset({Role.MENTOR}), one.id, one.time_zone) for one in every}
        return {**made, **known}


class _Base(LazySearch):
    """The index with the articles beside it; it does not change while plays are played, so each question is searched once."""

    def __init__(self, app: App) -> None:
        super().__init__(lambda: app.retrieval, lambda: app.label_similarity)
        self._corpus, self._known = SqlCorpus(app.engine), dict[object, Any]()

    def search(self, question: str, k: int = 5) -> Evidence:
        return self._once(("search", question, k), lambda: super(_Base, self).search(question, k))

    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]:
        key = ("find", question, k, tuple(sorted(exclude)))
        return self._once(key, lambda: super(_Base, self).find(question, k, exclude))

    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]:
        return self._once(("relevance", question, tuple(labels)), lambda: super(_Base, self).relevance(question, labels))

    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]:
        wanted = None if ids is None else tuple(sorted(ids))
        return self._once(("articles", wanted), lambda: self._corpus.articles(wanted))

    def _once(self, key: object, look: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = look()
        found: T = self._known[key]
        return found


@contextmanager
def arena(progress: Progress) -> Iterator[Arena]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        app = open_stage(Path(folder), progress)
        try:
            yield Arena(app)
        finally:
            app.close()
