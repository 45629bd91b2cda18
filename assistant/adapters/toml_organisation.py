"""Reads the organisation's file: its name and the contacts a person can turn to."""

from __future__ import annotations

import tomllib
from pathlib import Path

from assistant.domain.organisation import Contact

REQUIRED = ("harassment", "burnout", "crisis", "confidential", "mentoring")


class BadOrganisation(Exception):
    """The organisation file cannot be used; the message says what to correct."""


def load_organisation(path: Path) -> tuple[str, dict[str, tuple[Contact, ...]]]:
    """Name and contacts by kind. Raises BadOrganisation if the file cannot be read or a required kind has no contact."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        contacts = {kind: tuple(Contact(**row) for row in rows) for kind, rows in data["contacts"].items()}
        name = str(data["name"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        needed = "name, and contacts with name, how, hours and what_happens are needed."
        raise BadOrganisation(f"{path.name} cannot be read: {needed}") from error
    missing = [kind for kind in REQUIRED if not contacts.get(kind)]
    if missing:
        raise BadOrganisation(f"{path.name} names nobody for {', '.join(missing)}. Add a contact for each.")
    return name, contacts
