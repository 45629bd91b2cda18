"""The data folder and its disk, and the folder of the content."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.diagnosis.findings import Finding, fault, note, ok, said
from assistant.settings import Settings

if TYPE_CHECKING:
    from retrieval.importing.import_report import Sources

MOST_NAMED = 20
"""Problems of the content that are named one by one."""
NEEDED, COMFORTABLE = 200_000_000, 2_000_000_000
"""Bytes free on the disk: below the first nothing is promised, below the second it is said."""


def data_folder(settings: Settings) -> Iterator[Finding]:
    """May be written to, is private, has room."""
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
    """Whether so many free bytes are enough."""
    room = f"{free / 1e9:.1f}"
    if free < NEEDED:
        return fault("doctor.disk_full", room=room)
    return note("doctor.disk_low", room=room) if free < COMFORTABLE else ok("doctor.disk_ok", room=room)


def knowledge_folder(settings: Settings) -> Iterator[Finding]:
    """Has articles, people and the organisation, in files that can be read."""
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
        yield said("fault", error)
        return
    yield from _left_out(found)
    counted = {"articles": len(found.articles), "people": len(found.profiles)}
    thin = not found.articles or not found.profiles
    yield note("doctor.knowledge_thin", **counted) if thin else ok("doctor.knowledge_ok", **counted)


def _left_out(found: Sources) -> Iterator[Finding]:
    """What of the content cannot be taken, and what of it is not used."""
    yield from (Finding("fault", str(problem)) for problem in found.refused[:MOST_NAMED])
    more = len(found.refused[MOST_NAMED:]) + found.more_refused
    if more:
        yield fault("doctor.knowledge_refused", count=more)
    yield from (Finding("note", str(problem)) for problem in found.unused[:MOST_NAMED])


def _writable(folder: Path) -> bool:
    """By trying: rights alone do not tell of a disk that is mounted for reading."""
    try:
        with tempfile.TemporaryFile(dir=folder) as handle:
            handle.write(b"askwell")
    except OSError:
        return False
    return True
