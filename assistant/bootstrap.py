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
from assistant.services.access import Actor, Role
from prompts.catalog import text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.adapters.model.chat import Usage
    from assistant.adapters.model.language import ModelLanguage
    from assistant.adapters.model.openai_chat import OpenAIChat
    from assistant.adapters.model.resilient import ResilientLanguages
    from assistant.adapters.sql_accounts import SqlAccounts
    from assistant.dialogue.veil import Veil
    from assistant.services.briefing import Briefing
    from assistant.services.clockwork import Clockwork
    from assistant.services.conversation import Conversation
    from assistant.services.curation import Curation
    from assistant.services.debriefing import Debriefing
    from assistant.services.gate import Gate
    from assistant.services.handoff import Handoff
    from assistant.services.inbox import Inbox
    from assistant.services.keepsakes import Keepsakes
    from assistant.services.news import Newsroom
    from assistant.services.overview import Overview
    from assistant.services.people import People
    from assistant.services.sessions import Sessions
    from assistant.services.usage import UsageReports
    from assistant.settings import Settings
    from assistant.world import World
    from retrieval.build import Retrieval
    from retrieval.experts import ExpertHit
    from retrieval.nearness import Nearness
    from retrieval.search import Evidence

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
        from assistant.adapters.sql_engine import open_engine

        return open_engine(self.settings.url)

    @cached_property
    def retrieval(self) -> Retrieval:
        from assistant.adapters.sql_contributions import SqlContributions
        from retrieval.build import open_retrieval

        chosen, folder = self.settings, self.settings.data / "index"
        helped = partial(SqlContributions, self.engine)
        opened = open_retrieval(self.engine, folder, chosen.embedder, chosen.known_threshold, chosen.endpoint, helped)
        if "embedder" in chosen.model_fields_set and chosen.embedder != opened.embedder:
            log.warning(text("cli.embedder_setting", setting=chosen.embedder, used=opened.embedder))
        return opened

    @cached_property
    def nearness(self) -> Nearness:
        from retrieval.build import label_embeddings
        from retrieval.nearness import Nearness

        return Nearness(label_embeddings(self.retrieval))

    @cached_property
    def offline(self) -> Languages:
        """The language that needs no endpoint, and that every failure of one falls back to."""
        if self._languages:
            return self._languages
        from assistant.adapters.offline.language import OfflineLanguage

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
        from assistant.adapters.model.openai_chat import OpenAIChat
        from assistant.adapters.model.rungs import FILE, Rungs

        endpoint = self.settings.model_endpoint
        assert endpoint is not None
        return OpenAIChat(endpoint, Rungs(self.settings.data / FILE))

    @cached_property
    def resilient(self) -> ResilientLanguages:
        from assistant.adapters.consent import Consent, DirectoryNames
        from assistant.adapters.model.language import ModelLanguage
        from assistant.adapters.model.resilient import Limits, ResilientLanguages
        from assistant.adapters.tiktoken_counter import TiktokenCounter
        from prompts.tasks import prompt

        endpoint, consent, context = self.settings.model_endpoint, Consent(self.accounts), self.settings.llm_context
        assert endpoint is not None
        counter, chosen = TiktokenCounter(endpoint.model), self.settings
        limits = Limits(
            chosen.llm_seconds, calls=chosen.llm_calls, person_tokens=chosen.llm_person_tokens, day_tokens=chosen.llm_day_tokens
        )

        def model(person: str, seconds: Callable[[], float], spend: Callable[[str, Usage], None], veil: Veil) -> ModelLanguage:
            offline = self.offline.turn(person)
            return ModelLanguage(self.chat, offline, seconds, spend, veil, self.nearness.relevance, counter, context)

        return ResilientLanguages(
            model, self.offline, self.parts.usages, self.clock, limits=limits,
            names=DirectoryNames(self.accounts, self.parts.directory), allowed=consent.person, mentor_allowed=consent.mentor,
            version=lambda task: prompt(task).version, named=endpoint.model_for,
        )  # fmt: skip

    @cached_property
    def accounts(self) -> SqlAccounts:
        from assistant.adapters.sql_accounts import SqlAccounts

        return SqlAccounts(self.engine)

    @cached_property
    def changes(self) -> Changes:
        from assistant.adapters.sql_changes import SqlChanges

        return SqlChanges(self.engine)

    @cached_property
    def gate(self) -> Gate:
        from assistant.adapters.argon2_passwords import Argon2Passwords
        from assistant.adapters.sql_gate import SqlGate
        from assistant.services.gate import Gate

        store, lasts = SqlGate(self.engine), self.settings.sign_in_time
        withheld = (Role.CURATOR, Role.ADMIN) if self.settings.demo == "public" else ()
        return Gate(self.accounts, store, store, Argon2Passwords(), self.clock, lasts, _samples(self), withheld)

    @cached_property
    def parts(self) -> Parts:
        return Parts(self)

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
    def sessions(self) -> Sessions:
        return self.parts.sessions

    @property
    def debriefing(self) -> Debriefing:
        return self.parts.debriefing

    @property
    def keepsakes(self) -> Keepsakes:
        return self.parts.keepsakes

    @property
    def inbox(self) -> Inbox:
        return self.parts.inbox

    @property
    def curation(self) -> Curation:
        return self.parts.curation

    @property
    def people(self) -> People:
        return self.parts.people

    @property
    def news(self) -> Newsroom:
        return self.parts.news

    @property
    def overview(self) -> Overview:
        return self.parts.overview

    @property
    def usage(self) -> UsageReports:
        return self.parts.usage

    @property
    def clockwork(self) -> Clockwork:
        return self.parts.clockwork

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


def _world(app: App) -> World:
    """The database, the configured language and the index, each opened when it is first used."""
    from assistant.adapters.sql_bookings import SqlBookings
    from assistant.adapters.sql_index import SqlRequestIndex
    from assistant.adapters.sql_outbox import SqlOutbox
    from assistant.adapters.sql_store import SqlRequestStore
    from assistant.world import World
    from retrieval.adapters.sql_corpus import SqlCorpus

    engine = app.engine
    return World(
        app.clock, SqlRequestStore(engine), SqlRequestIndex(engine), SqlBookings(engine), SqlOutbox(engine), app.accounts,
        _LateLanguages(app), LateSearch(app), SqlCorpus(engine),
    )  # fmt: skip


class Parts:
    """The services, wired: each line says who needs whom. A trial may bring a world of its own."""

    def __init__(self, app: App, world: World | None = None) -> None:
        from assistant.adapters.ics_calendar import IcsCalendar
        from assistant.adapters.profile_directory import ProfileDirectory
        from assistant.adapters.sql_news import SqlNews
        from assistant.adapters.sql_usage import SqlUsage
        from assistant.adapters.time_zones import zone_named, zones_like
        from assistant.adapters.toml_organisation import load_organisation
        from assistant.services.briefing import Briefing, Deadlines
        from assistant.services.clockwork import Clockwork
        from assistant.services.conversation import Conversation
        from assistant.services.curation import Curation
        from assistant.services.debriefing import Debriefing
        from assistant.services.finding import Finder
        from assistant.services.handoff import Handoff
        from assistant.services.inbox import Inbox
        from assistant.services.keepsakes import Keepsakes
        from assistant.services.ledger import Ledger
        from assistant.services.matching import Matcher
        from assistant.services.message_rate import MessageRate
        from assistant.services.news import Newsroom
        from assistant.services.notices import Notices
        from assistant.services.organisation import Organisation
        from assistant.services.overview import Overview
        from assistant.services.people import People
        from assistant.services.profile_check import ProfileChecker
        from assistant.services.sessions import Sessions
        from assistant.services.slots import FreeSlots
        from assistant.services.turns import Turns
        from assistant.services.usage import UsageReports
        from assistant.services.wording import Wording
        from retrieval.adapters.sql_corpus import SqlCorpus

        world = world or _world(app)
        clock, accounts, languages, late = world.clock, world.accounts, world.languages, world.search
        store, index, bookings, calendar = world.store, world.index, world.bookings, IcsCalendar(clock)
        corpus = SqlCorpus(app.engine)
        directory = ProfileDirectory(corpus)
        ledger, wording = Ledger(store), Wording(directory)
        slots, notices = FreeSlots(calendar, bookings), Notices(directory, accounts)
        finder, matcher = Finder(late, late, late, world.articles), Matcher(directory, slots, index)
        deadlines = Deadlines(app.settings.offer_time, app.settings.more_time)
        self.organisation = Organisation(*load_organisation(app.knowledge / "organisation.toml"), accounts)
        turns = Turns(clock, finder, matcher, wording, self.organisation, notices, app.questioner)
        rate = MessageRate(app.settings.messages_per_minute)
        self.conversation = Conversation(ledger, store, index, clock, languages, turns, wording, notices, rate)
        self.briefing = Briefing(ledger, clock, languages, directory, notices, wording, deadlines)
        self.handoff = Handoff(ledger, clock, directory, slots, notices, wording, deadlines)
        self.sessions = Sessions(ledger, clock, calendar, directory, accounts, slots, notices, wording, rate)
        self.debriefing = Debriefing(ledger, clock, languages, accounts, notices, wording, rate)
        self.keepsakes = Keepsakes(ledger, languages, accounts, wording)
        self.inbox, self.people = Inbox(ledger, index, wording), People(accounts, ledger, index, clock)
        check = ProfileChecker(calendar, clock, zone_named, zones_like)
        self.curation = Curation(lambda: app.retrieval, corpus, clock, check)
        self.news, self.overview = Newsroom(SqlNews(app.engine)), Overview(ledger, index, directory, clock)
        used, chosen = SqlUsage(app.engine), app.settings
        self.usages, self.usage = used, UsageReports(used, clock, chosen.llm_prices, bool(chosen.llm_model))
        self.clockwork = Clockwork(clock, index, self.conversation, self.handoff, self.sessions, world.outbox, app.notifier, used)
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
        return self._app.nearness.relevance(question, labels)


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
    from assistant.adapters.sql_migrate import migrate

    app.settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate(app.engine)
    seal, fingerprint = app.settings.data / "content.sha256", _fingerprint(app)
    if seal.exists() and seal.read_text("utf-8") == fingerprint:
        return
    _import_people(app)
    app.parts.curation.load(app.knowledge, progress)
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
    from retrieval.source_folder import ARTICLE_ENDINGS, LIST_ENDINGS

    endings = (*ARTICLE_ENDINGS, *LIST_ENDINGS, ".toml")
    files: Iterable[Path] = sorted(p for p in app.knowledge.rglob("*") if p.suffix.lower() in endings)
    rows = [f"{path.relative_to(app.knowledge)}:{(stat := path.stat()).st_size}:{stat.st_mtime_ns}" for path in files]
    return hashlib.sha256("\n".join([app.settings.embedder, str(app.knowledge), *rows]).encode()).hexdigest()


__all__ = ["Account", "App", "build", "prepare"]
