"""Running Askwell: accounts, the export of one's own data, the clock, the measurements."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.cli.desk import acting, granted, opened, settings
from assistant.cli.files import put
from assistant.cli.screen import Screen
from assistant.domain.events import Event
from assistant.ports import Account, Summary
from assistant.services.access import Role
from assistant.services.wording import say


@dataclass(frozen=True)
class NewAccount:
    login: str
    name: str
    roles: tuple[str, ...]
    zone: str
    mentor: str | None
    department: str


def add_user(login: str | None, new: NewAccount) -> None:
    with acting(login) as desk:
        account = Account(new.login, new.name, frozenset(new.roles), new.zone, new.mentor, new.department)
        granted(desk.app.people.put(desk.actor, account))
        desk.tell("cli.user_added", login=account.login, roles=", ".join(sorted(account.roles)))


def list_users(login: str | None) -> None:
    with acting(login) as desk:
        order = {str(role): n for n, role in enumerate(Role)}
        Screen(desk.actor.time_zone).rows(
            (
                account.login,
                account.mentor or "",
                ", ".join(sorted(account.roles, key=order.__getitem__)),
                account.time_zone,
                account.name,
            )
            for account in granted(desk.app.people.all(desk.actor))
        )


def export(login: str | None, out: Path | None) -> None:
    """A JSON object: who it is, and each request with all its events in order."""
    with acting(login) as desk:
        rows = granted(desk.app.people.export(desk.actor))
        person = {"login": desk.actor.id, "name": desk.actor.name, "roles": sorted(desk.actor.roles),
                  "time_zone": desk.actor.time_zone}  # fmt: skip
        data = {"person": person, "requests": [_request(row, events) for row, events in rows]}
        put((json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode(), out)


def tick() -> None:
    """One run of the clock; the notes go to standard output, each on a line."""
    with opened(settings()) as app:
        done = app.clockwork.tick()
        print(say("cli.ticked", **asdict(done)))


def evaluate(name: str, folder: Path | None, part: str, as_json: bool) -> None:
    """Leaves with the exit code of the evaluation."""
    from assistant.evaluation import run

    settings()
    sys.exit(run(name, folder, part, as_json))


def _request(row: Summary, events: tuple[Event, ...]) -> dict[str, object]:
    from assistant.adapters.event_codec import encode

    coded = [encode(event) for event in events]
    return {
        "id": row.id,
        "stage": row.stage,
        "opened_at": row.opened_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "events": [{"type": kind, **json.loads(body)} for kind, body in coded],
    }
