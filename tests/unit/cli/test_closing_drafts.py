"""`askwell thanks` and `askwell article`: the draft alone goes out, what is said about it stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.cli import closing_drafts
from assistant.cli.command_context import CommandContext
from assistant.cli.command_errors import Refused
from assistant.domain.provenance import OFFLINE
from assistant.services.conversing.status_text import provenance_text, say
from tests.fakes import FakeApp, done
from tests.unit.cli.support import context_of
from tests.unit.services.test_role_matrix import walk


@pytest.fixture
def request_id(memory_app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> str:
    @contextmanager
    def acting(login: str) -> Iterator[CommandContext]:
        yield context_of(memory_app, login)

    monkeypatch.setattr(closing_drafts, "acting", acting)
    return walk(memory_app, "closed")


def test_a_note_goes_out_and_nothing_else(
    memory_app: FakeApp, request_id: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    memory_app.language.provenance = OFFLINE.fallen("busy")
    closing_drafts.thanks("lena", request_id)
    out, err = capfdbinary.readouterr()
    assert out.decode() == done(memory_app.closing_drafts.thanks(memory_app.actor("lena"), request_id)).text.rstrip() + "\n"
    assert err.decode().splitlines() == [say("closing_drafts.thanks_help"), provenance_text(OFFLINE.fallen("busy"))]


def test_an_article_goes_into_a_file(memory_app: FakeApp, request_id: str, tmp_path: Path) -> None:
    for login in ("lena", "login-ada"):
        closing_drafts.article(login, request_id, tmp_path / f"{login}.md")
        text = (tmp_path / f"{login}.md").read_text("utf-8")
        assert text == done(memory_app.closing_drafts.article(memory_app.actor(login), request_id)).text


def test_who_may_not_is_told(request_id: str) -> None:
    with pytest.raises(Refused):
        closing_drafts.thanks("login-ada", request_id)
    with pytest.raises(Refused):
        closing_drafts.article("mika", request_id, None)
