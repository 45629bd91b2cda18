"""Imports for tests: files that are written and read in one step, with the check that the product wires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.adapters.ics_calendar import IcsCalendar
from assistant.adapters.profile_directory import as_mentor
from assistant.adapters.store.memory_store import MemoryStore
from assistant.adapters.time_zones import zone_named, zones_like
from assistant.services.content.profile_check import ProfileChecker
from assistant.services.matching.availability import FreeSlots
from retrieval.importing.content_files import read_sources
from retrieval.importing.import_report import Sources
from retrieval.passage import Profile
from tests.fakes import SettableClock

CASES = Path(__file__).parent / "data" / "cases"
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
HEADER = "id,name,title,department,level,time_zone,languages,skills,formats,weekly_capacity,office_hours,evidence"
RULE = "FREQ=WEEKLY;BYDAY=TU;BYHOUR=14;BYMINUTE=0/PT60M"


@dataclass(frozen=True)
class Brought:
    """What an import gave: the sources, and the lines of its report."""

    sources: Sources

    @property
    def refused(self) -> list[str]:
        return list(map(str, self.sources.refused))

    @property
    def unused(self) -> list[str]:
        return list(map(str, self.sources.unused))

    def profile(self, key: str = "x1") -> Profile:
        return next(profile for profile in self.sources.profiles if profile.id == key)

    @property
    def ids(self) -> list[str]:
        return [one.id for one in (*self.sources.articles, *self.sources.profiles)]


def checker() -> ProfileChecker:
    clock = SettableClock(NOW)
    return ProfileChecker(IcsCalendar(clock), clock, zone_named, zones_like)


def brought(path: Path) -> Brought:
    """The import of a file or folder."""
    return Brought(read_sources(path, checker()))


def case(number: int, name: str = "in.csv") -> Brought:
    """The import of one file of a case, or of its folder where no file is named."""
    (folder,) = CASES.glob(f"{number:02d}-*")
    return brought(folder / name if name else folder)


def row(**values: str) -> str:
    """A line of the full header, with these values instead of the usual ones."""
    usual = {
        "id": "x1", "name": "Marit Solheim", "title": "Panel Host", "department": "Communications", "level": "senior",
        "time_zone": "Europe/Berlin", "languages": "en", "skills": "panel moderation", "formats": "call", "weekly_capacity": "3",
        "office_hours": RULE, "evidence": "I moderate panels.",
    }  # fmt: skip
    return ",".join('"{}"'.format(value.replace('"', '""')) for value in {**usual, **values}.values())


def mentors(folder: Path, *rows: str, header: str = HEADER) -> Brought:
    """The import of a list of these rows."""
    path = folder / "in.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return brought(path)


def slots(profile: Profile, minutes: int = 30, now: datetime = NOW) -> list[datetime]:
    """The free slots of a mentor who has no bookings."""
    calendar = IcsCalendar(SettableClock(now))
    mentor = as_mentor(profile)
    return [slot.start for slot in FreeSlots(calendar, MemoryStore()).available([mentor], now).free(mentor, minutes)]
