"""View models: pure functions from domain values to what a page shows, without markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from assistant.domain import stages as s
from assistant.domain.brief import Brief, Check, approval_hash, checklist
from assistant.domain.mentor import Citation, Match
from assistant.domain.need import SLOTS, Slot, SlotName
from assistant.domain.reply import Reply
from assistant.domain.request import Message, Request

STEPS = ("sharpen", "know", "match", "brief", "meet", "close")
_STEP: dict[type[s.Stage], int] = {
    s.Sharpening: 0,
    s.Ready: 2,
    s.Briefing: 3,
    s.Offered: 3,
    s.MoreAsked: 3,
    s.Exchanging: 4,
    s.Booked: 4,
    s.Debriefing: 5,
    s.Closed: 6,
}
EDITABLE = (s.Sharpening, s.Ready, s.Briefing)
CHECK_NAMES = ("question", "background", "success", "note")


@dataclass(frozen=True)
class Step:
    """`state` is "done", "now" or "ahead"."""

    name: str
    state: str


@dataclass(frozen=True)
class SlotRow:
    name: SlotName
    slot: Slot | None
    also: tuple[str, ...]


@dataclass(frozen=True)
class ChatTurn:
    """A message, a reply or a mentor's further question, in the order of the conversation. Replies are numbered from 1.

    `live` marks the reply to the last message of an open request: its options can still be chosen.
    """

    message: Message | None = None
    reply: Reply | None = None
    asked: Message | None = None
    live: bool = False
    number: int = 0


@dataclass(frozen=True)
class BriefSheet:
    """A draft of a brief as the mentor will get it, with its checklist; an approval must give `approval_hash`."""

    brief: Brief
    checks: tuple[tuple[str, Check], ...]
    ready: bool
    approval_hash: str
    recipients: tuple[str, ...]


def steps(stage: s.Stage) -> tuple[Step, ...]:
    """The six steps of a request, with the current one marked."""
    current = 1 if isinstance(stage, s.Sharpening) and stage.proposed else _STEP[type(stage)]
    return tuple(Step(name, "done" if at < current else "now" if at == current else "ahead") for at, name in enumerate(STEPS))


def slots(request: Request) -> tuple[SlotRow, ...]:
    rows = ((name, request.need.get(name)) for name in SLOTS)
    return tuple(SlotRow(name, slot, _other_quotes(slot) if slot else ()) for name, slot in rows)


def _other_quotes(slot: Slot) -> tuple[str, ...]:
    """The quotes whose words the value does not show already."""
    return tuple(quote for quote in (slot.quote, *slot.also) if " ".join(quote.split()) not in slot.value)


def conversation(request: Request) -> tuple[ChatTurn, ...]:
    return tuple(_turns(request))


def _turns(request: Request) -> Iterator[ChatTurn]:
    replies = _by_message(request)
    last = request.messages[-1].id if request.messages else ""
    number = 0
    asked = list(request.mentor_asked)
    for message in request.messages:
        while asked and asked[0].at <= message.at:
            yield ChatTurn(asked=asked.pop(0))
        yield ChatTurn(message=message)
        for reply in replies.get(message.id, ()):
            number += 1
            live = message.id == last and reply is request.replies[-1] and not isinstance(request.stage, s.Closed)
            yield ChatTurn(reply=reply, live=live, number=number)
    yield from (ChatTurn(asked=question) for question in asked)


def _by_message(request: Request) -> dict[str, list[Reply]]:
    """The replies below each message; one that answers no message, such as after an edit, stands below the one before it."""
    found: dict[str, list[Reply]] = {}
    place = request.messages[0].id if request.messages else ""
    for reply in request.replies:
        place = reply.to[-1] if reply.to else place
        found.setdefault(place, []).append(reply)
    return found


def can_edit(request: Request) -> bool:
    return isinstance(request.stage, EDITABLE)


def can_withdraw(request: Request) -> bool:
    return bool(request.version) and not isinstance(request.stage, s.Debriefing | s.Closed)


def is_left_to_mentor(request: Request) -> bool:
    """Whether the last message went to the mentor, so that Askwell does not answer it."""
    unanswered = bool(request.messages) and not request.pending and request.reply_to(request.messages[-1].id) is None
    return unanswered and request.owner is s.Party.MENTOR


def people(request: Request) -> tuple[Match, ...]:
    """The suggested mentors while one can be chosen; without those who declined, and the one whom the brief is for."""
    stage = request.stage
    choosing = isinstance(stage, s.Ready | s.Briefing) or (isinstance(stage, s.Sharpening) and stage.proposed)
    chosen = stage.recipients[:1] if isinstance(stage, s.Briefing) else ()
    return tuple(m for m in request.matches if m.mentor not in (*request.declined, *chosen)) if choosing else ()


def draft_sheet(stage: s.Briefing) -> BriefSheet:
    checks = checklist(stage.draft)
    ready = all(check.passed for check in checks)
    named = tuple(zip(CHECK_NAMES, checks, strict=True))
    return BriefSheet(stage.draft, named, ready, approval_hash(stage.draft, stage.recipients), stage.recipients)


def anchor(citation: Citation) -> str:
    """The link to a cited text, marked in its article."""
    return f"/article/{citation.article}?start={citation.start}&end={citation.end}#quote"


def percent_gone(since: datetime, due: datetime, now: datetime) -> int:
    """How much of the time from `since` to `due` is over at `now`, from 0 to 100."""
    whole = (due - since).total_seconds()
    return max(0, min(100, round(100 * (now - since).total_seconds() / whole))) if whole > 0 else 100
