"""Reads accounts from a CSV file: login, display_name, roles, mentor_id, time_zone, department."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from assistant.adapters.time_zones import zone_named, zones_like
from assistant.ports import Account
from prompts.catalog import text
from retrieval.errors import BadSource
from retrieval.importing.import_report import Findings, shortened
from retrieval.importing.profile_records import RecordFields
from retrieval.importing.record_files import Known, csv_records

COLUMNS = ("login", "display_name", "roles", "mentor_id", "time_zone", "department")
ROLES = frozenset({"mentee", "mentor", "curator", "admin"})
MOST_NAMED = 20
"""Problems that the error message lists."""


class BadPeople(Exception):
    """The file cannot be used; the message has one line per problem, with its place and what to do."""


def load_people(path: Path) -> tuple[Account, ...]:
    """All accounts of the file. Raises BadPeople if a single record is wrong, since accounts grant rights."""
    accounts, findings = read_people(path)
    if findings.refused:
        raise BadPeople("\n".join(map(str, findings.refused[:MOST_NAMED])))
    return accounts


def read_people(path: Path) -> tuple[tuple[Account, ...], Findings]:
    """The valid accounts, and findings about refused records and unused columns."""
    findings = Findings(path)
    found: dict[str, Account] = {}
    try:
        for line, values in csv_records(path, Known(COLUMNS, COLUMNS), findings):
            account = _account(path, line, values, findings)
            if account and account.login in found:
                findings.refuse(path, text("source.login_twice", login=shortened(account.login)), line)
            elif account:
                found[account.login] = account
    except BadSource as bad:
        findings.refuse_source(bad)
    return tuple(found.values()), findings


def _account(path: Path, line: int, values: Mapping[str, str], findings: Findings) -> Account | None:
    row = RecordFields(values)
    cells = {column: row.line(column) for column in COLUMNS}
    roles = frozenset(filter(None, (role.strip().lower() for role in re.split(r"[;,|]", cells["roles"]))))
    zone = zone_named(cells["time_zone"])
    problems = [fault.problem for fault in row.faults]
    if not cells["login"] or not roles or roles - ROLES:
        problems.append(text("source.account", roles=", ".join(sorted(ROLES)), value=shortened(cells["roles"])))
    if zone is None:
        near = ", ".join(zones_like(cells["time_zone"])[:3]) or "Europe/London"
        problems.append(text("source.zone_like", value=shortened(cells["time_zone"]), zones=near))
    for problem in problems:
        findings.refuse(path, problem, line)
    if problems or zone is None:
        return None
    name = cells["display_name"] or cells["login"]
    return Account(cells["login"], name, roles, zone, cells["mentor_id"] or None, cells["department"])
