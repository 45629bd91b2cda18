"""Where a command works: the opened application, the person who acts, and what is said to them.

The command line is the operator's tool: it acts as whoever `--as` names, and the services check what that person may do.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from assistant import logs
from assistant.bootstrap import App, build
from assistant.cli.command_errors import NotPossible, Refused, expected
from assistant.cli.progress import shown
from assistant.first_start import prepare
from assistant.ports import Notifier
from assistant.services.accounts.access import Actor
from assistant.services.conversing.status_text import say, when
from assistant.services.results import Refusal
from retrieval.errors import IndexLocked

if TYPE_CHECKING:
    from assistant.settings import Settings

Value = TypeVar("Value")
WAIT_SECONDS, TRIES = 2.0, 150


@dataclass(frozen=True)
class CommandContext:
    app: App
    actor: Actor

    def tell(self, key: str, /, **values: object) -> None:
        """One line of the catalogue on standard output."""
        print(say(key, **values), flush=True)

    def when(self, moment: datetime) -> str:
        return when(moment, self.actor.time_zone)

    def mentor_name(self, mentor: str) -> str:
        return self.app.services.wording.name(mentor)


def granted(outcome: Value | Refusal) -> Value:
    """The value, or Refused with the sentence of the refusal."""
    if isinstance(outcome, Refusal):
        raise Refused(outcome.say)
    return outcome


def going_on(run: Callable[[], Value], otherwise: Callable[[str], Value]) -> Value:
    """One step of a conversation: what may fail on the way becomes `otherwise(sentence)`, so that the next step is possible.

    A bug is raised.
    """
    from assistant.adapters.store.sql_engine import available

    try:
        with available():
            return run()
    except Exception as error:
        sentence = expected(error)
        if not sentence:
            raise
        return otherwise(sentence)


def settings() -> Settings:
    """The settings of this installation, with the log open in its data folder. Raises NotPossible for a bad one."""
    from pydantic import ValidationError

    from assistant.settings import Settings

    try:
        found = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(["ASKWELL", *map(str, first["loc"])]).upper()
        raise NotPossible(say("cli.bad_setting", name=name, problem=first["msg"].removeprefix("Value error, "))) from error
    logs.start(found.data)
    return found


@contextmanager
def opened(chosen: Settings, notifier: Notifier | None = None) -> Iterator[App]:
    """The application, brought up to date with a progress display, and closed at the end."""
    from assistant.adapters.store.sql_engine import available

    with available():
        app = _prepared(chosen, notifier)
        try:
            yield app
        finally:
            app.close()


@contextmanager
def acting(login: str | None, *, sample: bool = False) -> Iterator[CommandContext]:
    """A desk for the person named; with `sample` nobody needs to be named in demo mode: it is the sample mentee then."""
    chosen = settings()
    who = login or (_sample() if sample and chosen.demo else None)
    if not who:
        raise NotPossible(say("cli.who"))
    with opened(chosen) as app:
        actor = app.actor(who)
        if actor is None:
            raise Refused(say("refuse.unknown_person", login=who))
        if not chosen.demo:
            print(say("cli.acting", name=actor.name, login=actor.id), file=sys.stderr)
        yield CommandContext(app, actor)


def _sample() -> str:
    from assistant.cli.script import load_script

    return load_script().mentee


def _prepared(chosen: Settings, notifier: Notifier | None) -> App:
    """While another process prepares this folder for the first time, wait; later its content is simply not updated."""
    ready_before = (chosen.data / "content.sha256").exists()
    for attempt in range(TRIES):
        app = build(chosen, notifier=notifier)
        try:
            with shown(say("cli.preparing")) as progress:
                prepare(app, progress)
            return app
        except IndexLocked:
            if ready_before:
                return app
            app.close()
            if not attempt:
                print(say("cli.waiting"), file=sys.stderr)
            time.sleep(WAIT_SECONDS)
        except BaseException:
            app.close()
            raise
    raise Refused(say("cli.waited"))
