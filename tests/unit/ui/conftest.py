"""The web application over a real database, one for each module of tests that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.ui.wire import Wire, open_app, served


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with served(open_app(tmp_path_factory.mktemp("web"))) as wire:
        yield wire
