"""Wires everything once, by hand: settings in, an `App` of services out. Heavy parts open when first used.

Nothing is built at import. `prepare` makes the first start and every later one the same command: schema, sample people and
starter content are brought up to date, and unchanged content costs nothing.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.adapters.system_clock import SystemClock
from assistant.dialogue.clarify import Questioner, next_question
from assistant.ports import Account, Audit, Changes, Clock, Language, Languages, Notifier
from assistant.services.accounts.access import Actor, Role
from prompts.catalog import text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.adapters.model.client.chat import Usage
    from assistant.adapters.model.client.openai_chat import OpenAIChat
    from assistant.adapters.model.model_language import ModelLanguage
    from assistant.adapters.model.resilience.resilient_language import ResilientLanguages
    from assistant.adapters.store.sql_accounts import SqlAccounts
    from assistant.dependencies import Dependencies
    from assistant.dialogue.privacy.redaction import Redaction
    from assistant.services.accounts.accounts import Accounts
    from assistant.services.accounts.sign_in import SignInService
    from assistant.services.accounts.usage import UsageReports
    from assistant.services.content.knowledge import KnowledgeService
    from assistant.services.conversing.conversation import Conversation
    from assistant.services.handing_over.bookings import Bookings
    from assistant.services.handing_over.briefing import Briefing
    from assistant.services.handing_over.closing_drafts import ClosingDrafts
    from assistant.services.handing_over.debriefing import Debriefing
    from assistant.services.handing_over.due_jobs import DueJobs
    from assistant.services.handing_over.handoff import Handoff
    from assistant.services.views.notification_feed import NotificationFeed
    from assistant.services.views.overview import Overview
    from assistant.services.views.request_views import RequestViews
    from assistant.settings import Settings
    from retrieval.build import Retrieval
    from retrieval.embedding.label_similarity import LabelSimilarity
    from retrieval.passages.search import Evidence
    from retrieval.people.experts import ExpertHit

Progress = Callable[[str, int, int], None]
log = logging.getLogger(__name__)
STARTER = Path(__file__).resolve().parent.parent / "knowledge_base"


def _silent(stage: str, done: int, total: int) -> None: ...


class App:
    """The services of one installation. Close it to let go of the indexes and the database."""

    def __init__(
        self, settings: Settings, *, clock: Clock | None = None, languages: Languages | None = None,
        notifier: Notifier | None = None, questioner: Questioner = next_question,
    ) -> None:  # fmt: skip
        self.settings = settings
        self.clock = clock or SystemClock()
        self._languages, self._notifier, self.questioner = languages, notifier, questioner

    @property
    def knowledge(self) -> Path:
        return self.settings.knowledge or STARTER

    @cached_property
    def engine(self) -> Engine:
        from assistant.adapters.store.sql_engine import open_engine

        return open_engine(self.settings.url)

    @cached_property
    def retrieval(self) -> Retrieval:
        from assistant.adapters.store.sql_contributions import SqlContributions
        from retrieval.build import open_retrieval

        chosen, folder = self.settings, self.settings.data / "index"
        helped = partial(SqlContributions, self.engine)
        opened = open_retrieval(self.engine, folder, chosen.embedder, chosen.known_threshold, chosen.endpoint, helped)
        if "embedder" in chosen.model_fields_set and chosen.embedder != opened.embedder:
            log.warning(text("cli.embedder_setting", setting=chosen.embedder, used=opened.embedder))
        return opened

    @cached_property
    def label_similarity(self) -> LabelSimilarity:
        from retrieval.build import label_embeddings
        from retrieval.embedding.label_similarity import LabelSimilarity

        return LabelSimilarity(label_embeddings(self.retrieval))

    @cached_property
    def offline(self) -> Languages:
        """The language that needs no endpoint, and that every failure of one falls back to."""
        if self._languages:
            return self._languages
        from assistant.adapters.offline.offline_language import OfflineLanguage

        return OfflineLanguage()

    @cached_property
    def languages(self) -> Languages:
        """With a model where an endpoint is set, and the offline language behind it."""
        if self._languages or self.settings.model_endpoint is None:
            return self.offline
        return self.resilient

    @cached_property
    def chat(self) -> OpenAIChat:
        """The model at the endpoint that is set."""
        from assistant.adapters.model.client.openai_chat import OpenAIChat
        from assistant.adapters.model.client.output_modes import FILE, OutputModes

        endpoint = self.settings.model_endpoint
        assert endpoint is not None
        return OpenAIChat(endpoint, OutputModes(self.settings.data / FILE))

    @cached_property
    def resilient(self) -> ResilientLanguages:
        from assistant.adapters.consent import Consent, DirectoryNames
        from assistant.adapters.model.model_language import ModelLanguage
        from assistant.adapters.model.resilience.resilient_language import Limits, ResilientLanguages
        from assistant.adapters.tiktoken_counter import TiktokenCounter
        from prompts.tasks import prompt

        endpoint, consent, context = self.settings.model_endpoint, Consent(self.accounts), self.settings.llm_context
        assert endpoint is not None
        counter, chosen = TiktokenCounter(endpoint.model), self.settings
        limits = Limits(
            chosen.llm_seconds, calls=chosen.llm_calls, person_tokens=chosen.llm_person_tokens, day_tokens=chosen.llm_day_tokens
        )

        def model(
            person: str, seconds: Callable[[], float], spend: Callable[[str, Usage], None], redaction: Redaction
        ) -> ModelLanguage:
            offline = self.offline.turn(person)
            return ModelLanguage(self.chat, offline, seconds, spend, redaction, self.label_similarity.relevance, counter, context)

        return ResilientLanguages(
            model, self.offline, self.parts.usages, self.clock, limits=limits,
            names=DirectoryNames(self.accounts, self.parts.directory), allowed=consent.person, mentor_allowed=consent.mentor,
            version=lambda task: prompt(task).version, named=endpoint.model_for,
        )  # fmt: skip

    @cached_property
    def accounts(self) -> SqlAccounts:
        from assistant.adapters.store.sql_accounts import SqlAccounts

        return SqlAccounts(self.engine)

    @cached_property
    def changes(self) -> Changes:
        from assistant.adapters.store.sql_changes import SqlChanges

        return SqlChanges(self.engine)

    @cached_property
    def sign_in_service(self) -> SignInService:
        from assistant.adapters.argon2_passwords import Argon2Passwords
        from assistant.adapters.store.sql_sign_ins import SqlSignIns
        from assistant.services.accounts.sign_in import SignInService

        store, lasts = SqlSignIns(self.engine), self.settings.sign_in_time
        withheld = (Role.CURATOR, Role.ADMIN) if self.settings.demo == "public" else ()
        return SignInService(self.accounts, store, store, Argon2Passwords(), self.clock, lasts, _samples(self), withheld)

    @cached_property
    def parts(self) -> Services:
        return Services(self)

    @property
    def conversation(self) -> Conversation:
        return self.parts.conversation

    @property
    def briefing(self) -> Briefing:
        return self.parts.briefing

    @property
    def handoff(self) -> Handoff:
        return self.parts.handoff

    @property
    def sessions(self) -> Bookings:
        return self.parts.sessions

    @property
    def debriefing(self) -> Debriefing:
        return self.parts.debriefing

    @property
    def closing_drafts(self) -> ClosingDrafts:
        return self.parts.closing_drafts

    @property
    def request_views(self) -> RequestViews:
        return self.parts.request_views

    @property
    def knowledge_service(self) -> KnowledgeService:
        return self.parts.knowledge_service

    @property
    def people(self) -> Accounts:
        return self.parts.people

    @property
    def news(self) -> NotificationFeed:
        return self.parts.news

    @property
    def overview(self) -> Overview:
        return self.parts.overview

    @property
    def usage(self) -> UsageReports:
        return self.parts.usage

    @property
    def due_jobs(self) -> DueJobs:
        return self.parts.due_jobs

    @property
    def notifier(self) -> Notifier:
        from assistant.adapters.console_notifier import ConsoleNotifier

        return self._notifier or ConsoleNotifier()

    def actor(self, login: str) -> Actor | None:
        """The person with this login, or None."""
        account = self.accounts.get(login) if login.isprintable() else None
        return Actor.of(account) if account else None

    def close(self) -> None:
        for name in ("resilient", "chat", "retrieval"):
            if name in self.__dict__:
                getattr(self, name).close()
        if "engine" in self.__dict__:
            self.engine.dispose()


def _world(app: App) -> Dependencies:
    """The database, the configured language and the index, each opened when it is first used."""
    from assistant.adapters.store.sql_bookings import SqlBookings
    from assistant.adapters.store.sql_outbox import SqlOutbox
    from assistant.adapters.store.sql_request_index import SqlRequestIndex
    from assistant.adapters.store.sql_requests import SqlRequestStore
    from assistant.dependencies import Dependencies
    from retrieval.adapters.sql_corpus import SqlCorpus

    engine = app.engine
    return Dependencies(
        app.clock, SqlRequestStore(engine), SqlRequestIndex(engine), SqlBookings(engine), SqlOutbox(engine), app.accounts,
        _LateLanguages(app), LateSearch(app), SqlCorpus(engine),
    )  # fmt: skip


class Services:
    """The services, wired: each line says who needs whom. A trial may bring a world of its own."""

    def __init__(self, app: App, world: Dependencies | None = None) -> None:
        from assistant.adapters.ics_calendar import IcsCalendar
        from assistant.adapters.profile_directory import ProfileDirectory
        from assistant.adapters.store.sql_notifications import SqlNotifications
        from assistant.adapters.store.sql_usage import SqlUsage
        from assistant.adapters.time_zones import zone_named, zones_like
        from assistant.adapters.toml_organisation import load_organisation
        from assistant.services.accounts.accounts import Accounts
        from assistant.services.accounts.organisation import Organisation
        from assistant.services.accounts.usage import UsageReports
        from assistant.services.content.knowledge import KnowledgeService
        from assistant.services.content.profile_check import ProfileChecker
        from assistant.services.conversing.conversation import Conversation
        from assistant.services.conversing.message_rate import MessageRate
        from assistant.services.conversing.research import Research
        from assistant.services.conversing.respond import Responder
        from assistant.services.conversing.status_text import StatusText
        from assistant.services.handing_over.bookings import Bookings
        from assistant.services.handing_over.briefing import Briefing, Deadlines
        from assistant.services.handing_over.closing_drafts import ClosingDrafts
        from assistant.services.handing_over.debriefing import Debriefing
        from assistant.services.handing_over.due_jobs import DueJobs
        from assistant.services.handing_over.handoff import Handoff
        from assistant.services.handing_over.notifications import Notifications
        from assistant.services.ledger import Ledger
        from assistant.services.matching.availability import FreeSlots
        from assistant.services.matching.rank import Matcher
        from assistant.services.views.notification_feed import NotificationFeed
        from assistant.services.views.overview import Overview
        from assistant.services.views.request_views import RequestViews
        from retrieval.adapters.sql_corpus import SqlCorpus

        world = world or _world(app)
        clock, accounts, languages, late = world.clock, world.accounts, world.languages, world.search
        store, index, bookings, calendar = world.store, world.index, world.bookings, IcsCalendar(clock)
        corpus = SqlCorpus(app.engine)
        directory = ProfileDirectory(corpus)
        ledger, wording = Ledger(store), StatusText(directory)
        slots, notices = FreeSlots(calendar, bookings), Notifications(directory, accounts)
        finder, matcher = Research(late, late, late, world.articles), Matcher(directory, slots, index)
        deadlines = Deadlines(app.settings.offer_time, app.settings.more_time)
        self.organisation = Organisation(*load_organisation(app.knowledge / "organisation.toml"), accounts)
        turns = Responder(clock, finder, matcher, wording, self.organisation, notices, app.questioner)
        rate = MessageRate(app.settings.messages_per_minute)
        self.conversation = Conversation(ledger, store, index, clock, languages, turns, wording, notices, rate)
        self.briefing = Briefing(ledger, clock, languages, directory, notices, wording, deadlines)
        self.handoff = Handoff(ledger, clock, directory, slots, notices, wording, deadlines)
        self.sessions = Bookings(ledger, clock, calendar, directory, accounts, slots, notices, wording, rate)
        self.debriefing = Debriefing(ledger, clock, languages, accounts, notices, wording, rate)
        self.closing_drafts = ClosingDrafts(ledger, languages, accounts, wording)
        self.request_views, self.people = RequestViews(ledger, index, wording), Accounts(accounts, ledger, index, clock)
        check = ProfileChecker(calendar, clock, zone_named, zones_like)
        self.knowledge_service = KnowledgeService(lambda: app.retrieval, corpus, clock, check)
        self.news, self.overview = NotificationFeed(SqlNotifications(app.engine)), Overview(ledger, index, directory, clock)
        used, chosen = SqlUsage(app.engine), app.settings
        self.usages, self.usage = used, UsageReports(used, clock, chosen.llm_prices, bool(chosen.llm_model))
        self.due_jobs = DueJobs(clock, index, self.conversation, self.handoff, self.sessions, world.outbox, app.notifier, used)
        self.wording, self.directory, self.ledger, self.index = wording, directory, ledger, index


class LateSearch:
    """Opens retrieval at the first question, so that answering an offer needs no index."""

    def __init__(self, app: App) -> None:
        self._app = app

    def search(self, question: str, k: int = 5) -> Evidence:
        return self._app.retrieval.search.search(question, k)

    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]:
        return self._app.retrieval.experts.find(question, k, exclude)

    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]:
        return self._app.label_similarity.relevance(question, labels)


class _LateLanguages:
    """Loads the language adapter at the first turn."""

    def __init__(self, app: App) -> None:
        self._app = app

    def turn(self, person: str, others: Collection[str] = ()) -> Language:
        return self._app.languages.turn(person, others)


def build(settings: Settings, **overrides: object) -> App:
    """The application for these settings; `clock`, `languages`, `notifier` and `questioner` may be replaced."""
    return App(settings, **overrides)  # type: ignore[arg-type]


def prepare(app: App, progress: Progress = _silent) -> None:
    """Bring the schema, the sample people and the content up to date; free when nothing changed."""
    from assistant.adapters.store.sql_migrate import migrate

    app.settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate(app.engine)
    seal, fingerprint = app.settings.data / "content.sha256", _fingerprint(app)
    if seal.exists() and seal.read_text("utf-8") == fingerprint:
        return
    _import_people(app)
    app.parts.knowledge_service.load(app.knowledge, progress)
    seal.write_text(fingerprint, "utf-8")


def _import_people(app: App) -> None:
    """The sample people, in demo mode and only into an empty table: nobody gains a right by an upgrade."""
    if not app.settings.demo or app.accounts.all():
        return
    now = app.clock.now()
    for account in _samples(app):
        app.accounts.put(account, Audit("askwell", "account.put", account.login, now))


def _samples(app: App) -> tuple[Account, ...]:
    """The sample people, in demo mode; nobody otherwise."""
    from assistant.adapters.people_csv import load_people

    source = app.knowledge / "people.csv"
    return load_people(source) if app.settings.demo and source.exists() else ()


def _fingerprint(app: App) -> str:
    """Changes when a content file, the embedder or the folder changes."""
    from retrieval.importing.source_folder import ARTICLE_ENDINGS, LIST_ENDINGS

    endings = (*ARTICLE_ENDINGS, *LIST_ENDINGS, ".toml")
    files: Iterable[Path] = sorted(p for p in app.knowledge.rglob("*") if p.suffix.lower() in endings)
    rows = [f"{path.relative_to(app.knowledge)}:{(stat := path.stat()).st_size}:{stat.st_mtime_ns}" for path in files]
    return hashlib.sha256("\n".join([app.settings.embedder, str(app.knowledge), *rows]).encode()).hexdigest()


__all__ = ["Account", "App", "build", "prepare"]
