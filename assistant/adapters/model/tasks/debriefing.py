"""Structures session notes: keeps the items of the offline rules and adds items of the model that quote the notes.

Private asides and instructions to the note taker are not sent. Long notes are sent in concurrent chunks. Kind, owner and date of
an added item are verified against its sentence with the grammar of the offline rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.model_client import ModelClient
from assistant.adapters.model.tasks.shapes import Minutes, Noted
from assistant.adapters.offline.dates.day_rules import Reference
from assistant.adapters.offline.dates.due_date import due_date
from assistant.adapters.offline.debrief.commitments import nothing_agreed, promise
from assistant.adapters.offline.debrief.event_calendar import EventCalendar
from assistant.adapters.offline.debrief.item_text import tidied
from assistant.adapters.offline.debrief.lexicon import begins, says
from assistant.adapters.offline.debrief.participants import Cast, Role, cast
from assistant.adapters.offline.debrief.private_asides import audible
from assistant.adapters.offline.debrief.structure import turned_down
from assistant.adapters.offline.debrief.units import Statement, read
from assistant.dialogue.grounding.alignment import located
from assistant.dialogue.grounding.folded_words import words
from assistant.dialogue.privacy.token_window import chunks
from assistant.domain.debrief import Debrief, Item, ItemKind, Owner

MOST_TOKENS = 1500
MOST_CALLS = 8
AT_ONCE = 3
MOST_TAKEAWAYS = 8
LEAST_WORDS = 3
RECENT = 8
"""Number of sentences, from a promise on, in which it can be withdrawn."""
_AHEAD = re.compile(r"\b(?:will|shall|going to|gonna|agreed to|promised? to|is to|are to|am to)\b|'ll\b", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """What every claim of the model is verified against: the notes, their public sentences, and the people."""

    notes: str
    units: tuple[Statement, ...]
    people: Cast
    on: date
    calendar: EventCalendar


def debrief(client: ModelClient, before: Debrief, notes: str, mentee: str, mentor: str, on: date, author: Role) -> Debrief:
    """The rules' debrief with verified items of the model.

    Raises ModelFailed if all chunks failed, or if most of the model's quotes are not in the notes.
    """
    session = read(notes)
    units = audible(session)
    source = Source(notes, units, cast(session, mentee, mentor, author), on, EventCalendar(units, on))
    claimed = [item for minutes in _minutes(client, source, before, author, session.transcript) for item in minutes.items]
    if 2 * sum(located(item.quote, notes) is not None for item in claimed) < len(claimed):
        raise ModelFailed("unsupported")
    added = list(_added(claimed, source, before))
    return replace(before, items=_in_order((*before.items, *added), notes))


def _minutes(client: ModelClient, source: Source, before: Debrief, author: Role, spoken: bool) -> Sequence[Minutes]:
    """The model's answers for all chunks without those that failed. Raises ModelFailed if all did."""
    lines = list(_lines(source, [item.quote for item in before.items]))
    room, count = client.room("debrief", MOST_TOKENS, lines)
    parts = chunks(lines, room * 9 // 10, count)[:MOST_CALLS]
    by = "both, as they speak" if spoken else author
    if not parts:
        return ()

    def request(part: Sequence[str]) -> Minutes | ModelFailed:
        try:
            return client.structured("debrief", Minutes, MOST_TOKENS, part, author=by)
        except ModelFailed as failure:
            return failure

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="debrief") as threads:
        asked = [threads.submit(copy_context().run, request, part) for part in parts]
        answers = [answer.result() for answer in asked]
    read = [answer for answer in answers if isinstance(answer, Minutes)]
    if not read:
        raise next(answer for answer in answers if isinstance(answer, ModelFailed))
    return read


def _lines(source: Source, taken: Sequence[str]) -> Iterator[str]:
    """The public sentences of the notes by line, with their speaker, without those that the rules already used."""
    open_units = (unit for unit in source.units if not _overlaps(source.notes[unit.start : unit.end], taken))
    for _, units in groupby(open_units, key=lambda unit: unit.line):
        every = list(units)
        said = " ".join(source.notes[unit.start : unit.end] for unit in every)
        yield f"{every[0].speaker}: {said}" if every[0].speaker else said


def _added(claimed: Iterable[Noted], source: Source, before: Debrief) -> Iterator[Item]:
    """Verified items that the rules do not have, at most one per sentence."""
    taken = [item.quote for item in before.items]
    room = max(0, MOST_TAKEAWAYS - sum(item.kind == "takeaway" for item in before.items))
    for claim in claimed:
        here = _place(claim.quote, source)
        if here is None or not claim.kind:
            continue
        quote = _quote(source, here)
        if any(title.casefold() in quote.casefold() for title in before.not_covered):
            continue
        item = _item(claim.kind, claim.owner or None, here, source)
        if item is None or _overlaps(quote, taken):
            continue
        if item.kind == "takeaway":
            room -= 1
        if item.kind != "takeaway" or room >= 0:
            taken.append(quote)
            yield item


def _overlaps(quote: str, taken: Iterable[str]) -> bool:
    return any(quote in other or other in quote for other in taken)


def _place(quote: str, source: Source) -> int | None:
    """Index of the public sentence that contains the quote, or of the first one within it; None if there is none."""
    found = located(quote, source.notes)
    if not found or len(words(found)) < LEAST_WORDS:
        return None
    start = source.notes.find(found)
    while start >= 0:
        for here, unit in enumerate(source.units):
            if unit.start <= start < unit.end or start <= unit.start < unit.end <= start + len(found):
                return here
        start = source.notes.find(found, start + 1)
    return None


def _quote(source: Source, here: int) -> str:
    return source.notes[source.units[here].start : source.units[here].end]


def _item(kind: ItemKind, owner: Owner | None, here: int, source: Source) -> Item | None:
    """The item, or None if its sentence does not support the claim."""
    quote, unit = _quote(source, here), source.units[here]
    if says("turn.defer", unit.said) or says("turn.refused", unit.said):
        return None
    if kind == "action":
        return _action(owner, here, source)
    if kind != "open_question" and unit.text.rstrip(" )\"'").endswith("?"):
        return None
    if kind == "takeaway" and says("point.personal", unit.said):
        return None
    if kind == "competency" and (_AHEAD.search(unit.said) or says("action.hedge", unit.said)):
        return None
    if kind == "decision" and (turned_down(source.units, here) or says("action.condition", unit.said)):
        return None
    return Item(kind, tidied(quote), quote)


def _action(owner: Owner | None, here: int, source: Source) -> Item | None:
    """An action that the rules missed; None unless its sentence names the owner, is about the future, and was not withdrawn."""
    unit, seen = source.units[here], Reference(source.on, None, source.calendar.day)
    followed = source.units[here + 1 : here + RECENT]
    loose = (
        nothing_agreed(unit) or turned_down(source.units, here) or any(says("turn.supersede", later.said) for later in followed)
    )
    known = promise(unit, source.people, seen)
    when = due_date(unit.text, seen)
    ahead = when is not None or _AHEAD.search(unit.said) or unit.section == "actions"
    named = owner is not None and any(source.people.owner(word, unit) == owner for word in words(unit.said))
    if loose or known or not ahead or not named or _done_or_denied(unit.said):
        return None
    quote = _quote(source, here)
    return Item("action", tidied(quote), quote, owner, when.on if when else None)


def _done_or_denied(said: str) -> bool:
    past = any(begins("action.past", word) or word.endswith("ed") for word in words(said))
    return says("action.past_time", said) or says("action.negation", said) or (past and not _AHEAD.search(said))


def _in_order(items: Sequence[Item], notes: str) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: notes.find(item.quote)))
