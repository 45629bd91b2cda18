"""Commands for operating Askwell: accounts, export of one's own data, due jobs, evaluations."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.command_context import CommandContext, acting, granted, opened, settings
from assistant.cli.command_errors import NotPossible, Refused
from assistant.cli.files import write_output
from assistant.cli.screen import Screen
from assistant.domain.events import Event
from assistant.ports import Account, Summary
from assistant.services.accounts.access import Role
from assistant.services.accounts.sign_in import MOST, bad_password
from assistant.services.conversing.status_text import say

if TYPE_CHECKING:
    from assistant.evaluation.job import Protocol


@dataclass(frozen=True)
class NewAccount:
    login: str
    name: str
    roles: tuple[str, ...]
    zone: str
    mentor: str | None
    department: str


def add_user(login: str | None, new: NewAccount, from_stdin: bool, no_password: bool) -> None:
    """Adds or changes an account. The password is read from standard input, left unset, or prompted for first."""
    if from_stdin and no_password:
        raise NotPossible(say("password_prompt.one_way"))
    password = None if no_password else _password(new.login, from_stdin)
    account = Account(new.login, new.name, frozenset(new.roles), new.zone, new.mentor, new.department)
    with _adding(login, account) as context:
        granted(context.app.services.people.put(context.actor, account))
        if password is not None:
            granted(context.app.sign_in_service.set_password(context.actor, account.login, password))
        context.tell("cli.user_added", login=account.login, roles=", ".join(sorted(account.roles)))


def set_password(login: str | None, whose: str, from_stdin: bool) -> None:
    if not login:
        raise NotPossible(say("cli.who"))
    password = _password(whose, from_stdin)
    with acting(login) as context:
        granted(context.app.sign_in_service.set_password(context.actor, whose, password))
        context.tell("password_prompt.password_set", login=whose)


def list_users(login: str | None) -> None:
    with acting(login) as context:
        order = {str(role): n for n, role in enumerate(Role)}
        Screen(context.actor.time_zone).rows(
            (
                account.login,
                account.mentor or "",
                ", ".join(sorted(account.roles, key=order.__getitem__)),
                account.time_zone,
                account.name,
            )
            for account in granted(context.app.services.people.all(context.actor))
        )


def export(login: str | None, out: Path | None) -> None:
    """Writes a JSON object with the person, and each request with all its events in order."""
    with acting(login) as context:
        rows = granted(context.app.services.people.export(context.actor))
        person = {"login": context.actor.id, "name": context.actor.name, "roles": sorted(context.actor.roles),
                  "time_zone": context.actor.time_zone}  # fmt: skip
        data = {"person": person, "requests": [_request(row, events) for row, events in rows]}
        write_output((json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode(), out)


def tick() -> None:
    """Runs all due jobs once. Notifications go to standard output, one per line."""
    with opened(settings()) as app:
        done = app.services.due_jobs.tick()
        print(say("cli.ticked", **asdict(done)))


def evaluate(
    name: str, folder: Path | None, part: str, as_json: bool, baseline: Path | None, protocol: Protocol, out: Path | None
) -> None:
    """Exits with the exit code of the evaluation."""
    from assistant.evaluation import run

    place = out or settings().data / "eval"
    sys.exit(run(name, folder, part, as_json, baseline=baseline, protocol=protocol, out=place))


@contextmanager
def _adding(login: str | None, account: Account) -> Iterator[CommandContext]:
    """The context of `login`; without one, of the first administrator, if there is no account yet."""
    if login:
        with acting(login) as context:
            yield context
        return
    with opened(settings()) as app:
        founder = app.sign_in_service.founder(account)
        if founder is None:
            raise NotPossible(say("password_prompt.who"))
        yield CommandContext(app, founder)


def _password(login: str, from_stdin: bool) -> str:
    """A password typed twice without echo, or one line of standard input. Raises Refused, also for a weak one."""
    if from_stdin:
        password = _read_line()
    elif not sys.stdin.isatty():
        raise NotPossible(say("password_prompt.how"))
    else:
        password = getpass(say("password_prompt.password", login=login) + " ")
    granted(bad_password(password))
    if not from_stdin and getpass(say("password_prompt.password_again") + " ") != password:
        raise Refused(say("password_prompt.differs"))
    return password


def _read_line() -> str:
    try:
        line = sys.stdin.buffer.readline(4 * MOST + 8).decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        line = ""
    if not line:
        raise Refused(say("password_prompt.no_line"))
    return line


def _request(row: Summary, events: tuple[Event, ...]) -> dict[str, object]:
    from assistant.adapters.store.event_codec import encode

    coded = [encode(event) for event in events]
    return {
        "id": row.id,
        "stage": row.stage,
        "opened_at": row.opened_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "events": [{"type": kind, **json.loads(body)} for kind, body in coded],
    }
