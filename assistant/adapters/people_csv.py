"""Reads accounts from a CSV file: login, display_name, roles, mentor_id, time_zone, department."""

from __future__ import annotations

import csv
from pathlib import Path

from assistant.domain.schedule import is_zone
from assistant.ports import Account

COLUMNS = ("login", "display_name", "roles", "mentor_id", "time_zone", "department")
ROLES = frozenset({"mentee", "mentor", "curator", "admin"})


class BadPeople(Exception):
    """The file cannot be used; the message names the line and what to do."""


def load_people(path: Path) -> tuple[Account, ...]:
    """All accounts of the file, or BadPeople."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as source:
            reader = csv.DictReader(source)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise BadPeople(f"{path.name} has no column {missing[0]}. Add it to the first line.")
            found: dict[str, Account] = {}
            for row in reader:
                place = f"{path.name}, line {reader.line_num}"
                account = _account(row, place)
                if account.login in found:
                    raise BadPeople(f"{place}: the login {account.login} stands there twice. Keep one line for each login.")
                found[account.login] = account
            return tuple(found.values())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadPeople(f"{path.name} cannot be read as CSV in UTF-8. Save it again as such.") from error


def _account(row: dict[str, str], place: str) -> Account:
    login, zone = (row["login"] or "").strip(), (row["time_zone"] or "").strip()
    roles = frozenset(role.strip() for role in (row["roles"] or "").split(";") if role.strip())
    if not login or not roles or roles - ROLES:
        raise BadPeople(f"{place}: a login and roles out of {', '.join(sorted(ROLES))} are needed.")
    if not is_zone(zone):
        raise BadPeople(f"{place}: {zone or 'an empty text'} is no IANA time zone, such as Europe/London.")
    name = (row["display_name"] or "").strip() or login
    return Account(login, name, roles, zone, (row["mentor_id"] or "").strip() or None, (row["department"] or "").strip())
