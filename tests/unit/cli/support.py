"""The context of a command over fakes, and a screen that can be read."""

from __future__ import annotations

import io
from typing import Any, cast

from assistant.bootstrap import App
from assistant.cli.chat import Chat
from assistant.cli.command_context import CommandContext
from assistant.cli.screen import Screen
from retrieval.passage import Article
from tests.fakes import ARTICLE, FakeApp


class CommandApp:
    """The fake application, seen as the application that commands expect."""

    def __init__(self, wired: FakeApp) -> None:
        self._wired = wired
        self.services = self
        self.accounts = wired.ports.accounts
        self.knowledge_service = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wired, name)

    def article(self, actor: object, article_id: str) -> Article | None:
        return ARTICLE if article_id == ARTICLE.id else None


def context_of(wired: FakeApp, login: str = "lena") -> CommandContext:
    return CommandContext(cast(App, CommandApp(wired)), wired.actor(login))


class Terminal:
    """A conversation with what it showed: `types` sends lines and gives back what was shown since."""

    def __init__(self, wired: FakeApp, login: str = "lena") -> None:
        self.out = io.StringIO()
        self.chat = Chat(context_of(wired, login), Screen("Europe/Berlin", self.out))
        self.alive = True

    def begin(self, request_id: str | None = None) -> str:
        self.chat.begin(request_id)
        return self.shown()

    def types(self, *lines: str) -> str:
        for line in lines:
            self.alive = self.chat.take(line)
        return self.shown()

    def shown(self) -> str:
        """With runs of spaces and line ends as one space, for reading across wrapped lines."""
        text = self.out.getvalue()
        self.out.seek(0)
        self.out.truncate()
        return " ".join(text.split())
