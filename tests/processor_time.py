"""Where the time of the tests goes: `pytest -p tests.processor_time`, with xdist too.

At the end it prints wall and processor seconds for each folder, and the files and tests that take most. Processor time counts
this process and the children that a test waited for, so it can be compared between runs on a machine with other work.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

TOP = 40


def _used() -> tuple[float, float]:
    used = os.times()
    return time.perf_counter(), used.user + used.system + used.children_user + used.children_system


class ProcessorTime:
    """Notes what each phase of each test used, and sums it up at the end."""

    def __init__(self) -> None:
        self.used: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._phase(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._phase(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._phase(item))

    def _phase(self, item: pytest.Item) -> Iterator[None]:
        before = _used()
        try:
            return (yield)
        finally:
            after = _used()
            item.user_properties[:] = [one for one in item.user_properties if one[0] != "used"]
            item.user_properties.append(("used", [after[0] - before[0], after[1] - before[1]]))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called in each worker and again where all come together; only the latter prints."""
        for wall, processor in (value for name, value in report.user_properties if name == "used"):
            self.used[report.nodeid][0] += wall
            self.used[report.nodeid][1] += processor

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        write = terminalreporter.write_line
        for title, group in (("folder", _folder), ("file", lambda test: test.split("::")[0]), ("test", lambda test: test)):
            write(f"\n{'wall':>8} {'processor':>9}  {title}")
            for name, (wall, processor) in _most(self.used, group):
                write(f"{wall:8.1f} {processor:9.1f}  {name}")


def _folder(test: str) -> str:
    return "/".join(test.split("::")[0].split("/")[:-1][:3])


def _most(used: Mapping[str, list[float]], group: Callable[[str], str]) -> list[tuple[str, list[float]]]:
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for test, (wall, processor) in used.items():
        sums[group(test)][0] += wall
        sums[group(test)][1] += processor
    return sorted(sums.items(), key=lambda one: -max(one[1]))[:TOP]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ProcessorTime(), "processor-time-sums")
