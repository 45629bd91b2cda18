"""Checks office hours and time zones of the stored mentors, with the same code as an import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from assistant.diagnosis.database import open_database
from assistant.diagnosis.findings import Finding, fault, note, ok
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.services.content.profile_check import ProfileChecker
    from retrieval.passage import Profile

MOST_NAMED = 20
"""Mentors that are listed one by one."""


def profile_checker() -> ProfileChecker:
    """The profile check of an import, with the system clock."""
    from assistant.adapters.ics_calendar import IcsCalendar
    from assistant.adapters.system_clock import SystemClock
    from assistant.adapters.time_zones import zone_named, zones_like
    from assistant.services.content.profile_check import ProfileChecker

    clock = SystemClock()
    return ProfileChecker(IcsCalendar(clock), clock, zone_named, zones_like)


def mentors(settings: Settings) -> Iterator[Finding]:
    """Reports each stored mentor whose times cannot be used, with the reason."""
    from assistant.adapters.store.sql_engine import available
    from assistant.ports import StoreUnavailable
    from retrieval.adapters.sql_corpus import SqlCorpus

    engine = open_database(settings)
    if isinstance(engine, Finding):
        yield note("doctor.mentors_new" if engine.level == "note" else "doctor.mentors_without_database")
        return
    try:
        with available():
            profiles = SqlCorpus(engine).profiles()
        yield from checked(profiles.values(), profile_checker())
    except StoreUnavailable:
        yield note("doctor.mentors_without_database")
    finally:
        engine.dispose()


def checked(profiles: Iterable[Profile], checker: ProfileChecker) -> Iterator[Finding]:
    """Findings about the office hours and time zones of these mentors."""
    people = named = unnamed = 0
    for profile in profiles:
        people += 1
        refused = checker(profile).refused
        if not refused:
            continue
        if named >= MOST_NAMED:
            unnamed += 1
            continue
        named += 1
        yield fault("doctor.mentor_bad", mentor=profile.id, problem=" ".join(entry.problem for entry in refused))
    if unnamed:
        yield fault("doctor.mentors_more", count=unnamed)
    elif not named:
        yield ok("doctor.mentors_ok", people=people) if people else note("doctor.mentors_new")
