"""A resilient language over a scripted model, for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.adapters.model.scripted import Setup


@pytest.fixture
def setup() -> Iterator[Setup]:
    made = Setup()
    yield made
    made.languages.close()
