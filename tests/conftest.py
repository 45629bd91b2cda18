"""For every test: no network beyond this machine, a clock that stands still, and the services wired over fakes."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from shutil import copy
from typing import Any, cast

import pytest
from hypothesis import settings

from assistant.adapters.argon2_passwords import Argon2Passwords
from tests.fakes import FakeApp, SettableClock, memory_ports, sql_ports
from tests.order import longest_first

settings.register_profile("askwell", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("askwell")


CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
"""Parameters of Argon2 that take no time."""


def pytest_configure() -> None:
    """A worker collects every file, so it imports Gradio anyway; this way without its stub files, in half the time."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        from ui.server import import_gradio

        import_gradio()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    longest_first(items, str(Path(__file__).parent))


def pytest_collection_finish() -> None:
    """Modules and collected tests stay to the end; the collector of garbage need not look at them again and again."""
    gc.collect()
    gc.freeze()


class NetworkClosed(OSError):
    """A test tried to reach beyond this machine."""


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return str(address[0]) == "localhost"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("connect", "connect_ex"):
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, _real: Any = real) -> Any:
            if not _is_here(address):
                raise NetworkClosed(f"no network in tests: {address}")
            return _real(self, address)

        monkeypatch.setattr(socket.socket, name, guarded)


@pytest.fixture(autouse=True)
def _cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installations opened by tests hash passwords cheaply, except in a module that says `HASHES_AS_IN_PRODUCTION`."""
    if not getattr(request.module, "HASHES_AS_IN_PRODUCTION", False):
        monkeypatch.setattr("assistant.adapter_wiring.Argon2Passwords", partial(Argon2Passwords, **CHEAP))


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the newest schema, to copy."""
    path = tmp_path_factory.mktemp("schema") / "askwell.db"
    sql_ports(path).close()
    return path


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(params=["sql", "memory"])
def wired(request: pytest.FixtureRequest, clock: SettableClock) -> FakeApp:
    """All services, once over a real SQLite file and once over its twin in memory."""
    if request.param == "sql":
        return cast(FakeApp, request.getfixturevalue("sql_app"))
    return FakeApp(memory_ports(), clock)


@pytest.fixture
def sql_app(tmp_path: Path, schema: Path, clock: SettableClock) -> Iterator[FakeApp]:
    """All services over a real SQLite file."""
    ports = sql_ports(Path(copy(schema, tmp_path / "askwell.db")))
    yield FakeApp(ports, clock)
    ports.close()


@pytest.fixture
def memory_app(clock: SettableClock) -> FakeApp:
    """All services over memory only."""
    return FakeApp(memory_ports(), clock)
