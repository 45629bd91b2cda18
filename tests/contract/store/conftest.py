"""A real database file, and the stores over it, for the tests that need no twin in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.adapters.store.sql_engine import open_engine
from assistant.adapters.store.sql_migrate import migrate
from tests.contract.store.samples import Stores
from tests.contract.store.test_sql_store import stores_over


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path}/askwell.db")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def stores(engine: Engine) -> Stores:
    return stores_over(engine)
