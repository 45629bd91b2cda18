"""The context of a command: the opened application, the acting person, and output in their time zone.

A command acts as the person named by `--as`; the services check what that person may do.
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
        """Prints a text of the catalogue on standard output."""
        print(say(key, **values), flush=True)

    def when(self, moment: datetime) -> str:
        return when(moment, self.actor.time_zone)

    def mentor_name(self, mentor: str) -> str:
        return self.app.services.wording.name(mentor)


def granted(outcome: Value | Refusal) -> Value:
    """Returns the value. Raises Refused with the sentence of a refusal."""
    if isinstance(outcome, Refusal):
        raise Refused(outcome.say)
    return outcome


def going_on(run: Callable[[], Value], otherwise: Callable[[str], Value]) -> Value:
    """Runs one step of a conversation; an expected failure becomes `otherwise(sentence)`, so that the conversation continues.

    Bugs are raised.
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
    """Reads the settings and starts the log in the data folder. Raises NotPossible for an invalid setting."""
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
    """Opens the application, prepares its content with a progress display, and closes it at the end."""
    from assistant.adapters.store.sql_engine import available

    with available():
        app = _prepared(chosen, notifier)
        try:
            yield app
        finally:
            app.close()


@contextmanager
def acting(login: str | None, *, sample: bool = False) -> Iterator[CommandContext]:
    """The context of `login`; with `sample`, the sample mentee in demo mode if no login is given."""
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
    """Waits while another process prepares this folder for the first time; later, skips the update of the content."""
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
