"""The command `news`: what was written to a person, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from assistant.cli import notifications
from assistant.cli.command_context import CommandContext
from assistant.services.conversing.status_text import say
from assistant.services.views.notification_feed import NotificationFeed
from tests.fakes import TUESDAY_TEN, FakeApp, done
from tests.unit.cli.support import context_of


@pytest.fixture(autouse=True)
def _in_this_app(memory_app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def acting(login: str) -> Iterator[CommandContext]:
        yield context_of(memory_app, login)

    monkeypatch.setattr(notifications, "acting", acting)
    monkeypatch.setattr(memory_app, "news", NotificationFeed(memory_app.ports.store), raising=False)


def told(login: str, capsys: pytest.CaptureFixture[str]) -> str:
    notifications.run(login)
    return " ".join(capsys.readouterr().out.split())


def test_it_lists_what_is_new_once(memory_app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    request = memory_app.to_booking()
    listed = told("login-ada", capsys)
    assert listed.startswith(f"{request} Mon 2 Nov 09:00 You are booked with Lena Brack on Tue 3 Nov 10:00 for 30 minutes.")
    assert "Lena Brack asks for your help: How do I face the board?" in listed
    assert told("login-ada", capsys) == say("news.nothing")
    done(memory_app.sessions.move(memory_app.actor("lena"), request, TUESDAY_TEN.replace(hour=11)))
    assert told("login-ada", capsys) == f"{request} Mon 2 Nov 09:00 The session moved to Tue 3 Nov 11:00."


def test_it_says_how_many_it_did_not_list(
    memory_app: FakeApp, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory_app.to_booking()
    monkeypatch.setattr(notifications, "MOST", 1)
    listed = told("login-ada", capsys)
    assert listed.endswith(say("news.older", count=1))
    assert "asks for your help" not in listed
    assert told("login-ada", capsys) == say("news.nothing")


def test_it_is_seen_only_after_it_was_written_out(memory_app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    memory_app.to_booking()

    def broken(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("assistant.cli.screen.Screen.quiet", broken)
    with pytest.raises(BrokenPipeError):
        notifications.run("lena")
    assert done(NotificationFeed(memory_app.ports.store).latest(memory_app.actor("lena"))).unseen == 1
