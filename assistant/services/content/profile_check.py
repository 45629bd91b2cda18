"""Validates an imported profile against the calendar, the time zones, and the formats and languages that matching knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from assistant.dialogue.wishes import FORMS, LANGUAGES, forms
from assistant.domain.office_hours import read_hours
from assistant.domain.schedule import MINUTES_OFFERED, Block, cut
from assistant.ports import Calendar, Clock
from prompts.catalog import text
from retrieval.importing.import_report import Checked, Fault, shortened
from retrieval.passage import Profile

AHEAD = timedelta(days=731)
"""A block without an occurrence within this time is rejected."""
MOST_ZONES = 3


class ProfileChecker:
    """A `ProfileCheck`. `zone_named` resolves a spelling to an IANA name; `zones_like` suggests similar names."""

    def __init__(
        self,
        calendar: Calendar,
        clock: Clock,
        zone_named: Callable[[str], str | None],
        zones_like: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._calendar, self._clock = calendar, clock
        self._zone_named, self._zones_like = zone_named, zones_like
        self._usable: dict[tuple[Block, str], Fault | None] = {}

    def __call__(self, profile: Profile) -> Checked:
        """The profile with zone, office hours, languages and formats in canonical form, and all their faults."""
        zone, hours = self._zone_named(profile.time_zone), read_hours(profile.office_hours)
        refused = [*self._zone_faults(profile, zone)]
        refused += [_hours_fault(fault.reason, fault.value) for fault in hours.faults]
        if zone:
            refused += filter(None, (self._block_fault(block, zone) for block in hours.blocks))
        languages, unused = _known_languages(profile.languages)
        formats, unknown = _known_formats(profile.formats)
        canonical = replace(profile, time_zone=zone or "UTC", office_hours=hours.text, languages=languages, formats=formats)
        return Checked(canonical, tuple(refused), (*unused, *unknown))

    def _zone_faults(self, profile: Profile, zone: str | None) -> Iterator[Fault]:
        if profile.time_zone and zone is None:
            near = self._zones_like(profile.time_zone)[:MOST_ZONES]
            value = shortened(profile.time_zone)
            sentence = text("source.zone_like", value=value, zones=", ".join(near)) if near else text("source.zone", value=value)
            yield Fault("time_zone", sentence)
        elif profile.office_hours and not profile.time_zone:
            yield Fault("time_zone", text("source.zone_missing"))

    def _block_fault(self, block: Block, zone: str) -> Fault | None:
        """Why no session fits into a block; cached, because mentors share blocks."""
        if (block, zone) not in self._usable:
            self._usable[block, zone] = self._expanded(block, zone)
        return self._usable[block, zone]

    def _expanded(self, block: Block, zone: str) -> Fault | None:
        now, spelled = self._clock.now(), f"{block.rule}/PT{block.minutes}M"
        try:
            found = list(self._calendar.occurrences(block, zone, now, now + AHEAD))
        except (ValueError, OverflowError):
            return _hours_fault("part", block.rule)
        if not found:
            return _hours_fault("never", spelled)
        room = any(any(cut(moment, block.minutes, min(MINUTES_OFFERED), frozenset())) for moment in found[:100])
        return None if room else _hours_fault("short", spelled)


def _hours_fault(reason: str, value: str) -> Fault:
    return Fault("office_hours", text(f"source.hours_{reason}", value=shortened(value)))


def _known_languages(said: tuple[str, ...]) -> tuple[tuple[str, ...], list[Fault]]:
    """Languages as ISO 639 codes, from codes, codes with a country, or English names; unknown words are kept and reported."""
    found = {word: _language(word) for word in said}
    unknown = [word for word, code in found.items() if code is None]
    codes = tuple(dict.fromkeys(code or word for word, code in found.items()))
    return codes, [Fault("languages", text("source.languages", value=shortened(word))) for word in unknown]


def _language(word: str) -> str | None:
    code = word.casefold().replace("_", "-").split("-")[0]
    if code.isascii() and code.isalpha() and len(code) in (2, 3):
        return code
    return LANGUAGES.get(word.casefold())


def _known_formats(said: tuple[str, ...]) -> tuple[tuple[str, ...], list[Fault]]:
    """Formats by name or common phrase; unknown words are kept and reported."""
    found = {word: _formats(word) for word in said}
    unknown = [word for word, names in found.items() if not names]
    names = tuple(dict.fromkeys(name for word, names in found.items() for name in names or (word,)))
    known = ", ".join(FORMS)
    return names, [Fault("formats", text("source.formats", value=shortened(word), known=known)) for word in unknown]


def _formats(word: str) -> tuple[str, ...]:
    name = word.casefold().replace("-", "_").replace(" ", "_")
    return (name,) if name in FORMS else tuple(sorted(forms(word)))
