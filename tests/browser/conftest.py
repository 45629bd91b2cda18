"""A real server of its own process, a real Chromium, and people in contexts of their own; skipped where there is no Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.bootstrap import build
from assistant.first_start import prepare
from assistant.settings import Settings
from tests.browser.scenes import Stage
from tests.browser.visitor import Visitor

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
UP_SECONDS = 90


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    missing = pytest.mark.skip(reason="Chromium is not installed: on Debian, apt-get install chromium")
    for item in items:
        if CHROMIUM is None and here in item.path.parents:
            item.add_marker(missing)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the starter content, made once for all workers of a run."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    done, lock = shared / "starter", shared / "starter.lock"
    while not done.exists():
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            time.sleep(0.5)
            continue
        app = build(Settings(data=shared / "starting", database_url="", demo=True))
        prepare(app)
        app.close()
        (shared / "starting").rename(done)
    return done


@dataclass
class Site:
    """One running server over its own data folder. `kill` is SIGKILL; `start` begins again on the same port."""

    data: Path
    port: int
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ASKWELL_")}
        chosen = {"ASKWELL_DATA": str(self.data), "ASKWELL_PORT": str(self.port), **self.env}
        log = (self.data.parent / f"server-{self.port}.log").open("ab")
        command = [str(Path(sys.executable).with_name("askwell")), "serve"]
        self.process = subprocess.Popen(command, env={**clean, **chosen}, stdout=log, stderr=log, cwd=self.data.parent)
        log.close()
        end = time.monotonic() + UP_SECONDS
        while time.monotonic() < end:
            with suppress(OSError):
                urllib.request.urlopen(f"{self.url}/sign-in", timeout=2).close()
                return
            assert self.process.poll() is None, (self.data.parent / f"server-{self.port}.log").read_text("utf-8")
            time.sleep(0.1)
        raise AssertionError("the server did not come up")

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
            if self.process.poll() is None:
                self.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def make_site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Site]]:
    """Servers for this module, each over a fresh copy of the starter content; keyword arguments are its environment."""
    made: list[Site] = []

    def make(**env: str) -> Site:
        data = tmp_path_factory.mktemp("site") / "data"
        shutil.copytree(prepared, data)
        site = Site(data, free_port(), env)
        made.append(site)
        site.start()
        return site

    yield make
    for site in made:
        site.stop()


@pytest.fixture(scope="module")
def site(make_site: Callable[..., Site]) -> Site:
    """The module's own server."""
    return make_site()


@pytest.fixture(scope="module")
def record(site: Site) -> Iterator[Stage]:
    """The services over the data folder of the module's server: what is in the database, whatever a page says."""
    stage = Stage(site.data)
    yield stage
    stage.app.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for the tests of a module; its event loop ends with it, so that others may have theirs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Any, site: Site) -> Iterator[Callable[..., Visitor]]:
    """`visit("lena")` is a person in a browser context of their own, signed in at the module's server, on the first page.

    `path`, `phone`, `dark`, `hears` and `at` choose where and how. A script error or a refused resource fails the test at its
    end.
    """
    visitors: list[Visitor] = []

    def come(login: str, path: str = "/", *, at: Site = site, **how: bool) -> Visitor:
        visitor = Visitor.come(browser, at.url, login, path, **how)
        visitors.append(visitor)
        return visitor

    yield come
    wrong = [error for visitor in visitors for error in visitor.errors]
    for visitor in visitors:
        visitor.page.context.close()
    assert wrong == []
