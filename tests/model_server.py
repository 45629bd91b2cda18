"""An OpenAI-compatible server on this machine that plays a language model, and misbehaves on command. Real HTTP.

    with model_server() as server:
        server.answers["answer"] = "Fire it slower [1]."      # a text, a dict, or a function of the messages
        server.fault = "429"                                  # what every call meets; `faults[task]` for one task
        server.after = 2                                      # a stream gives so many pieces before it meets the fault
        server.output_modes = {"json_mode"}                          # which forms of a structured answer it takes
        server.fails_on_modes = True                                # others end in a status of 500 instead of a refusal
        server.unknown = {"max_tokens"}                       # options that it refuses
        server.breaks_off = True                              # a stream ends after a piece, as when another request comes
        server.together = 8                                   # words in a piece of a stream
        server.delay = 5.0                                    # seconds that it thinks before every answer
    server.raw = lambda body: JSONResponse(...)           # any answer at all, or None for the usual one

It knows the task because every system prompt begins with the line `Task: <task>`. `seen` keeps what was asked.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse

from tests.evals.lab.hostile_model import complied
from tests.model_answers import Answer, Messages, honest, hostile, schema_asked, task_of

KEY, MODEL = "sk-test-of-the-model", "play-1"
SECRET = "SECRET WORDS OF THE VENDOR"
STATUSES = {"401": 401, "403": 403, "404": 404, "429": 429, "quota": 429, "500": 500, "503": 503}
FAULTS = (
    "timeout", "401", "404", "429", "quota", "500", "empty", "cut", "malformed", "not_json", "wrong_schema", "big", "drip",
    "redirect", "html",
)  # fmt: skip
"""What a call can meet; the one besides, a closed port, is `closed_port()`."""
Play = Literal["honest", "hostile", "compliant"]
Script = Answer | Callable[[Messages], Answer]


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        return list(self.body["messages"])

    @property
    def task(self) -> str:
        return task_of(self.messages)


@dataclass
class ModelServer:
    """Its handles may be set while it runs."""

    url: str
    answers: dict[str, Script] = field(default_factory=dict)
    fault: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    after: int = 0
    play: Play = "honest"
    told: tuple[str, ...] = ()
    at: int = 0
    output_modes: set[str] = field(default_factory=lambda: {"json_schema", "json_mode"})
    otherwise: Literal["refuse", "ignore"] = "refuse"
    usage: bool = True
    cached: int = 0
    finish: str = "stop"
    pause: float = 30.0
    pace: float = 0.0
    together: int = 1
    delay: float = 0.0
    retry_after: str = "3600"
    models: list[str] = field(default_factory=lambda: [MODEL])
    no_temperature: bool = False
    unknown: set[str] = field(default_factory=set)
    fails_on_modes: bool = False
    streams: bool = True
    breaks_off: bool = False
    raw: Callable[[dict[str, Any]], Response | None] | None = None
    seen: list[Seen] = field(default_factory=list)
    written: int = 0
    strayed: list[str] = field(default_factory=list)

    @property
    def azure_url(self) -> str:
        return self.url.removesuffix("/v1")

    def fault_of(self, task: str) -> str:
        return self.faults.get(task, self.fault)

    def words(self, body: dict[str, Any]) -> str:
        """The answer to a request, as text."""
        messages, schema = body["messages"], schema_asked(body)
        script = self.answers.get(task_of(messages))
        if script is None and self.play == "compliant":
            found = complied(task_of(messages), messages[-1]["content"], self.told, self.at + len(self.seen))
        elif script is None:
            found = (hostile if self.play == "hostile" else honest)(messages, schema)
        else:
            found = script(messages) if callable(script) else script
        return found if isinstance(found, str) else json.dumps(found)


def closed_port() -> str:
    """A base URL at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


@contextmanager
def model_server(**handles: Any) -> Iterator[ModelServer]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    told = ModelServer(f"http://127.0.0.1:{listening.getsockname()[1]}/v1", **handles)
    server = uvicorn.Server(uvicorn.Config(_app(told), log_config=None, log_level=60, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield told
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        listening.close()


def _app(told: ModelServer) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get("/v1/models")
    async def models(request: Request) -> Response:
        if refused := _refused(told, request):
            return refused
        return JSONResponse({"object": "list", "data": [{"id": name, "object": "model"} for name in told.models]})

    @app.post("/v1/chat/completions")
    @app.post("/openai/deployments/{model}/chat/completions")
    async def chat(request: Request, model: str = "") -> Response:
        body = await request.json()
        told.seen.append(Seen(request.url.path, dict(request.headers), body))
        await asyncio.sleep(told.delay)
        odd = told.raw(body) if told.raw else None
        return odd or _refused(told, request) or _unfit(told, body, model or body["model"]) or _Reply(told, body).response()

    @app.api_route("/elsewhere/{rest:path}", methods=["GET", "POST"])
    async def elsewhere(request: Request) -> Response:
        told.strayed.append(request.url.path)
        return JSONResponse({})

    return app


def _refused(told: ModelServer, request: Request) -> Response | None:
    azure = request.url.path.startswith("/openai/")
    given = request.headers.get("api-key") if azure else request.headers.get("authorization", "").removeprefix("Bearer ")
    if given != KEY:
        return _problem(401)
    return _problem(404) if azure and not request.query_params.get("api-version") else None


def _unfit(told: ModelServer, body: dict[str, Any], model: str) -> Response | None:
    """What the server says to a model, an option or a form that it does not know."""
    if model not in told.models:
        return _problem(404, code="model_not_found")
    if told.no_temperature and "temperature" in body:
        return _problem(400, param="temperature")
    for option in sorted(name for name in told.unknown if body.get(name)):
        return _problem(400, message=f"{option} is not supported here.")
    if _form(body) not in (None, *told.output_modes) and told.otherwise == "refuse":
        return _problem(500) if told.fails_on_modes else _problem(400, param="response_format")
    return None


def _form(body: dict[str, Any]) -> str | None:
    kind = (body.get("response_format") or {}).get("type")
    return "json_mode" if kind == "json_object" else kind


def _problem(
    status: int, code: str | None = None, param: str | None = None, message: str = SECRET, **headers: str
) -> JSONResponse:  # fmt: skip
    told = {"message": message, "type": "problem", "code": code, "param": param}
    return JSONResponse({"error": told}, status, {name.replace("_", "-"): value for name, value in headers.items()})


class _Reply:
    """The answer to one request, or the fault that it meets."""

    def __init__(self, told: ModelServer, body: dict[str, Any]) -> None:
        self.told, self.body = told, body
        self.fault = told.fault_of(task_of(body["messages"]))
        form = _form(body)
        self.formed = bool(form or schema_asked(body))
        self.text = (
            told.words(body) if form in (None, *told.output_modes) else "Gladly. First of all it depends on what you want."
        )
        if self.fault == "empty":
            self.text = ""
        elif self.formed or not body.get("stream"):
            self.text = {"not_json": '{"a": 1,', "wrong_schema": "[1, 2]"}.get(self.fault, self.text)

    def response(self) -> Response:
        early = not (self.body.get("stream") and self.told.after)
        if early and self.fault in STATUSES:
            return self._status()
        if early and self.fault == "redirect":
            return RedirectResponse("/elsewhere/v1/chat/completions", 307)
        if early and self.fault == "html":
            return HTMLResponse("<html><body>Welcome to the hotel. Please sign in.</body></html>")
        if self.body.get("stream") and self.told.streams:
            return StreamingResponse(self._misbehaving(self._events()), media_type="text/event-stream")
        return StreamingResponse(self._misbehaving(self._whole()), media_type="application/json")

    def _status(self) -> Response:
        code = {"quota": "insufficient_quota", "429": "rate_limit_exceeded"}.get(self.fault)
        wait = {"retry_after": self.told.retry_after} if self.fault in ("429", "503") else {}
        return _problem(STATUSES[self.fault], code, **wait)

    async def _whole(self) -> AsyncIterator[bytes]:
        choice = {"index": 0, "message": {"role": "assistant", "content": self.text}, "finish_reason": self.told.finish}
        whole = {**self._head("chat.completion"), "choices": [choice], **({"usage": self._usage()} if self.told.usage else {})}
        yield json.dumps(whole).encode()

    async def _events(self) -> AsyncIterator[bytes]:
        """A stream as OpenAI sends it, each event one piece of bytes."""
        for piece in re.findall(rf"(?:\s*\S+){{1,{self.told.together}}}", self.text):
            yield self._event({"content": piece}, None)
            self.told.written += 1
            await asyncio.sleep(self.told.pace)
            if self.told.breaks_off:
                yield b"data: [DONE]\n\n"
                return
        yield self._event({}, self.told.finish)
        if self.told.usage and (self.body.get("stream_options") or {}).get("include_usage"):
            yield _line({**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage()})
        yield b"data: [DONE]\n\n"

    async def _misbehaving(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        number, after = 0, self.told.after if self.body.get("stream") else 0
        async for piece in pieces:
            if number == after and self.fault:
                async for wrong in self._wrong(piece):
                    yield wrong
            yield piece
            number += 1

    async def _wrong(self, piece: bytes) -> AsyncIterator[bytes]:
        """What comes before a piece, or instead of it and of all the others."""
        if self.fault == "timeout":
            await asyncio.sleep(self.told.pause)
        elif self.fault == "drip":
            for one in piece * 40:
                yield bytes([one])
                await asyncio.sleep(0.1)
        elif self.fault == "cut":
            yield piece[: len(piece) // 2]
            raise ConnectionAbortedError
        elif self.fault == "big":
            for _ in range(50):
                yield b" " * 1_000_000 if not self.body.get("stream") else self._event({"content": "x" * 1_000_000}, None)
        elif self.fault in ("malformed", "html", "redirect"):
            yield b"data: <html>{\n\n" if self.body.get("stream") else b"<html>{"
        elif self.fault in STATUSES:
            code = {"quota": "insufficient_quota", "429": "rate_limit_exceeded"}.get(self.fault, self.fault)
            yield _line({"error": {"message": SECRET, "code": code}})
        elif self.fault == "wrong_schema" and self.body.get("stream") and not self.formed:
            yield _line([1, 2])

    def _event(self, delta: dict[str, str], finish: str | None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _line({**self._head("chat.completion.chunk"), "choices": [choice]})

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": "play", "object": kind, "created": 1, "model": self.body.get("model", MODEL)}

    def _usage(self) -> dict[str, Any]:
        """Words, as if each were a token."""
        sent = sum(len(message["content"].split()) for message in self.body["messages"])
        written = len(self.text.split())
        details = {"cached_tokens": self.told.cached}
        return {"prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written,
                "prompt_tokens_details": details}  # fmt: skip


def _line(event: Any) -> bytes:
    return b"data: " + json.dumps(event).encode() + b"\n\n"
