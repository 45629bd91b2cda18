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
from assistant.services.conversing.status_text import say
from assistant.services.handing_over.briefing import FIELDS
from assistant.services.handing_over.debriefing import minutes_of
from assistant.services.results import Refusal, refuse
from ui.page_context import Act, Look, Page, PageContext, PageInput
from ui.pages import session_parts
from ui.pages.bar import BAR_ACTS, bar
from ui.rendering import view_models
from ui.rendering.templates import draw

QUESTION_OPEN = (s.Sharpening, s.Ready)


@dataclass(frozen=True)
class Receipt:
    """Who has the brief, since when, until when, and how much of that time is over in percent."""

    name: str
    zone: str
    since: datetime
    due: datetime
    gone: int


def regions(context: PageContext, sent: PageInput) -> dict[str, str]:
    """The whole page for one request of this person; for an unknown one or none, the beginning of a new one."""
    request = _own(context, sent)
    return drawn(context, request)


def missing(context: PageContext, sent: PageInput) -> Refusal | None:
    found = context.app.services.request_views.read(context.actor, sent.request) if sent.request else None
    return found if isinstance(found, Refusal) else None


def drawn(context: PageContext, request: Request) -> dict[str, str]:
    """The whole page of a request that this person may read."""
    return {
        "bar": bar(context, "ask"),
        "chat": chat(context, request, working=False),
        "drawer_step": _step(context, request),
        "request": _request(context, request),
        "draft": _draft(context, request),
        "slots": _slots(request),
        "question": _question(request),
        "people": _people(context, request),
        "withdraw": draw("withdraw", can_withdraw=view_models.can_withdraw(request)),
        "debrief": session_parts.debrief(
            context, minutes_of(request), isinstance(request.stage, s.Debriefing), mentor_side=False
        ),
    }


def store(context: PageContext, sent: PageInput) -> Request | Refusal:
    """The message of this person, stored; the request is opened by the first message that can be taken."""
    message_id, words = sent.get("message_id"), sent.get("words")
    if not message_id or not sent.request:
        return refuse("no_act")
    return context.app.services.conversation.begin(context.actor, sent.request, message_id, words)


def _own(context: PageContext, sent: PageInput) -> Request:
    request = context.app.services.request_views.read(context.actor, sent.request) if sent.request else Request("")
    return Request("") if isinstance(request, Refusal) else request


def chat(context: PageContext, request: Request, working: bool) -> str:
    """The conversation; `working` shows that an answer is being made."""
    stage, zone = request.stage, context.actor.time_zone
    mentor = s.mentor_of(stage) or request.session_mentor or ""
    kept = bool(request.messages) and not request.pending and request.reply_to(request.messages[-1].id) is None
    silent = kept and request.owner is s.Party.MENTOR
    names = session_parts.names(context, (message.author for message in request.thread))
    return draw(
        "chat",
        turns=view_models.conversation(request),
        zone=zone,
        anchor=view_models.anchor,
        working=working or bool(request.pending),
        answers=len(request.replies),
        can_solve=view_models.can_edit(request),
        something_else=say("ask.something_else"),
        ask=stage.ask if isinstance(stage, s.MoreAsked) else "",
        thread=request.thread,
        me=context.actor.id,
        mentor=context.app.services.wording.name(mentor) if mentor else "",
        names=names,
        status=context.app.services.wording.silent(request, zone) if silent else "",
    )


def growing(grown: Sequence[Sentence]) -> str:
    """An answer as far as it has come; what it cites is shown when all of it is there."""
    return draw("growing", answer=grown)


def _step(context: PageContext, request: Request) -> str:
    now = next((step.name for step in view_models.steps(request.stage) if step.state == "now"), "")
    return say(f"step_name.{now}") if now else say("state.closed")


def _request(context: PageContext, request: Request) -> str:
    stage, actor = request.stage, context.actor
    booked = stage.slot if isinstance(stage, s.Booked) else None
    holder = s.mentor_of(stage)
    mentor = context.app.services.directory.get(holder or "")
    return draw(
        "request", request=request, steps=view_models.steps(stage), next_step=_next(context, request),
        receipt=_receipt(context, stage), booked=booked, mentor=mentor.name if mentor else "",
        mentor_zone=mentor.time_zone if mentor else "", zone=actor.time_zone, question=request.question,
        editable=isinstance(stage, QUESTION_OPEN), times=_times(context, request), closed=isinstance(stage, s.Closed),
        sample=session_parts.other_side(context, lambda account: account.mentor == holder) if holder else None,
        can_held=booked is not None and context.app.clock.now() >= booked.start,
    )  # fmt: skip


def _next(context: PageContext, request: Request) -> str:
    return context.app.services.wording.next_step(request, context.actor.time_zone)


def _slots(request: Request) -> str:
    return draw(
        "slots", slots=view_models.slots(request), can_edit=view_models.can_edit(request),
        show_slots=bool(request.version) and view_models.can_edit(request), folded=isinstance(request.stage, s.Briefing),
    )  # fmt: skip


def _question(request: Request) -> str:
    """The question while it may change, below the slots that it is made of: what is new moves nothing that one reads."""
    stage = request.stage
    proposed = isinstance(stage, s.Sharpening) and bool(stage.proposed)
    return draw(
        "question", question=request.question if isinstance(stage, QUESTION_OPEN) else "", proposed=proposed,
        can_rewrite=isinstance(stage, s.Ready),
    )  # fmt: skip


def _receipt(context: PageContext, stage: s.Stage) -> Receipt | None:
    if not isinstance(stage, s.Offered):
        return None
    mentor = context.app.services.directory.get(stage.mentor)
    gone = view_models.share_gone(stage.since, stage.due, context.app.clock.now())
    return Receipt(
        context.app.services.wording.name(stage.mentor), mentor.time_zone if mentor else "", stage.since, stage.due, gone
    )


def _times(context: PageContext, request: Request) -> tuple[TimeSlot, ...]:
    if not isinstance(request.stage, s.Booked):
        return ()
    free = context.app.services.handoff.free(context.actor, request.id)
    return () if isinstance(free, Refusal) else free


def _people(context: PageContext, request: Request) -> str:
    people = view_models.people(request)
    known = context.app.services.directory.some([match.mentor for match in people])
    zones = {key: mentor.time_zone for key, mentor in known.items()}
    return draw("people", people=people, zone=context.actor.time_zone, zones=zones)


def _draft(context: PageContext, request: Request) -> str:
    stage = request.stage
    name = context.app.services.wording.name
    sheet = view_models.draft_sheet(stage) if isinstance(stage, s.Briefing) else None
    to = sheet.recipients if sheet else tuple(filter(None, [s.mentor_of(stage)]))
    brief = request.brief if to else None
    return draw(
        "draft", sheet=sheet, brief=brief, names=[name(mentor) for mentor in to], anchor=view_models.anchor,
        may_ask=say("cli.may_ask"),
    )  # fmt: skip


def _edit_slot(context: PageContext, sent: PageInput) -> object:
    name = next((known for known in SLOTS if known == sent.get("name")), None)
    return (
        context.app.services.conversation.edit_slot(context.actor, sent.request, name, sent.get("words"))
        if name
        else refuse("no_act")
    )


def _choose(context: PageContext, sent: PageInput) -> object:
    """Choosing a person also confirms the question that stands there."""
    request = context.app.services.request_views.read(context.actor, sent.request)
    if not isinstance(request, Refusal) and isinstance(request.stage, s.Sharpening) and request.question:
        confirmed = context.app.services.conversation.confirm(context.actor, sent.request)
        if isinstance(confirmed, Refusal):
            return confirmed
    return context.app.services.briefing.choose(context.actor, sent.request, sent.get("mentor"))


def _in_person(context: PageContext, sent: PageInput) -> object:
    name = next((known for known in FIELDS if known == sent.get("name")), None)
    return context.app.services.briefing.in_person(context.actor, sent.request, name) if name else refuse("no_act")


def _only_first(context: PageContext, sent: PageInput) -> object:
    request = context.app.services.request_views.read(context.actor, sent.request)
    if isinstance(request, Refusal):
        return request
    first = request.stage.recipients[:1] if isinstance(request.stage, s.Briefing) else ()
    return context.app.services.briefing.only_to(context.actor, sent.request, first)


ACTS: Mapping[str, Act] = {
    "edit_slot": _edit_slot,
    "confirm": lambda d, x: d.app.services.conversation.confirm(d.actor, x.request, x.get("question")),
    "solved": lambda d, x: d.app.services.conversation.solved(d.actor, x.request),
    "choose": _choose,
    "edit_brief": lambda d, x: d.app.services.briefing.edit(d.actor, x.request, x.get("name"), x.get("words")),
    "in_person": _in_person,
    "ready_to_note": lambda d, x: d.app.services.briefing.ready_to_note(d.actor, x.request, x.get("checked") == "true"),
    "only_first": _only_first,
    "approve": lambda d, x: d.app.services.briefing.approve(d.actor, x.request, x.get("seal")),
    "withdraw": lambda d, x: d.app.services.handoff.withdraw(d.actor, x.request),
    "move": session_parts.move,
    "held": session_parts.held,
    "note": session_parts.note,
    "confirm_debrief": session_parts.confirm_debrief,
    "report": lambda d, x: d.app.services.debriefing.report(d.actor, x.request, x.get("words")),
    "finish": lambda d, x: d.app.services.debriefing.finish(d.actor, x.request),
    **BAR_ACTS,
}
PARTS: Mapping[str, Look] = {"thanks": session_parts.thanks, "article": session_parts.article}
PAGE = Page("ask", "/", regions, ACTS, PARTS, missing=missing)
