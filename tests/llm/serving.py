"""Runs in the server's own environment: llama-cpp-python's server for the settings given as one JSON object.

It answers as OpenAI does where llama-cpp-python does not: `json_schema` becomes its own form of the same, by which a grammar
holds every token to the schema, and a stream is not broken off when another request comes. With "schemas": false both are left
as they are; `json_schema` is refused with a status of 500 then.
With "widened" the weights are first written there with 8 bits, so that prompts are read twice as fast.
It ends with whoever started it, whose end of its standard input is closed then.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

COMPLETIONS = "/v1/chat/completions"


class Schemas:
    """An ASGI application before another one: a request's `json_schema` in the words that the other one knows."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != COMPLETIONS:
            await self._app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        body = translated(body)
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Any:
            return waiting.pop() if waiting else await receive()

        headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await self._app({**scope, "headers": [*headers, length]}, again, send)


def translated(body: bytes) -> bytes:
    """The request with its schema where llama-cpp-python looks for it; unchanged where there is none."""
    try:
        asked = json.loads(body)
        schema = asked["response_format"]["json_schema"]["schema"]
    except (ValueError, KeyError, TypeError):
        return body
    return json.dumps({**asked, "response_format": {"type": "json_object", "schema": schema}}).encode()


def widened(weights: str, to: str) -> str:
    """These weights with 8 bits each, in the file `to`; made once."""
    import llama_cpp

    done = Path(to)
    if not done.exists():
        half = done.with_suffix(".part")
        how = llama_cpp.llama_model_quantize_default_params()
        how.ftype, how.allow_requantize = llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0, True
        if llama_cpp.llama_model_quantize(weights.encode(), str(half).encode(), ctypes.byref(how)):
            raise SystemExit(f"{weights} could not be written with 8 bits")
        half.rename(done)
    return to


def end_with_parent() -> None:
    """Ends this process when standard input is closed, also in the middle of an answer."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def main(chosen: dict[str, Any]) -> None:
    import uvicorn
    from llama_cpp.server.app import create_app
    from llama_cpp.server.settings import ModelSettings, ServerSettings

    end_with_parent()
    model = dict(chosen["model"])
    if chosen["widened"]:
        model["model"] = widened(model["model"], chosen["widened"])
    server = ServerSettings(host="127.0.0.1", port=chosen["port"], interrupt_requests=not chosen["schemas"])
    app = create_app(server_settings=server, model_settings=[ModelSettings(**model)])
    uvicorn.run(Schemas(app) if chosen["schemas"] else app, host="127.0.0.1", port=chosen["port"], log_level="info")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
