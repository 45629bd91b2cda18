"""A model language over a chat that is a function, and the pieces that its tests talk about."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from assistant.adapters.model.client.chat import ModelFailed, Usage
from assistant.adapters.model.model_language import ModelLanguage
from assistant.adapters.model.tasks.sharpening import QuestionJudge
from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.dialogue.privacy.redaction import Redaction
from assistant.dialogue.understanding import Turn
from assistant.ports import Language
from retrieval.adapters.token_counter import estimate
from tests.fakes.chat import FakeChat

T = TypeVar("T")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday."""


class Estimates:
    """Implements `ports.TokenCounter` without ranks."""

    def count(self, text: str) -> int:
        return estimate(text)


@cache
def offline() -> OfflineLanguage:
    return OfflineLanguage()


def says(answer: Any) -> FakeChat:
    """A chat that always says this."""
    return FakeChat(lambda call: answer)


def language(
    chat: FakeChat, rules: Language | None = None, names: Collection[str] = (), seconds: float = 8.0, context: int = 8192,
    spent: list[tuple[str, Usage]] | None = None, judge: QuestionJudge | None = None,
) -> ModelLanguage:  # fmt: skip
    tell = [] if spent is None else spent
    return ModelLanguage(
        chat,
        rules or offline(),
        lambda: seconds,
        lambda task, usage: tell.append((task, usage)),
        Redaction(names),
        None,
        Estimates(),
        context,
        judge,
    )


def turn(text: str, **more: Any) -> Turn:
    return Turn(text, AT, "Europe/Berlin", **more)


def tried(call: Callable[[], T]) -> T | str:
    """What the call gives, or the code of its failure."""
    try:
        return call()
    except ModelFailed as failed:
        return failed.why
