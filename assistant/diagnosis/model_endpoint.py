"""Checks the language model: reachable, model listed, output mode for structured answers, streaming, usage and response time.

Sends real test messages. The output mode that works is kept for the next turns.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from assistant.adapters.model.client.chat import Call, ModelFailed, Usage
from assistant.adapters.model.client.endpoint import TASKS, ModelEndpoint
from assistant.adapters.model.client.openai_chat import OpenAIChat
from assistant.adapters.model.client.output_modes import FILE, LADDER, OutputMode, OutputModes, Thinking
from assistant.adapters.model.client.request_options import ROOM_TO_THINK
from assistant.adapters.model.resilience.pace import FAST
from assistant.adapters.model.tasks.sharpening import MOST_TOKENS
from assistant.diagnosis.findings import Finding, fault, note, ok
from assistant.settings import Settings
from prompts.tasks import fence, prompt

TRY_SECONDS = 60.0
"""Timeout of a test call; a local server may have to load the model first."""
AT_EASE = 0.9
"""Share of a turn's time up to which one call fits into it."""
OPENING = (
    "Our weekly report goes to forty people and nobody reads past the first page. I shortened it twice, no effect. The next one "
    "is due on Thursday. How do I get them to the decision on page two?"
)
SYSTEM = "Task: check\n\nReply as JSON with the key word, whose value is the last word of the message."
STREAM_SYSTEM = "Task: check\n\nRepeat the message."
USER = "one two three four"


def language_model(settings: Settings) -> Iterator[Finding]:
    endpoint = settings.model_endpoint
    if endpoint is None:
        yield note("doctor.model_unnamed") if settings.llm_base_url else ok("doctor.model_offline")
        return
    output_modes = OutputModes(settings.data / FILE if settings.data.is_dir() else None)
    chat = OpenAIChat(endpoint, output_modes)
    try:
        listed = list(_listed_models(chat, endpoint))
        yield from listed
        if any(finding.level == "fault" for finding in listed):
            return
        for name in dict.fromkeys(map(endpoint.model_for, TASKS)):
            output_modes.forget(endpoint.url, name)
            yield from _test_calls(chat, endpoint, name, settings.llm_seconds)
    finally:
        chat.close()


def _listed_models(chat: OpenAIChat, endpoint: ModelEndpoint) -> Iterator[Finding]:
    """Checks that the endpoint answers and lists the models; whether they work is tested afterwards."""
    place = urlsplit(endpoint.url).netloc.rpartition("@")[2]
    try:
        names = chat.models(TRY_SECONDS)
    except ModelFailed as failed:
        if failed.why in ("unreachable", "refused", "late"):
            yield fault(f"doctor.model_{failed.why}", model=endpoint.model)
        else:
            yield note("doctor.model_unlisted", place=place)
        return
    for name in dict.fromkeys(map(endpoint.model_for, TASKS)):
        known = name in names
        yield ok("doctor.model_listed", model=name, place=place) if known else note("doctor.model_not_listed", model=name)


def _test_calls(chat: OpenAIChat, endpoint: ModelEndpoint, name: str, patience: float) -> Iterator[Finding]:
    task = next(task for task in TASKS if endpoint.model_for(task) == name)
    spent: list[Usage] = []
    try:
        chat.ready(TRY_SECONDS)
        _structured(chat, task, spent)
        seconds = _structured(chat, task, spent)
        yield _output_mode(chat.mode(task), name)
        yield from _thinking(chat.thinking(task), name)
        yield _response_time(seconds, patience, name)
        if endpoint.model_for("sharpen") == name:
            yield _turn(_question(chat, spent), patience, name)
        yield _streamed(chat, task, name, spent)
    except ModelFailed as failed:
        yield fault(f"doctor.model_{failed.why}", model=name)
        return
    counted = any(usage.counted for usage in spent)
    yield note("doctor.usage_counted", model=name) if counted else ok("doctor.usage_told", model=name)


def _structured(chat: OpenAIChat, task: str, spent: list[Usage]) -> float:
    """Seconds of one structured call. The first call finds the output mode; the second is as fast as in a turn.

    Raises ModelFailed.
    """
    from pydantic import BaseModel

    class Word(BaseModel):
        word: str

    begun = time.monotonic()
    chat.structured(Call(task, SYSTEM, USER, TRY_SECONDS, 60), Word, spent.append)
    return time.monotonic() - begun


def _output_mode(mode: OutputMode, name: str) -> Finding:
    if mode == LADDER[-1]:
        return note("doctor.rung_prompt", model=name)
    return ok("doctor.rung_ok", model=name, mode=mode)


def _thinking(done: Thinking, name: str) -> Iterator[Finding]:
    if done == "off":
        yield note("doctor.thinking_off", model=name)
    elif done == "room":
        yield note("doctor.thinking_room", model=name, room=ROOM_TO_THINK)


def _response_time(seconds: float, patience: float, name: str) -> Finding:
    figures = {"model": name, "seconds": f"{seconds:.1f}", "patience": f"{patience:g}"}
    return ok("doctor.pace_ok", **figures) if seconds < patience / 2 else note("doctor.pace_slow", **figures)


def _question(chat: OpenAIChat, spent: list[Usage]) -> float:
    """Seconds of one sharp question, with the prompt of a turn. Raises ModelFailed."""
    template, begun = prompt("sharpen"), time.monotonic()
    asked = Call("sharpen", template.system, template.filled(data=fence(OPENING, "271828")), TRY_SECONDS, MOST_TOKENS)
    for _ in chat.stream(asked, spent.append):
        continue
    return time.monotonic() - begun


def _turn(seconds: float, patience: float, name: str) -> Finding:
    """What the model can do in the time of a turn: a question and an answer at once, one after the other, or less."""
    figures = {"model": name, "seconds": f"{seconds:.1f}", "patience": f"{patience:g}"}
    if seconds <= FAST * patience:
        return ok("doctor.turn_both", **figures)
    if seconds <= AT_EASE * patience:
        return note("doctor.turn_one", **figures)
    return note("doctor.turn_none", **figures)


def _streamed(chat: OpenAIChat, task: str, name: str, spent: list[Usage]) -> Finding:
    begun, first, pieces = time.monotonic(), 0.0, 0
    for piece in chat.stream(Call(task, STREAM_SYSTEM, USER, TRY_SECONDS, 60), spent.append):
        first = first or (time.monotonic() - begun if piece else 0.0)
        pieces += 1
    if pieces < 2:
        return note("doctor.stream_whole", model=name)
    return ok("doctor.stream_ok", model=name, seconds=f"{first:.1f}")
