"""Checks the data folder, its disk space, and the content folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.diagnosis.findings import Finding, error_finding, fault, note, ok
from assistant.settings import Settings

if TYPE_CHECKING:
    from retrieval.importing.import_report import Sources

MOST_NAMED = 20
"""Problems of the content that are listed one by one."""
NEEDED, COMFORTABLE = 200_000_000, 2_000_000_000
"""Free bytes on the disk: less than the first is a fault, less than the second is a note."""


def data_folder(settings: Settings) -> Iterator[Finding]:
    """Checks that the folder is writable and private, and that the disk has space."""
    folder = settings.data.resolve()
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not place.is_dir() or not _writable(place):
        yield fault("doctor.folder_closed", folder=folder)
        return
    if place != folder:
        yield note("doctor.folder_new", folder=folder)
    elif folder.stat().st_mode & 0o077:
        yield note("doctor.folder_open", folder=folder)
    else:
        yield ok("doctor.folder_ok", folder=folder)
    yield disk(shutil.disk_usage(place).free)


def disk(free: int) -> Finding:
    """The finding for this number of free bytes."""
    room = f"{free / 1e9:.1f}"
    if free < NEEDED:
        return fault("doctor.disk_full", room=room)
    return note("doctor.disk_low", room=room) if free < COMFORTABLE else ok("doctor.disk_ok", room=room)


def knowledge_folder(settings: Settings) -> Iterator[Finding]:
    """Checks that articles, mentors, accounts and the organisation file can be read."""
    from assistant.adapters.people_csv import read_people
    from assistant.adapters.toml_organisation import BadOrganisation, load_organisation
    from assistant.diagnosis.mentors import profile_checker
    from assistant.starter import STARTER
    from retrieval.errors import RetrievalError
    from retrieval.importing.content_files import read_sources

    folder = settings.knowledge or STARTER
    if not folder.is_dir():
        yield fault("doctor.knowledge_missing", folder=folder)
        return
    try:
        load_organisation(folder / "organisation.toml")
        if (folder / "people.csv").exists():
            accounts = read_people(folder / "people.csv")[1]
            yield from _left_out(accounts.sources((), ()))
        found = read_sources(folder, profile_checker())
    except (BadOrganisation, RetrievalError) as error:
        yield error_finding("fault", error)
        return
    yield from _left_out(found)
    counted = {"articles": len(found.articles), "people": len(found.profiles)}
    thin = not found.articles or not found.profiles
    yield note("doctor.knowledge_thin", **counted) if thin else ok("doctor.knowledge_ok", **counted)


def _left_out(found: Sources) -> Iterator[Finding]:
    """Refused records as faults, unused parts as notes."""
    yield from (Finding("fault", str(problem)) for problem in found.refused[:MOST_NAMED])
    more = len(found.refused[MOST_NAMED:]) + found.more_refused
    if more:
        yield fault("doctor.knowledge_refused", count=more)
    yield from (Finding("note", str(problem)) for problem in found.unused[:MOST_NAMED])


def _writable(folder: Path) -> bool:
    """Tries to write, since permissions do not show a file system that is mounted read-only."""
    try:
        with tempfile.TemporaryFile(dir=folder) as handle:
            handle.write(b"askwell")
    except OSError:
        return False
    return True
