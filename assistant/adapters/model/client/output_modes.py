"""Remembers for each endpoint and model the output mode (json_schema, json_mode, or a prompt that asks for JSON) and options.

What worked last is tried first. It is kept in a small file over restarts; a damaged or read-only file only costs a few more
requests. The file contains a hash of endpoint and model, no names.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, Literal, get_args

OutputMode = Literal["json_schema", "json_mode", "prompt"]
LADDER: tuple[OutputMode, ...] = get_args(OutputMode)
Limit = Literal["", "max_tokens", "max_completion_tokens"]
Thinking = Literal["", "off", "room"]
"""What is done about a model that thinks: nothing, ask it not to, or give it room to think before the answer."""
FILE = "model.json"
"""Name of the file in the data folder."""
MOST = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EndpointOptions:
    """The request options of a model.

    The output mode to try first; whether it accepts a temperature and reports the usage of a stream; the name of the token limit
    (empty: the usual one of its kind); whether it streams; what is done about its thinking.
    """

    mode: OutputMode = LADDER[0]
    temperature: bool = True
    stream_usage: bool = True
    limit: Limit = ""
    streams: bool = True
    thinking: Thinking = ""

    @property
    def ladder(self) -> tuple[OutputMode, ...]:
        """This mode and the weaker ones after it."""
        return LADDER[LADDER.index(self.mode) :]


class OutputModes:
    """Safe for many threads. Without a file, remembers only while the process lives."""

    def __init__(self, file: Path | None = None) -> None:
        self._file, self._lock = file, Lock()
        self._known = _read(file) if file else {}
        self._confirmed = set(self._known)

    def endpoint_options(self, base_url: str, model: str) -> EndpointOptions:
        with self._lock:
            return self._known.get(_key(base_url, model), EndpointOptions())

    def keep(self, base_url: str, model: str, mode: OutputMode, firm: bool = True) -> None:
        """Remembers that this mode worked. If not `firm`, a better mode may have failed by chance, so a known mode stays."""
        key = _key(base_url, model)
        if firm or key not in self._confirmed:
            self._confirmed.add(key)
            self._put(key, replace(self.endpoint_options(base_url, model), mode=mode))

    def learn(self, base_url: str, model: str, endpoint_options: EndpointOptions) -> None:
        """Remembers options that work; the output mode stays."""
        self._put(_key(base_url, model), replace(endpoint_options, mode=self.endpoint_options(base_url, model).mode))

    def forget(self, base_url: str, model: str) -> None:
        """Forgets mode and options of this model."""
        self._put(_key(base_url, model), None)

    def _put(self, key: str, endpoint_options: EndpointOptions | None) -> None:
        with self._lock:
            if self._known.get(key) == endpoint_options:
                return
            self._known.pop(key, None)
            if endpoint_options:
                self._known[key] = endpoint_options
            if self._file:
                _write(self._file, dict(list(self._known.items())[-MOST:]))


def _key(base_url: str, model: str) -> str:
    return hashlib.sha256(f"{base_url.rstrip('/')}\n{model}".encode("utf-8", "replace")).hexdigest()[:24]


def _read(file: Path) -> dict[str, EndpointOptions]:
    try:
        rows: Any = json.loads(file.read_bytes())
        return {str(key): _parse_options(row) for key, row in rows.items()}
    except (OSError, ValueError, AttributeError, TypeError, KeyError, RecursionError):
        return {}


def _parse_options(row: dict[str, Any]) -> EndpointOptions:
    """Reads one entry; files of earlier versions have fewer fields. Raises TypeError, KeyError and ValueError."""
    found = EndpointOptions(row["mode"], row["temperature"], **{key: row[key] for key in row.keys() - {"mode", "temperature"}})
    flags = (found.temperature, found.stream_usage, found.streams)
    known = found.limit in get_args(Limit) and found.thinking in get_args(Thinking)
    if found.mode not in LADDER or not known or not all(isinstance(flag, bool) for flag in flags):
        raise ValueError("invalid request options")
    return found


def _write(file: Path, known: dict[str, EndpointOptions]) -> None:
    draft = file.with_suffix(".tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.write_text(json.dumps({key: asdict(endpoint_options) for key, endpoint_options in known.items()}), "utf-8")
        draft.replace(file)
    except OSError as error:
        log.warning("Which form of answer the language model takes cannot be kept (%s).", type(error).__name__)
