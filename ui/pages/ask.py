"""The mentee's page: the conversation, and beside it the request with its slots, people, brief, receipt and debrief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain import stages as s
from assistant.domain.need import SLOTS
from assistant.domain.reply import Sentence
from assistant.domain.request import Request
from assistant.domain.schedule import TimeSlot
from assistant.services.briefing import FIELDS
from assistant.services.debriefing import minutes_of
from assistant.services.results import Refusal, refuse
from assistant.services.wording import say
from ui import present
from ui.desk import Act, Desk, Look, Page, Sent
from ui.draw import draw
from ui.pages import shared
from ui.pages.bar import BAR_ACTS, bar

QUESTION_OPEN = (s.Sharpening, s.Ready)


@dataclass(frozen=True)
class Receipt:
    """Who has the brief, since when, until when, and how much of that time is over in percent."""

    name: str
    zone: str
    since: datetime
    due: datetime
    gone: int


def regions(desk: Desk, sent: Sent) -> dict[str, str]:
    """The whole page for one request of this person; for an unknown one or none, the beginning of a new one."""
    request = _own(desk, sent)
    return drawn(desk, request)


def missing(desk: Desk, sent: Sent) -> Refusal | None:
    found = desk.app.inbox.read(desk.actor, sent.request) if sent.request else None
    return found if isinstance(found, Refusal) else None


def drawn(desk: Desk, request: Request) -> dict[str, str]:
    """The whole page of a request that this person may read."""
    return {
        "bar": bar(desk, "ask"),
        "chat": chat(desk, request, working=False),
        "drawer_step": _step(desk, request),
        "request": _request(desk, request),
        "draft": _draft(desk, request),
        "slots": _slots(request),
        "question": _question(request),
        "people": _people(desk, request),
        "withdraw": draw("withdraw", can_withdraw=present.can_withdraw(request)),
        "debrief": shared.debrief(desk, minutes_of(request), isinstance(request.stage, s.Debriefing), mentor_side=False),
    }


def store(desk: Desk, sent: Sent) -> Request | Refusal:
    """The message of this person, stored; the request is opened by the first message that can be taken."""
    message_id, words = sent.get("message_id"), sent.get("words")
    if not message_id or not sent.request:
        return refuse("no_act")
    return desk.app.conversation.begin(desk.actor, sent.request, message_id, words)


def _own(desk: Desk, sent: Sent) -> Request:
    request = desk.app.inbox.read(desk.actor, sent.request) if sent.request else Request("")
    return Request("") if isinstance(request, Refusal) else request


def chat(desk: Desk, request: Request, working: bool) -> str:
    """The conversation; `working` shows that an answer is being made."""
    stage, zone = request.stage, desk.actor.time_zone
    mentor = s.mentor_of(stage) or request.session_mentor or ""
    kept = bool(request.messages) and not request.pending and request.reply_to(request.messages[-1].id) is None
    silent = kept and request.owner is s.Party.MENTOR
    names = shared.names(desk, (message.author for message in request.thread))
    return draw(
        "chat", turns=present.conversation(request), zone=zone, anchor=present.anchor, working=working or bool(request.pending),
        answers=len(request.replies),
        can_solve=present.can_edit(request), something_else=say("ask.something_else"),
        ask=stage.ask if isinstance(stage, s.MoreAsked) else "", thread=request.thread, me=desk.actor.id,
        mentor=desk.app.parts.wording.name(mentor) if mentor else "", names=names,
        status=desk.app.parts.wording.silent(request, zone) if silent else "",
    )  # fmt: skip


def growing(grown: Sequence[Sentence]) -> str:
    """An answer as far as it has come; what it cites is shown when all of it is there."""
    return draw("growing", answer=grown)


def _step(desk: Desk, request: Request) -> str:
    now = next((step.name for step in present.steps(request.stage) if step.state == "now"), "")
    return say(f"step_name.{now}") if now else say("state.closed")


def _request(desk: Desk, request: Request) -> str:
    stage, actor = request.stage, desk.actor
    booked = stage.slot if isinstance(stage, s.Booked) else None
    holder = s.mentor_of(stage)
    mentor = desk.app.parts.directory.get(holder or "")
    return draw(
        "request", request=request, steps=present.steps(stage), next_step=_next(desk, request),
        receipt=_receipt(desk, stage), booked=booked, mentor=mentor.name if mentor else "",
        mentor_zone=mentor.time_zone if mentor else "", zone=actor.time_zone, question=request.question,
        editable=isinstance(stage, QUESTION_OPEN), times=_times(desk, request), closed=isinstance(stage, s.Closed),
        sample=shared.other_side(desk, lambda account: account.mentor == holder) if holder else None,
        can_held=booked is not None and desk.app.clock.now() >= booked.start,
    )  # fmt: skip


def _next(desk: Desk, request: Request) -> str:
    return desk.app.parts.wording.next_step(request, desk.actor.time_zone)


def _slots(request: Request) -> str:
    return draw(
        "slots", slots=present.slots(request), can_edit=present.can_edit(request),
        show_slots=bool(request.version) and present.can_edit(request), folded=isinstance(request.stage, s.Briefing),
    )  # fmt: skip


def _question(request: Request) -> str:
    """The question while it may change, below the slots that it is made of: what is new moves nothing that one reads."""
    stage = request.stage
    proposed = isinstance(stage, s.Sharpening) and bool(stage.proposed)
    return draw(
        "question", question=request.question if isinstance(stage, QUESTION_OPEN) else "", proposed=proposed,
        can_rewrite=isinstance(stage, s.Ready),
    )  # fmt: skip


def _receipt(desk: Desk, stage: s.Stage) -> Receipt | None:
    if not isinstance(stage, s.Offered):
        return None
    mentor = desk.app.parts.directory.get(stage.mentor)
    gone = present.share_gone(stage.since, stage.due, desk.app.clock.now())
    return Receipt(desk.app.parts.wording.name(stage.mentor), mentor.time_zone if mentor else "", stage.since, stage.due, gone)


def _times(desk: Desk, request: Request) -> tuple[TimeSlot, ...]:
    if not isinstance(request.stage, s.Booked):
        return ()
    free = desk.app.handoff.free(desk.actor, request.id)
    return () if isinstance(free, Refusal) else free


def _people(desk: Desk, request: Request) -> str:
    people = present.people(request)
    known = desk.app.parts.directory.some([match.mentor for match in people])
    zones = {key: mentor.time_zone for key, mentor in known.items()}
    return draw("people", people=people, zone=desk.actor.time_zone, zones=zones)


def _draft(desk: Desk, request: Request) -> str:
    stage = request.stage
    name = desk.app.parts.wording.name
    sheet = present.draft_sheet(stage) if isinstance(stage, s.Briefing) else None
    to = sheet.recipients if sheet else tuple(filter(None, [s.mentor_of(stage)]))
    brief = request.brief if to else None
    return draw(
        "draft", sheet=sheet, brief=brief, names=[name(mentor) for mentor in to], anchor=present.anchor,
        may_ask=say("cli.may_ask"),
    )  # fmt: skip


def _edit_slot(desk: Desk, sent: Sent) -> object:
    name = next((known for known in SLOTS if known == sent.get("name")), None)
    return desk.app.conversation.edit_slot(desk.actor, sent.request, name, sent.get("words")) if name else refuse("no_act")


def _choose(desk: Desk, sent: Sent) -> object:
    """Choosing a person also confirms the question that stands there."""
    request = desk.app.inbox.read(desk.actor, sent.request)
    if not isinstance(request, Refusal) and isinstance(request.stage, s.Sharpening) and request.question:
        confirmed = desk.app.conversation.confirm(desk.actor, sent.request)
        if isinstance(confirmed, Refusal):
            return confirmed
    return desk.app.briefing.choose(desk.actor, sent.request, sent.get("mentor"))


def _in_person(desk: Desk, sent: Sent) -> object:
    name = next((known for known in FIELDS if known == sent.get("name")), None)
    return desk.app.briefing.in_person(desk.actor, sent.request, name) if name else refuse("no_act")


def _only_first(desk: Desk, sent: Sent) -> object:
    request = desk.app.inbox.read(desk.actor, sent.request)
    if isinstance(request, Refusal):
        return request
    first = request.stage.recipients[:1] if isinstance(request.stage, s.Briefing) else ()
    return desk.app.briefing.only_to(desk.actor, sent.request, first)


ACTS: Mapping[str, Act] = {
    "edit_slot": _edit_slot,
    "confirm": lambda d, x: d.app.conversation.confirm(d.actor, x.request, x.get("question")),
    "solved": lambda d, x: d.app.conversation.solved(d.actor, x.request),
    "choose": _choose,
    "edit_brief": lambda d, x: d.app.briefing.edit(d.actor, x.request, x.get("name"), x.get("words")),
    "in_person": _in_person,
    "ready_to_note": lambda d, x: d.app.briefing.ready_to_note(d.actor, x.request, x.get("checked") == "true"),
    "only_first": _only_first,
    "approve": lambda d, x: d.app.briefing.approve(d.actor, x.request, x.get("seal")),
    "withdraw": lambda d, x: d.app.handoff.withdraw(d.actor, x.request),
    "move": shared.move,
    "held": shared.held,
    "note": shared.note,
    "confirm_debrief": shared.confirm_debrief,
    "report": lambda d, x: d.app.debriefing.report(d.actor, x.request, x.get("words")),
    "finish": lambda d, x: d.app.debriefing.finish(d.actor, x.request),
    **BAR_ACTS,
}
PARTS: Mapping[str, Look] = {"thanks": shared.thanks, "article": shared.article}
PAGE = Page("ask", "/", regions, ACTS, PARTS, missing=missing)
