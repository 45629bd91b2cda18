"""What several tests of the conversation begin with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes import FakeApp


@pytest.fixture
def crowded(wired: FakeApp) -> FakeApp:
    """With six mentors who have time, twice as many as are shown at once."""
    ada = wired.directory.mentors["ada"]
    for key, name in (("eve", "Eve Adeyemi"), ("finn", "Finn Halloran"), ("gus", "Gus Petrakis")):
        wired.directory.mentors[key] = replace(ada, id=key, name=name)
    return wired
