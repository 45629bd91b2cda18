"""Structures the notes or transcript of a session into a debrief by rules. Every item quotes the notes.

Each sentence that is not private is tested as a promise (action or proposal), then as a decision, resource, open
question, expert or competency; general statements remain as takeaways. Later sentences can change a promise: a refusal
or "take that back" removes it, a bare date completes it. The planned agenda is used for `not_covered` only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.adapters.offline.dates.day_rules import Reference
from assistant.adapters.offline.dates.due_date import corrects, due_date, start_with_preposition
from assistant.adapters.offline.debrief.commitments import Promise, promise
from assistant.adapters.offline.debrief.event_calendar import EventCalendar
from assistant.adapters.offline.debrief.item_text import deed, tidied
from assistant.adapters.offline.debrief.lexicon import begins, says
from assistant.adapters.offline.debrief.participants import Cast, Role, cast
from assistant.adapters.offline.debrief.points import answer, kind, skip_quote, takeaways
from assistant.adapters.offline.debrief.private_asides import audible
from assistant.adapters.offline.debrief.uncovered import not_covered
from assistant.adapters.offline.debrief.units import Statement, read
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief, Item

_SHORT, _SOON, _RECENT = 5, 3, 8


@dataclass(frozen=True)
class _Room:
    """Session data that the rules for a sentence need."""

    units: tuple[Statement, ...]
    people: Cast
    calendar: EventCalendar
    on: date


def structure(notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Role | None = None) -> Debrief:
    """Structures the notes of the session held `on` a day; mentee and mentor are display names. Raises on no text.

    `author` is the role of "I" if no speaker is named; None means that it is inferred from the text.
    """
    session = read(notes)
    units = _joined(audible(session))
    room = _Room(units, cast(session, mentee, mentor, author), EventCalendar(units, on), on)
    promises = _promises(room)
    items = {here: _promised(found, notes) for here, found in promises.items()} | _points(room, promises, notes)
    once = {(item.kind, item.quote): item for _, item in sorted(items.items(), reverse=True)}
    kept = tuple(item for item in reversed(once.values()) if item.quote.strip() and item.quote in notes)
    planned = [item.title for item in brief.agenda]
    return Debrief(kept, not_covered(planned, units))


def turned_down(units: Sequence[Statement], here: int) -> bool:
    """Whether the promise is refused by the other person or later in the line, or laughed off."""
    reply = answer(units, here)
    if reply is None:
        return False
    accepted = any(says("turn.accept", other.said) for other in units[here + 1 : here + _RECENT] if other.line == reply.line)
    laughed = bool(reply.speaker) and begins("turn.laugh", skip_quote(reply)) and not accepted
    refused = begins("turn.refuse", skip_quote(reply)) and not units[here].said.rstrip().endswith("?")
    return laughed or refused or (not reply.speaker and (says("turn.refused", reply.said) or says("turn.joke", reply.said)))


def _joined(units: Sequence[Statement]) -> tuple[Statement, ...]:
    """Under an actions heading, joins a few words with the next sentence of the line ("Form. Ana, today")."""
    joined: list[Statement] = []
    for unit in units:
        last = joined[-1] if joined else None
        if last and _headed(last, unit):
            gap = " " * (unit.start - last.end)
            text, said = last.text + gap + unit.text, last.said + gap + unit.said
            joined[-1] = replace(last, end=unit.end, text=text, said=said)
        else:
            joined.append(unit)
    return tuple(joined)


def _headed(last: Statement, unit: Statement) -> bool:
    listed = last.section == "actions" and last.line == unit.line and unit.start >= last.end
    return listed and len(last.text.split()) < _SHORT and not last.text.endswith("?")


def _promises(room: _Room) -> dict[int, Promise]:
    """Promises by sentence number, after later refusals and corrections."""
    found: dict[int, Promise] = {}
    dated: list[int] = []
    for here, unit in enumerate(room.units):
        if says("turn.supersede", unit.said):
            _take_back(found, here)
            continue
        stated = promise(unit, room.people, Reference(room.on, _latest(found, dated), room.calendar.day))
        if stated and not turned_down(room.units, here) and not _again(stated, found, here):
            found[here] = _completed(stated, room, here)
        last = next(reversed(found), None)
        if last is not None and found[last].due and last not in dated[-1:]:
            dated.append(last)
    return found


def _latest(found: dict[int, Promise], dated: list[int]) -> date | None:
    """The due day of the last dated promise; drops withdrawn ones from `dated`, a stack of sentence numbers."""
    while dated and dated[-1] not in found:
        dated.pop()
    due = found[dated[-1]].due if dated else None
    return due.on if due else None


def _take_back(found: dict[int, Promise], here: int) -> None:
    last = next(reversed(found), -1)
    if last >= 0 and here - last <= _RECENT:
        del found[last]


def _again(stated: Promise, found: dict[int, Promise], here: int) -> bool:
    """Whether the last promise is only repeated ("I'll do it by eight"); adds its date if that was missing."""
    last = next(reversed(found), -1)
    again = re.match(r"do (?:it|that|this)\b", stated.unit.said[stated.deed :], re.IGNORECASE)
    if not again or last < 0 or here - last > _RECENT or found[last].owner != stated.owner:
        return False
    if found[last].due is None:
        found[last] = replace(found[last], due=stated.due)
    return True


def _completed(stated: Promise, room: _Room, here: int) -> Promise:
    """Adds a bare date from the next sentences ("By Monday") or a corrected one ("No, sorry, Friday")."""
    if not stated.firm:
        return stated
    for other in room.units[here + 1 : here + _SOON]:
        near = other.speaker or other.line == stated.unit.line
        if near and len(other.text.split()) < _SHORT:
            seen = Reference(room.on)
            when = corrects(other.text, seen) if stated.due else due_date(other.text, seen)
            if when:
                wrong = start_with_preposition(stated.unit.text, stated.due) if stated.due else None
                return replace(stated, due=replace(when, instead_of=wrong))
    return stated


def _promised(found: Promise, notes: str) -> Item:
    quote = notes[found.unit.start : found.unit.end]
    if not found.firm:
        return Item("proposal", tidied(quote), quote)
    text = deed(quote, found.deed, found.due)
    return Item("action", text, quote, found.owner, found.due.on if found.due else None)


def _points(room: _Room, promises: dict[int, Promise], notes: str) -> dict[int, Item]:
    rest = [here for here in range(len(room.units)) if here not in promises]
    kinds = {here: kind(room.units, here, room.people) for here in rest}
    general = set(takeaways(room.units, room.people))
    items: dict[int, Item] = {}
    for here in rest:
        unit = room.units[here]
        quote = notes[unit.start : unit.end]
        name = kinds[here] or ("takeaway" if unit in general else None)
        if name:
            items[here] = Item(name, tidied(quote), quote)
    return items
