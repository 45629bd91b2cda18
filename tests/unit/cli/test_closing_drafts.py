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
from tests.fakes import House, done
from tests.unit.cli.support import desk_of
from tests.unit.services.test_role_matrix import walk


@pytest.fixture
def request_id(quick_house: House, monkeypatch: pytest.MonkeyPatch) -> str:
    @contextmanager
    def acting(login: str) -> Iterator[CommandContext]:
        yield desk_of(quick_house, login)

    monkeypatch.setattr(closing_drafts, "acting", acting)
    return walk(quick_house, "closed")


def test_a_note_goes_out_and_nothing_else(quick_house: House, request_id: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    quick_house.language.provenance = OFFLINE.fallen("busy")
    closing_drafts.thanks("lena", request_id)
    out, err = capfdbinary.readouterr()
    assert out.decode() == done(quick_house.closing_drafts.thanks(quick_house.actor("lena"), request_id)).text.rstrip() + "\n"
    assert err.decode().splitlines() == [say("closing_drafts.thanks_help"), provenance_text(OFFLINE.fallen("busy"))]


def test_an_article_goes_into_a_file(quick_house: House, request_id: str, tmp_path: Path) -> None:
    for login in ("lena", "login-ada"):
        closing_drafts.article(login, request_id, tmp_path / f"{login}.md")
        text = (tmp_path / f"{login}.md").read_text("utf-8")
        assert text == done(quick_house.closing_drafts.article(quick_house.actor(login), request_id)).text


def test_who_may_not_is_told(request_id: str) -> None:
    with pytest.raises(Refused):
        closing_drafts.thanks("login-ada", request_id)
    with pytest.raises(Refused):
        closing_drafts.article("mika", request_id, None)
