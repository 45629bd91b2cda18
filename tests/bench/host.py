"""The server under load: a process of its own over its own copy of the data, watched, and ended by its number."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from assistant.bootstrap import build
from assistant.first_start import prepare
from assistant.settings import Settings
from tests.bench.figures import Load
from tests.ending import end

UP_SECONDS = 90
TICKS = os.sysconf("SC_CLK_TCK")


def starter(folder: Path, embedder: str = "minilm") -> Path:
    """A data folder with the starter content; made when it is not there, which takes a minute with the default embedder."""
    if not (folder / "content.sha256").exists():
        app = build(Settings(data=folder, database_url="", demo=True, embedder=embedder))
        prepare(app)
        app.close()
    return folder


class Host:
    """`askwell serve` in demo mode on a free port of this machine, over a copy of `source` in `folder`."""

    def __init__(self, source: Path, folder: Path, embedder: str = "minilm", settings: Mapping[str, str] | None = None) -> None:
        self.data, self.port, self._embedder, self._more = folder / "data", _free_port(), embedder, settings or {}
        shutil.copytree(source, self.data)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Host:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ASKWELL_")}
        chosen = {
            "ASKWELL_DATA": str(self.data),
            "ASKWELL_PORT": str(self.port),
            "ASKWELL_EMBEDDER": self._embedder,
            "ASKWELL_MESSAGES_PER_MINUTE": "0",
            **self._more,
        }
        command = [str(Path(sys.executable).with_name("askwell")), "serve"]
        with (self.data.parent / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, env={**clean, **chosen, "ASKWELL_DEMO": "true"}, stdout=log, stderr=log, cwd=self.data.parent
            )  # fmt: skip
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        self._begun, self._cpu = time.perf_counter(), self._processor()
        return self

    def __exit__(self, *_: object) -> None:
        end(self._process)

    def load(self) -> Load | None:
        """Since it was ready; None where the system does not tell."""
        cpu, peak = self._processor(), self._peak()
        return Load(cpu - self._cpu, time.perf_counter() - self._begun, peak) if cpu and peak else None

    def _wait(self) -> None:
        end = time.monotonic() + UP_SECONDS
        while time.monotonic() < end:
            with suppress(OSError):
                urllib.request.urlopen(f"{self.url}/sign-in", timeout=2).close()
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError((self.data.parent / "server.log").read_text("utf-8"))

    def _processor(self) -> float:
        with suppress(OSError):
            fields = Path(f"/proc/{self._process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / TICKS
        return 0.0

    def _peak(self) -> float:
        with suppress(OSError):
            lines = Path(f"/proc/{self._process.pid}/status").read_text("utf-8").splitlines()
            return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
        return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
