"""One session for all tests here: Noor asks, Peter helps, on Wednesday 10 June 2026."""

from __future__ import annotations

from datetime import date

from assistant.adapters.offline.debrief import structure
from assistant.domain.brief import AgendaItem, Brief
from assistant.domain.debrief import Debrief, Item, ItemKind

MENTEE, MENTOR = "Noor Haddad", "Peter Lindqvist"
DAY = date(2026, 6, 10)


def debrief(notes: str, *planned: str, questions: tuple[str, ...] = ()) -> Debrief:
    agenda = tuple(AgendaItem(point, 5) for point in planned)
    return structure(notes, Brief((), 5 * len(agenda), agenda, mentor_questions=questions), MENTEE, MENTOR, DAY)


def only(notes: str, kind: ItemKind = "action") -> Item:
    """The single item of that kind."""
    (item,) = debrief(notes).of(kind)
    return item


def shown(found: Debrief) -> str:
    """All that a person would see of it, except the plan."""
    return "\n".join(f"{item.text}\n{item.quote}" for item in found.items)
