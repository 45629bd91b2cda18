"""Opens the adapters of an installation: stores over one engine, the search indexes, sign-in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from assistant.adapters.argon2_passwords import Argon2Passwords
from assistant.adapters.ics_calendar import IcsCalendar
from assistant.adapters.profile_directory import ProfileDirectory
from assistant.adapters.store.sql_accounts import SqlAccounts
from assistant.adapters.store.sql_bookings import SqlBookings
from assistant.adapters.store.sql_contributions import SqlContributions
from assistant.adapters.store.sql_notifications import SqlNotifications
from assistant.adapters.store.sql_outbox import SqlOutbox
from assistant.adapters.store.sql_request_index import SqlRequestIndex
from assistant.adapters.store.sql_requests import SqlRequestStore
from assistant.adapters.store.sql_sign_ins import SqlSignIns
from assistant.adapters.store.sql_usage import SqlUsage
from assistant.adapters.time_zones import zone_named, zones_like
from assistant.adapters.toml_organisation import load_organisation
from assistant.dependencies import Dependencies, Search
from assistant.ports import Clock, Languages, Notifier
from assistant.services.accounts.access import Role
from assistant.services.accounts.sign_in import SignInService
from assistant.services.content.profile_check import ProfileChecker
from assistant.starter import content_folder, sample_people
from prompts.catalog import text
from retrieval.adapters.sql_corpus import SqlCorpus

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.dialogue.clarify import Questioner
    from assistant.settings import Settings
    from retrieval.facade import Retrieval

log = logging.getLogger(__name__)


def open_dependencies(
    settings: Settings, engine: Engine, clock: Clock, languages: Languages, search: Search,
    retrieval: Callable[[], Retrieval], notifier: Notifier, questioner: Questioner,
) -> Dependencies:  # fmt: skip
    """All adapters over this database. Raises BadOrganisation when the organisation's file cannot be used."""
    corpus, calendar = SqlCorpus(engine), IcsCalendar(clock)
    organisation, contacts = load_organisation(content_folder(settings) / "organisation.toml")
    return Dependencies(
        clock=clock, calendar=calendar, store=SqlRequestStore(engine), index=SqlRequestIndex(engine),
        bookings=SqlBookings(engine), outbox=SqlOutbox(engine), notifications=SqlNotifications(engine),
        usage=SqlUsage(engine), accounts=SqlAccounts(engine), directory=ProfileDirectory(corpus), languages=languages,
        search=search, articles=corpus, corpus=corpus, retrieval=retrieval,
        check_profile=ProfileChecker(calendar, clock, zone_named, zones_like), notifier=notifier,
        organisation=organisation, contacts=contacts, options=settings, questioner=questioner,
    )  # fmt: skip


def open_index(settings: Settings, engine: Engine) -> Retrieval:
    """The search indexes in the data folder. Once made, the folder decides the embedder, and a different setting is logged."""
    from retrieval.build import open_retrieval

    helped = partial(SqlContributions, engine)
    folder = settings.data / "index"
    opened = open_retrieval(engine, folder, settings.embedder, settings.known_threshold, settings.endpoint, helped)
    if "embedder" in settings.model_fields_set and settings.embedder != opened.embedder:
        log.warning(text("cli.embedder_setting", setting=settings.embedder, used=opened.embedder))
    return opened


def open_sign_in(settings: Settings, engine: Engine, clock: Clock) -> SignInService:
    """Sign-in over this database; in public demo mode the samples have no curator's or administrator's rights."""
    store, withheld = SqlSignIns(engine), (Role.CURATOR, Role.ADMIN) if settings.demo == "public" else ()
    people = sample_people(settings)
    return SignInService(
        SqlAccounts(engine), store, store, Argon2Passwords(), clock, settings.sign_in_time, people, withheld
    )  # fmt: skip
