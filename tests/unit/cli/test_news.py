"""The command `news`: what was written to a person, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from assistant.cli import notifications
from assistant.cli.command_context import CommandContext
from assistant.services.conversing.status_text import say
from assistant.services.views.notification_feed import NotificationFeed
from tests.fakes import TUESDAY_TEN, House, done
from tests.unit.cli.support import desk_of


@pytest.fixture(autouse=True)
def _in_this_house(quick_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def acting(login: str) -> Iterator[CommandContext]:
        yield desk_of(quick_house, login)

    monkeypatch.setattr(notifications, "acting", acting)
    monkeypatch.setattr(quick_house, "news", NotificationFeed(quick_house.ports.store), raising=False)


def told(login: str, capsys: pytest.CaptureFixture[str]) -> str:
    notifications.run(login)
    return " ".join(capsys.readouterr().out.split())


def test_it_lists_what_is_new_once(quick_house: House, capsys: pytest.CaptureFixture[str]) -> None:
    request = quick_house.to_booking()
    listed = told("login-ada", capsys)
    assert listed.startswith(f"{request} Mon 2 Nov 09:00 You are booked with Lena Brack on Tue 3 Nov 10:00 for 30 minutes.")
    assert "Lena Brack asks for your help: How do I face the board?" in listed
    assert told("login-ada", capsys) == say("news.nothing")
    done(quick_house.sessions.move(quick_house.actor("lena"), request, TUESDAY_TEN.replace(hour=11)))
    assert told("login-ada", capsys) == f"{request} Mon 2 Nov 09:00 The session moved to Tue 3 Nov 11:00."


def test_it_says_how_many_it_did_not_list(
    quick_house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_house.to_booking()
    monkeypatch.setattr(notifications, "MOST", 1)
    listed = told("login-ada", capsys)
    assert listed.endswith(say("news.older", count=1))
    assert "asks for your help" not in listed
    assert told("login-ada", capsys) == say("news.nothing")


def test_it_is_seen_only_after_it_was_written_out(quick_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    quick_house.to_booking()

    def broken(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("assistant.cli.screen.Screen.quiet", broken)
    with pytest.raises(BrokenPipeError):
        notifications.run("lena")
    assert done(NotificationFeed(quick_house.ports.store).latest(quick_house.actor("lena"))).unseen == 1
