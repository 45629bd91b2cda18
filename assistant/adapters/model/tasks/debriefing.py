"""Structuring notes with a model on top of the rules: their items stay, the model adds what it can quote from what may be heard.

Only the audible sentences are sent: private asides and orders to the note taker stay in the house. Long notes go in chunks, at
once. Kinds, owners and dates that bind somebody are held against the sentence itself, by the rules' own grammar.
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
from assistant.adapters.offline.debrief.commitments import nothing_agreed, promise
from assistant.adapters.offline.debrief.date_phrases import Reference
from assistant.adapters.offline.debrief.due_dates import Calendar, due
from assistant.adapters.offline.debrief.item_text import tidied
from assistant.adapters.offline.debrief.lexicon import begins, says
from assistant.adapters.offline.debrief.participants import Cast, Role, cast
from assistant.adapters.offline.debrief.private_asides import audible
from assistant.adapters.offline.debrief.structure import turned_down
from assistant.adapters.offline.debrief.units import Unit, read
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
"""Sentences after a promise in which it can be taken back."""
_AHEAD = re.compile(r"\b(?:will|shall|going to|gonna|agreed to|promised? to|is to|are to|am to)\b|'ll\b", re.IGNORECASE)


@dataclass(frozen=True)
class Hearing:
    """What every claim is held against: the sentences that may be heard, and who is who."""

    notes: str
    units: tuple[Unit, ...]
    people: Cast
    on: date
    calendar: Calendar


def debrief(client: ModelClient, before: Debrief, notes: str, mentee: str, mentor: str, on: date, author: Role) -> Debrief:
    """The rules' debrief with what the model adds. Raises ModelFailed if no part of the notes could be read, or where most of
    what the model quotes stands nowhere in them: then the rest is there by chance."""
    session = read(notes)
    units = audible(session)
    hearing = Hearing(notes, units, cast(session, mentee, mentor, author), on, Calendar(units, on))
    claimed = [item for minutes in _minutes(client, hearing, before, author, session.transcript) for item in minutes.items]
    if 2 * sum(located(item.quote, notes) is not None for item in claimed) < len(claimed):
        raise ModelFailed("unsupported")
    added = list(_added(claimed, hearing, before))
    return replace(before, items=_in_order((*before.items, *added), notes))


def _minutes(client: ModelClient, hearing: Hearing, before: Debrief, author: Role, spoken: bool) -> Sequence[Minutes]:
    """The model's answers to all chunks; those that fail are left out unless all do."""
    lines = list(_lines(hearing, [item.quote for item in before.items]))
    room, count = client.room("debrief", MOST_TOKENS, lines)
    parts = chunks(lines, room * 9 // 10, count)[:MOST_CALLS]
    by = "both, as they speak" if spoken else author
    if not parts:
        return ()

    def one(part: Sequence[str]) -> Minutes | ModelFailed:
        try:
            return client.structured("debrief", Minutes, MOST_TOKENS, part, author=by)
        except ModelFailed as failure:
            return failure

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="debrief") as threads:
        asked = [threads.submit(copy_context().run, one, part) for part in parts]
        answers = [answer.result() for answer in asked]
    read = [answer for answer in answers if isinstance(answer, Minutes)]
    if not read:
        raise next(answer for answer in answers if isinstance(answer, ModelFailed))
    return read


def _lines(hearing: Hearing, taken: Sequence[str]) -> Iterator[str]:
    """The audible sentences as they stand in the notes, a line at a time, with who speaks; without those that are taken, on
    which the model is not heard."""
    open_units = (unit for unit in hearing.units if not _overlaps(hearing.notes[unit.start : unit.end], taken))
    for _, units in groupby(open_units, key=lambda unit: unit.line):
        every = list(units)
        said = " ".join(hearing.notes[unit.start : unit.end] for unit in every)
        yield f"{every[0].speaker}: {said}" if every[0].speaker else said


def _added(claimed: Iterable[Noted], hearing: Hearing, before: Debrief) -> Iterator[Item]:
    """What the rules do not have yet, a sentence at most once."""
    taken = [item.quote for item in before.items]
    room = max(0, MOST_TAKEAWAYS - sum(item.kind == "takeaway" for item in before.items))
    for claim in claimed:
        here = _place(claim.quote, hearing)
        if here is None or not claim.kind:
            continue
        quote = _quote(hearing, here)
        if any(title.casefold() in quote.casefold() for title in before.not_covered):
            continue
        item = _item(claim.kind, claim.owner or None, here, hearing)
        if item is None or _overlaps(quote, taken):
            continue
        if item.kind == "takeaway":
            room -= 1
        if item.kind != "takeaway" or room >= 0:
            taken.append(quote)
            yield item


def _overlaps(quote: str, taken: Iterable[str]) -> bool:
    return any(quote in other or other in quote for other in taken)


def _place(quote: str, hearing: Hearing) -> int | None:
    """The audible sentence that the quote stands in, or that is the first of those in the quote."""
    found = located(quote, hearing.notes)
    if not found or len(words(found)) < LEAST_WORDS:
        return None
    start = hearing.notes.find(found)
    while start >= 0:
        for here, unit in enumerate(hearing.units):
            if unit.start <= start < unit.end or start <= unit.start < unit.end <= start + len(found):
                return here
        start = hearing.notes.find(found, start + 1)
    return None


def _quote(hearing: Hearing, here: int) -> str:
    return hearing.notes[hearing.units[here].start : hearing.units[here].end]


def _item(kind: ItemKind, owner: Owner | None, here: int, hearing: Hearing) -> Item | None:
    """The claim as far as its sentence bears it, or None."""
    quote, unit = _quote(hearing, here), hearing.units[here]
    if says("turn.defer", unit.said) or says("turn.refused", unit.said):
        return None
    if kind == "action":
        return _action(owner, here, hearing)
    if kind != "open_question" and unit.text.rstrip(" )\"'").endswith("?"):
        return None
    if kind == "takeaway" and says("point.personal", unit.said):
        return None
    if kind == "competency" and (_AHEAD.search(unit.said) or says("action.hedge", unit.said)):
        return None
    if kind == "decision" and (turned_down(hearing.units, here) or says("action.condition", unit.said)):
        return None
    return Item(kind, tidied(quote), quote)


def _action(owner: Owner | None, here: int, hearing: Hearing) -> Item | None:
    """An action that the rules missed: its sentence names who does it, looks ahead, and nobody refused or took it back."""
    unit, seen = hearing.units[here], Reference(hearing.on, None, hearing.calendar.day)
    followed = hearing.units[here + 1 : here + RECENT]
    loose = nothing_agreed(unit) or turned_down(hearing.units, here) or any(says("turn.supersede", o.said) for o in followed)
    known = promise(unit, hearing.people, seen)
    when = due(unit.text, seen)
    ahead = when is not None or _AHEAD.search(unit.said) or unit.section == "actions"
    named = owner is not None and any(hearing.people.owner(word, unit) == owner for word in words(unit.said))
    if loose or known or not ahead or not named or _done_or_denied(unit.said):
        return None
    quote = _quote(hearing, here)
    return Item("action", tidied(quote), quote, owner, when.on if when else None)


def _done_or_denied(said: str) -> bool:
    past = any(begins("action.past", word) or word.endswith("ed") for word in words(said))
    return says("action.past_time", said) or says("action.negation", said) or (past and not _AHEAD.search(said))


def _in_order(items: Sequence[Item], notes: str) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: notes.find(item.quote)))
