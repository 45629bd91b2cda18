"""Wires the language model: the chat client for the configured endpoint, and around it deadline, breaker, budget, consent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.adapters.consent import Consent, DirectoryNames
from assistant.adapters.model.client.openai_chat import OpenAIChat
from assistant.adapters.model.client.output_modes import FILE, OutputModes
from assistant.adapters.model.model_language import ModelLanguage
from assistant.adapters.model.resilience.resilient_endpoint import Limits
from assistant.adapters.model.resilience.resilient_language import ResilientLanguages
from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.adapters.tiktoken_counter import TiktokenCounter
from prompts.tasks import prompt

if TYPE_CHECKING:
    from assistant.adapters.model.client.chat import Usage
    from assistant.dependencies import Dependencies
    from assistant.dialogue.privacy.redaction import Redaction
    from assistant.ports import Languages
    from assistant.settings import Settings


def open_chat(settings: Settings) -> OpenAIChat:
    """The client of the configured endpoint; there must be one."""
    assert settings.model_endpoint is not None
    return OpenAIChat(settings.model_endpoint, OutputModes(settings.data / FILE))


def model_languages(settings: Settings, chat: OpenAIChat, offline: Languages, use: Dependencies) -> ResilientLanguages:
    """The model's language with the offline language behind it. Close it to write the last usage."""
    endpoint, consent = settings.model_endpoint, Consent(use.accounts)
    assert endpoint is not None
    counter = TiktokenCounter(endpoint.model)

    def model(
        person: str, seconds: Callable[[], float], spend: Callable[[str, Usage], None], redaction: Redaction
    ) -> ModelLanguage:
        turn = offline.turn(person)
        judge = turn if isinstance(turn, OfflineLanguage) else None
        return ModelLanguage(chat, turn, seconds, spend, redaction, use.search.relevance, counter, settings.llm_context, judge)

    return ResilientLanguages(
        model, offline, use.usage, use.clock, limits=_limits(settings), names=DirectoryNames(use.accounts, use.directory),
        allowed=consent.person, version=lambda task: prompt(task).version,
        named=endpoint.model_for,
    )  # fmt: skip


def _limits(settings: Settings) -> Limits:
    return Limits(
        settings.llm_seconds,
        calls=settings.llm_calls,
        person_tokens=settings.llm_person_tokens,
        day_tokens=settings.llm_day_tokens,
    )
