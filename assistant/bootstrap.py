"""The composition root: settings in, an `App` out. Databases, indexes and models open when they are first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from assistant.adapters.system_clock import SystemClock
from assistant.dialogue.clarify import Questioner, next_question
from assistant.ports import AccountStore, Changes, Clock, Languages, Notifier
from assistant.services.accounts.access import Actor

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.adapters.model.client.openai_chat import OpenAIChat
    from assistant.adapters.model.resilience.resilient_language import ResilientLanguages
    from assistant.dependencies import Dependencies
    from assistant.services.accounts.sign_in import SignInService
    from assistant.settings import Settings
    from assistant.wiring import Services
    from retrieval.embedding.label_similarity import LabelSimilarity
    from retrieval.facade import Retrieval


class App:
    """One installation. `clock`, `languages`, `notifier` and `questioner` may be replaced. Close it to release files."""

    def __init__(
        self, settings: Settings, *, clock: Clock | None = None, languages: Languages | None = None,
        notifier: Notifier | None = None, questioner: Questioner = next_question,
    ) -> None:  # fmt: skip
        self.settings, self.clock, self.questioner = settings, clock or SystemClock(), questioner
        self._languages, self._notifier = languages, notifier

    @cached_property
    def services(self) -> Services:
        from assistant.wiring import Services

        return Services(self.dependencies)

    @cached_property
    def dependencies(self) -> Dependencies:
        from assistant.adapter_wiring import open_dependencies
        from assistant.lazy_parts import LazyLanguages, LazySearch

        search = LazySearch(lambda: self.retrieval, lambda: self.label_similarity)
        return open_dependencies(
            self.settings, self.engine, self.clock, LazyLanguages(lambda: self.languages), search, lambda: self.retrieval,
            self.notifier, self.questioner,
        )  # fmt: skip

    @cached_property
    def engine(self) -> Engine:
        from assistant.adapters.store.sql_engine import open_engine

        return open_engine(self.settings.url)

    @cached_property
    def retrieval(self) -> Retrieval:
        from assistant.adapter_wiring import open_index

        return open_index(self.settings, self.engine)

    @cached_property
    def label_similarity(self) -> LabelSimilarity:
        from retrieval.embedding.label_similarity import LabelSimilarity

        return LabelSimilarity(self.retrieval.label_embeddings)

    @cached_property
    def offline(self) -> Languages:
        """The language that needs no endpoint; every failure of a model falls back to it."""
        from assistant.adapters.offline.offline_language import OfflineLanguage

        return self._languages or OfflineLanguage()

    @cached_property
    def languages(self) -> Languages:
        """The model's language where an endpoint is configured, else the offline one."""
        return self.offline if self._languages or self.settings.model_endpoint is None else self.resilient

    @cached_property
    def chat(self) -> OpenAIChat:
        from assistant.model_wiring import open_chat

        return open_chat(self.settings)

    @cached_property
    def resilient(self) -> ResilientLanguages:
        from assistant.model_wiring import model_languages

        return model_languages(self.settings, self.chat, self.offline, self.dependencies)

    @property
    def accounts(self) -> AccountStore:
        return self.dependencies.accounts

    @cached_property
    def changes(self) -> Changes:
        from assistant.adapters.store.sql_changes import SqlChanges

        return SqlChanges(self.engine)

    @cached_property
    def sign_in_service(self) -> SignInService:
        from assistant.adapter_wiring import open_sign_in

        return open_sign_in(self.settings, self.engine, self.clock)

    @property
    def notifier(self) -> Notifier:
        from assistant.adapters.console_notifier import ConsoleNotifier

        return self._notifier or ConsoleNotifier()

    def actor(self, login: str) -> Actor | None:
        """The person with this login, or None."""
        account = self.accounts.get(login) if login.isprintable() else None
        return Actor.of(account) if account else None

    def close(self) -> None:
        """Close what was opened: the model, the indexes, the database."""
        for name in ("resilient", "chat", "retrieval"):
            if name in self.__dict__:
                getattr(self, name).close()
        if "engine" in self.__dict__:
            self.engine.dispose()


def build(settings: Settings, **overrides: object) -> App:
    """The application for these settings; overrides are the keyword arguments of `App`."""
    return App(settings, **overrides)  # type: ignore[arg-type]
