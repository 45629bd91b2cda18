"""A small real model behind llama.cpp's OpenAI-compatible server: a process of its own on a free port, ended by its number.

It works on one request at a time. When the client of an unfinished answer goes, a stream ends, but any other answer is
worked out to its end and the next request waits for that: `max_tokens` belongs in every request.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from tests.ending import end
from tests.llm.weights import NotThere, Weights, file_of

UP_SECONDS = 90
CONTEXT = 8192
REMEMBERED = 1 << 30
"""Bytes of the prompts that it has read and need not read again; a prompt that begins alike is continued."""
PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


class Server:
    """Serves `weights` from the Python of `environment` while it is open. Raises NotThere when it does not come up."""

    def __init__(
        self, environment: Path, weights: Weights, log: Path, threads: int | None = None, schemas: bool = True
    ) -> None:  # fmt: skip
        self._environment, self._weights, self._log, self._schemas = environment, weights, log, schemas
        self._file = file_of(weights, environment)
        self._threads, self.port = threads or os.cpu_count() or 2, _free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def model(self) -> str:
        return self._weights.name

    def __enter__(self) -> Server:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command(), stdin=subprocess.PIPE, stdout=log, stderr=log, env=_clean())
        try:
            self._wait()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Asks it to end, then ends it."""
        if self._process.stdin:
            self._process.stdin.close()
        end(self._process)

    def _command(self) -> list[str]:
        model: dict[str, object] = {
            "model": str(self._file), "model_alias": self.model, "n_ctx": min(CONTEXT, self._weights.context),
            "n_threads": self._threads, "n_threads_batch": self._threads, "flash_attn": True, "logits_all": False,
            "cache": True, "cache_type": "ram", "cache_size": REMEMBERED, "verbose": False,
        }  # fmt: skip
        if self._weights.chat_format:
            model["chat_format"] = self._weights.chat_format
        widened = str(self._environment / f"{self.model}-8bit.gguf") if self._weights.widened else ""
        chosen = {"port": self.port, "schemas": self._schemas, "widened": widened, "model": model}
        return [str(self._environment / "bin" / "python"), str(Path(__file__).with_name("serving.py")), json.dumps(chosen)]

    def _wait(self) -> None:
        end = time.monotonic() + UP_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError, ValueError), urllib.request.urlopen(f"{self.url}/models", timeout=2) as answer:
                if any(model.get("id") == self.model for model in json.load(answer).get("data", [])):
                    return
            time.sleep(0.1)
        last = self._log.read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise NotThere(f"The server of {self.model} did not come up: {' '.join(last) or 'it said nothing'} ({self._log})")


def _clean() -> dict[str, str]:
    """Little of the environment: the server would take its settings from there. Its threads sleep while they wait."""
    return {name: os.environ[name] for name in PASSED if name in os.environ} | {"OMP_WAIT_POLICY": "passive"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
