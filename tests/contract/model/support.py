"""What the tests of the chat model share: a shape, calls, and what a call came to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import BaseModel

from assistant.adapters.model.client.chat import Call, ModelFailed, Usage
from assistant.adapters.model.client.endpoint import ModelEndpoint
from assistant.adapters.model.client.openai_chat import OpenAIChat
from assistant.adapters.model.client.output_modes import OutputModes
from tests.model_server import KEY, MODEL

GOOD = {"question": "Why does it craze?", "parts": ["clay"]}
SLACK = 2.0
"""Seconds that a call may take beyond its own on a machine that does other things besides."""
IN_TIME = 6.0
"""Seconds for a fault that is not to be late: it comes first."""


class Asked(BaseModel):
    question: str
    parts: list[str]


def call(task: str = "ask", seconds: float = 5.0) -> Call:
    return Call(task, f"Task: {task}\n\nAsk back. Reply as JSON.", "The glaze crazes.", seconds)


@dataclass
class Run:
    """What came of a call: a value, or a code; how long it took; what was spent."""

    found: Asked | None = None
    pieces: list[str] = field(default_factory=list)
    why: str = ""
    wait: float = 0.0
    seconds: float = 0.0
    spent: list[Usage] = field(default_factory=list)


def structured(chat: OpenAIChat, asked: Call) -> Run:
    run, begun = Run(), time.monotonic()
    try:
        run.found = chat.structured(asked, Asked, run.spent.append)
    except ModelFailed as failed:
        run.why, run.wait = failed.why, failed.wait
    run.seconds = time.monotonic() - begun
    return run


def streamed(chat: OpenAIChat, asked: Call) -> Run:
    run, begun = Run(), time.monotonic()
    try:
        for piece in chat.stream(asked, run.spent.append):
            run.pieces.append(piece)
    except ModelFailed as failed:
        run.why, run.wait = failed.why, failed.wait
    run.seconds = time.monotonic() - begun
    return run


@contextmanager
def opened(url: str, output_modes: OutputModes | None = None, key: str = KEY, **more: object) -> Iterator[OpenAIChat]:
    """A chat model whose client is loaded, so that times are those of calls."""
    chat = OpenAIChat(ModelEndpoint(url, key, MODEL, **more), output_modes or OutputModes())  # type: ignore[arg-type]
    chat.warm()
    chat.ready(60)
    try:
        yield chat
    finally:
        chat.close()
