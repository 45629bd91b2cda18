"""While the database cannot be read, every page says so in a sentence, and works again as soon as it can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.ports import StoreUnavailable
from assistant.services.conversing.status_text import say
from tests.unit.ui.wire import open_app, served


class Unreadable:
    """A gate whose database is away."""

    def __getattr__(self, name: str) -> Any:
        def away(*_: object) -> object:
            raise StoreUnavailable("disk")

        return away


@pytest.mark.parametrize("path", ["/", "/requests", "/mentor", "/library", "/sign-in", "/article/x", "/request/x"])
def test_a_page_says_that_it_cannot_read(tmp_path: Path, path: str) -> None:
    wired = open_app(tmp_path / "wired")
    with served(wired) as wire:
        working = wired.app.sign_in_service
        wired.app.__dict__["sign_in_service"] = Unreadable()
        answer = wire.client.get(path, headers={"Cookie": f"{wire.name}=anything"})
        assert (answer.status_code, say("refuse.storage") in answer.text) == (503, True)
        assert "content-security-policy" in answer.headers
        wired.app.__dict__["sign_in_service"] = working
        assert wire.client.get("/sign-in").status_code == 200
