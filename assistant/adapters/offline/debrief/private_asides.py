"""Removes private asides, private matters and instructions to the note taker from the sentences of a session.

A cue such as "off the record" also hides sentences around it: those before it if it takes something back, those after
it if it announces something. Losing an item is preferred to quoting a private matter.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from assistant.adapters.offline.debrief.lexicon import count, says
from assistant.adapters.offline.debrief.units import Session, Statement

_TURNS_BACK, _TURNS_ON, _LONG_LINE, _NEAR, _RETURN = 3, 2, 4, 2, 12


def audible(session: Session) -> tuple[Statement, ...]:
    """The sentences that may be quoted, in order."""
    hidden = {here for here, unit in enumerate(session.units) if says("silence.personal", unit.text)}
    hidden |= _ordered(session.units)
    hide = _asides_of_transcript if session.transcript else _asides_of_notes
    hidden |= hide(session.units)
    return tuple(unit for here, unit in enumerate(session.units) if here not in hidden)


def _ordered(units: Sequence[Statement]) -> set[int]:
    """Every sentence of a line that addresses the note taker."""
    lines = {unit.line for unit in units if says("silence.injected", unit.text)}
    return {here for here, unit in enumerate(units) if unit.line in lines}


def _asides_of_notes(units: Sequence[Statement]) -> set[int]:
    hidden: set[int] = set()
    lines: dict[int, list[int]] = {}
    for here, unit in enumerate(units):
        lines.setdefault(unit.line, []).append(here)
    for here, unit in enumerate(units):
        if says("silence.back", unit.text) or says("silence.on", unit.text):
            line = lines[unit.line]
            near = line if len(line) <= _LONG_LINE else range(max(line[0], here - _NEAR), min(line[-1], here + _NEAR) + 1)
            hidden |= set(near)
            if len(line) == 1 and len(unit.text.split()) <= _LONG_LINE:
                hidden.add(max(0, here - 1))
    return hidden


def _asides_of_transcript(units: Sequence[Statement]) -> set[int]:
    turns = sorted({unit.line for unit in units})
    place = {line: at for at, line in enumerate(turns)}
    quiet: set[int] = set()
    opens = sorted({place[unit.line] for unit in units if says("silence.open", unit.text)})
    for unit in units:
        at = place[unit.line]
        if says("silence.back", unit.text):
            quiet |= set(range(at - _TURNS_BACK, at + 1))
        if says("silence.on", unit.text):
            ahead = _reopened(opens, at) or at + (_TURNS_ON if _announces(unit) else 1)
            quiet |= set(range(at - (0 if _announces(unit) else _TURNS_BACK), ahead + 1))
    return {here for here, unit in enumerate(units) if place[unit.line] in quiet}


def _announces(unit: Statement) -> bool:
    """Whether the private matter follows the cue or is in the same sentence, unlike a short "off the record, please"."""
    return len(unit.text.split()) - 3 * count("silence.on", unit.text) > _NEAR


def _reopened(opens: Sequence[int], at: int) -> int | None:
    later = bisect_right(opens, at)
    return opens[later] if later < len(opens) and opens[later] - at <= _RETURN else None
