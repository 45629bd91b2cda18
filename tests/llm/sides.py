"""The two sides that are compared: the product offline, and the same product with a model, each on its own copy of the data."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.adapters.model.resilience.breaker import Breaker
from assistant.bootstrap import App, build
from assistant.first_start import prepare
from assistant.settings import Settings
from tests.bench.host import starter
from tests.llm.journey import Watch
from tests.llm.meter import Meter, metered
from tests.llm.server import Server
from tests.llm.weights import KNOWN, NotThere

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = "offline"
WATCHED = ("assistant", "retrieval", "prompts", "knowledge_base", "tests/llm")
TELLING = frozenset({"__main__.py", "report.py"})
"""Files of this folder that only tell what came out."""
SECONDS_HERE = 90
"""A small model on this machine is slow; so long a turn may wait for it if the settings do not say."""


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible server and the model there; `label` names it in the table, `sha256` are its weights where we have
    them, `seconds` are what a turn may wait."""

    url: str
    model: str
    key: str = ""
    label: str = ""
    sha256: str = ""
    seconds: float = 8.0


@dataclass(frozen=True)
class Side:
    """An app to play on; `meter` counts its calls, None offline. `prints` changes when the code or the model does."""

    name: str
    app: App
    watch: Watch
    prints: str
    meter: Meter | None = None

    def ready(self) -> None:
        """For the next case: the endpoint does not rest from what went wrong in the case before, else that would be measured."""
        if self.meter:
            self.meter.take()
            self.app.resilient.breaker = Breaker(time.monotonic)


@contextmanager
def endpoint_of(environment: Path, weights: str, log: Path, schemas: bool = True) -> Iterator[Endpoint]:
    """The endpoint of the settings, or else a small model served here meanwhile. Raises NotThere.

    `schemas`: the server here knows `json_schema`; else no more than `json_object`.
    """
    chosen = Settings()
    if chosen.llm_base_url:
        if not chosen.llm_model:
            raise NotThere("ASKWELL_LLM_BASE_URL is set; ASKWELL_LLM_MODEL must say which model is to be measured there.")
        key = chosen.llm_api_key.get_secret_value()
        label = f"{chosen.llm_model} at {urlsplit(chosen.llm_base_url).hostname}"
        yield Endpoint(chosen.llm_base_url, chosen.llm_model, key, label, seconds=chosen.llm_seconds)
        return
    seconds = chosen.llm_seconds if "llm_seconds" in chosen.model_fields_set else SECONDS_HERE
    with Server(environment, KNOWN[weights], log, schemas=schemas) as server:
        label = server.model if schemas else f"{server.model}, json_object"
        yield Endpoint(server.url, server.model, "none", label, KNOWN[weights].sha256, seconds)


@contextmanager
def sides_of(endpoint: Endpoint | None, folder: Path, embedder: str = "minilm") -> Iterator[tuple[Side, Side]]:
    """Offline, and with the model; without an endpoint offline twice, which must come out the same."""
    source, code = starter(folder / "starter", embedder), fingerprint()
    with ExitStack() as stack:
        first = Side(OFFLINE, *_opened(stack, source, folder / "first", embedder), f"{code}-{OFFLINE}")
        if endpoint is None:
            again = Side(f"{OFFLINE}, again", *_opened(stack, source, folder / "second", embedder), f"{code}-again")
            yield first, again
            return
        meter = stack.enter_context(metered(endpoint.url))
        opened = _opened(stack, source, folder / "second", embedder, replace(endpoint, url=meter.url))
        prints = hashlib.sha256(f"{endpoint.label} {endpoint.seconds:g}".encode()).hexdigest()[:12]
        yield first, Side(endpoint.label, *opened, f"{code}-{prints}", meter)


def fingerprint() -> str:
    """Changes with anything that an outcome may depend on."""
    found = hashlib.sha256()
    for path in sorted(path for name in WATCHED for path in (ROOT / name).rglob("*") if path.is_file()):
        if "__pycache__" not in path.parts and not (path.parent == ROOT / "tests" / "llm" and path.name in TELLING):
            found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _opened(
    stack: ExitStack, source: Path, folder: Path, embedder: str, endpoint: Endpoint | None = None
) -> tuple[App, Watch]:  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    model = endpoint or Endpoint("", "")
    watch = Watch()
    settings = Settings(
        data=folder, database_url="", knowledge=None, demo=True, embedder=embedder,
        llm_base_url=model.url, llm_model=model.model, llm_api_key=SecretStr(model.key), llm_seconds=model.seconds,
    )  # fmt: skip
    app = stack.enter_context(closing(build(settings, clock=watch)))
    prepare(app)
    return app, watch
