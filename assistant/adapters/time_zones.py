"""Maps time zone names as people and spreadsheets write them (other case, blanks, Windows names) to IANA names."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from assistant.domain.schedule import is_zone

NEWER_WINDOWS = {
    "Alberta Standard Time": "America/Edmonton",
    "British Columbia Standard Time": "America/Vancouver",
    "Manitoba Standard Time": "America/Winnipeg",
}
"""Windows names that the table of icalendar (CLDR's windowsZones) does not have yet."""


def zone_named(text: str) -> str | None:
    """The IANA zone of a name such as "europe/berlin", "America/New York" or "W. Europe Standard Time"; None if there is none.

    An offset such as "GMT+1" gives None, since it does not say when the clocks change.
    """
    if is_zone(text):
        return text
    key = _key(text)
    return _iana().get(key) or (_windows().get(key.replace("daylighttime", "standardtime")) if key else None)


def zones_like(text: str) -> tuple[str, ...]:
    """Zones with this city, such as Europe/Berlin for "Berlin"."""
    key, places = _key(text), (name for name in sorted(available_timezones()) if "/" in name and not name.startswith("Etc/"))
    return tuple(name for name in places if _key(name.rpartition("/")[2]) == key)


def _key(text: str) -> str:
    return "".join(text.split()).replace("_", "").casefold()


@cache
def _iana() -> dict[str, str]:
    """IANA zones by normalised name."""
    found: dict[str, str] = {}
    for name in sorted(available_timezones()):
        found.setdefault(_key(name), name)
    return found


@cache
def _windows() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return {_key(name): zone for name, zone in {**WINDOWS_TO_OLSON, **NEWER_WINDOWS}.items() if is_zone(zone)}
