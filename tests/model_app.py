"""The services with a language that is a model behind a real endpoint on this machine, with the tagged language behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from assistant.adapters.model.client.chat import Call, Chat, Spend, T, Usage
from assistant.adapters.model.client.endpoint import ModelEndpoint
from assistant.adapters.model.client.openai_chat import OpenAIChat
from assistant.adapters.model.client.output_modes import OutputModes
from assistant.adapters.model.model_language import ModelLanguage
from assistant.adapters.model.resilience.resilient_endpoint import Limits
from assistant.adapters.model.resilience.resilient_language import ResilientLanguages
from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.adapters.store.memory_usage import MemoryUsage
from assistant.adapters.tiktoken_counter import TiktokenCounter
from assistant.dialogue.privacy.redaction import Redaction
from assistant.ports import Account, Languages
from prompts.tasks import prompt
from tests.fakes import PEOPLE, FakeApp, Ports, SettableClock, memory_ports
from tests.fakes.languages import FakeLanguage
from tests.model_server import KEY, MODEL

__all__ = ["ModelApp", "Switch", "chat_at", "model_app", "resilient"]


def chat_at(url: str) -> OpenAIChat:
    return OpenAIChat(ModelEndpoint(url, KEY, MODEL), OutputModes())


@dataclass
class Switch:
    """A Chat that can be turned to another endpoint while it is used."""

    to: Chat

    def structured(self, call: Call, shape: type[T], spend: Spend) -> T:
        return self.to.structured(call, shape, spend)

    def stream(self, call: Call, spend: Spend) -> Iterator[str]:
        return self.to.stream(call, spend)


USUAL = Limits()


def resilient(
    chat: Chat, offline: Languages, limits: Limits = USUAL, people: tuple[Account, ...] = PEOPLE, **more: Any
) -> ResilientLanguages:  # fmt: skip
    """As the application wires it, over memory; meaning is not looked at, only words."""
    counter = TiktokenCounter(MODEL)

    def model(
        person: str, seconds: Callable[[], float], spend: Callable[[str, Usage], None], redaction: Redaction
    ) -> ModelLanguage:
        judge = offline if isinstance(offline, OfflineLanguage) else None
        return ModelLanguage(chat, offline.turn(person), seconds, spend, redaction, None, counter, judge=judge)

    return ResilientLanguages(
        model, offline, MemoryUsage(), SettableClock(), names=lambda: frozenset(one.name for one in people), limits=limits,
        version=lambda task: prompt(task).version, named=lambda task: MODEL, **more,
    )  # fmt: skip


@dataclass
class ModelApp:
    """The services, and what their language hangs on."""

    wired: FakeApp
    languages: ResilientLanguages
    chat: Switch
    clock: SettableClock = field(default_factory=SettableClock)


@contextmanager
def model_app(
    url: str, limits: Limits = USUAL, ports: Ports | None = None, offline: Languages | None = None
) -> Iterator[ModelApp]:
    clock, real = SettableClock(), chat_at(url)
    chat = Switch(real)
    languages = resilient(chat, offline or FakeLanguage(), limits)
    real.ready(30)
    try:
        yield ModelApp(FakeApp(ports or memory_ports(), clock, languages), languages, chat, clock)
    finally:
        languages.close()
        real.close()
