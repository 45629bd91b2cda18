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
from assistant.services.handing_over.introductions import described
from assistant.services.results import Refusal, refuse
from ui.page_context import Action, Page, PageContext, PageInput, Query
from ui.pages import session_parts
from ui.pages.navigation_bar import BAR_ACTIONS, navigation_bar
from ui.rendering import view_models
from ui.rendering.templates import render

QUESTION_OPEN = (s.Sharpening, s.Ready)


@dataclass(frozen=True)
class Receipt:
    """Who has the brief, since when and until when; `percent_gone` is the share of that time that is over."""

    name: str
    zone: str
    since: datetime
    due: datetime
    percent_gone: int


def regions(context: PageContext, sent: PageInput) -> dict[str, str]:
    """All regions for the request in the address, or for a new one if there is none or this person cannot read it."""
    return shown(context, sent)[0]


def shown(context: PageContext, sent: PageInput) -> tuple[dict[str, str], Refusal | None]:
    """The same, with the refusal if this person cannot read the request."""
    found = context.services.request_views.read(context.actor, sent.request) if sent.request else Request("")
    if isinstance(found, Refusal):
        return request_regions(context, Request("")), found
    return request_regions(context, found), None


def request_regions(context: PageContext, request: Request) -> dict[str, str]:
    """All regions for a request that this person may read."""
    context.mentors.some([match.mentor for match in request.matches])
    return {
        "bar": navigation_bar(context, "ask"),
        "chat": chat(context, request, working=False),
        "drawer_step": _step_name(request),
        "request": _request(context, request),
        "draft": _brief(context, request),
        "slots": _slots(request),
        "question": _question(request),
        "people": _people(context, request),
        "withdraw": render("withdraw", can_withdraw=view_models.can_withdraw(request)),
        "debrief": session_parts.debrief(
            context, minutes_of(request), isinstance(request.stage, s.Debriefing), mentor_side=False
        ),
    }  # fmt: skip


def store(context: PageContext, sent: PageInput) -> Request | Refusal:
    """Stores a message of this person; the first message opens the request."""
    message_id, text = sent.get("message_id"), sent.get("words")
    if not message_id or not sent.request:
        return refuse("no_act")
    return context.services.conversation.begin(context.actor, sent.request, message_id, text)


def chat(context: PageContext, request: Request, working: bool) -> str:
    """The conversation; `working` shows that an answer is under way."""
    stage, zone, wording = request.stage, context.actor.time_zone, context.wording
    mentor = s.mentor_of(stage) or request.session_mentor or ""
    return render(
        "chat",
        turns=view_models.conversation(request),
        zone=zone,
        anchor=view_models.anchor,
        working=working or bool(request.pending),
        answers=len(request.replies),
        can_solve=view_models.can_edit(request),
        something_else=say("ask.something_else"),
        mentor_names={asked.author: wording.name(asked.author) for asked in request.mentor_asked},
        thread=request.thread,
        me=context.actor.id,
        mentor=wording.name(mentor) if mentor else "",
        names=session_parts.names(context, (message.author for message in request.thread)),
        status=wording.silent(request, zone) if view_models.is_left_to_mentor(request) else "",
    )


def partial_answer(partial: Sequence[Sentence]) -> str:
    """An answer while it is being written, without links to what it cites."""
    return render("partial_answer", answer=partial)


def _step_name(request: Request) -> str:
    current = next((step.name for step in view_models.steps(request.stage) if step.state == "now"), "")
    return say(f"step_name.{current}") if current else say("state.closed")


def _request(context: PageContext, request: Request) -> str:
    stage, actor = request.stage, context.actor
    booked = stage.slot if isinstance(stage, s.Booked) else None
    mentor_id = s.mentor_of(stage)
    mentor = context.mentors.get(mentor_id or "")
    return render(
        "request", request=request, steps=view_models.steps(stage),
        next_step=context.wording.next_step(request, actor.time_zone),
        receipt=_receipt(context, stage), booked=booked, mentor=mentor.name if mentor else "",
        mentor_zone=mentor.time_zone if mentor else "", zone=actor.time_zone,
        question="" if isinstance(stage, s.Briefing) else request.question,
        editable=isinstance(stage, QUESTION_OPEN), times=_times(context, request), closed=isinstance(stage, s.Closed),
        sample=session_parts.demo_account(context, lambda account: account.mentor == mentor_id) if mentor_id else None,
        can_held=booked is not None and context.app.clock.now() >= booked.start,
    )  # fmt: skip


def _receipt(context: PageContext, stage: s.Stage) -> Receipt | None:
    if not isinstance(stage, s.Offered):
        return None
    mentor = context.mentors.get(stage.mentor)
    return Receipt(
        context.wording.name(stage.mentor), mentor.time_zone if mentor else "", stage.since, stage.due,
        view_models.percent_gone(stage.since, stage.due, context.app.clock.now()),
    )  # fmt: skip


def _times(context: PageContext, request: Request) -> tuple[TimeSlot, ...]:
    """Free times to move a booked session to."""
    if not isinstance(request.stage, s.Booked):
        return ()
    free = context.services.handoff.free(context.actor, request.id)
    return () if isinstance(free, Refusal) else free


def _slots(request: Request) -> str:
    return render(
        "slots", slots=view_models.slots(request), can_edit=view_models.can_edit(request),
        show_slots=bool(request.version) and view_models.can_edit(request), folded=isinstance(request.stage, s.Briefing),
    )  # fmt: skip


def _question(request: Request) -> str:
    """The question while it can change. It follows the slots, so a new one does not shift what is being read."""
    stage = request.stage
    return render(
        "question", question=request.question if isinstance(stage, QUESTION_OPEN) else "",
        proposed=isinstance(stage, s.Sharpening) and bool(stage.proposed), can_rewrite=isinstance(stage, s.Ready),
    )  # fmt: skip


def _people(context: PageContext, request: Request) -> str:
    people = view_models.people(request)
    mentors = context.mentors.some([match.mentor for match in people])
    zones = {mentor_id: mentor.time_zone for mentor_id, mentor in mentors.items()}
    return render("people", people=people, zone=context.actor.time_zone, zones=zones,
                  folded=isinstance(request.stage, s.Briefing))  # fmt: skip


def _brief(context: PageContext, request: Request) -> str:
    """The draft of a brief with its checklist, or the brief that was sent."""
    stage = request.stage
    sheet = view_models.draft_sheet(stage) if isinstance(stage, s.Briefing) else None
    recipients = sheet.recipients if sheet else tuple(filter(None, [s.mentor_of(stage)]))
    return render(
        "brief_draft", sheet=sheet, brief=request.brief if recipients else None, anchor=view_models.anchor,
        profile=described(request.brief.mentee) if request.brief else (),
        names=[context.wording.name(mentor) for mentor in recipients], may_ask=say("cli.may_ask"),
    )  # fmt: skip


def _edit_slot(context: PageContext, sent: PageInput) -> object:
    slot = next((name for name in SLOTS if name == sent.get("name")), None)
    if slot is None:
        return refuse("no_act")
    return context.services.conversation.edit_slot(context.actor, sent.request, slot, sent.get("words"))


def _choose(context: PageContext, sent: PageInput) -> object:
    """Chooses a mentor. A question that is still proposed is confirmed first."""
    request = context.services.request_views.read(context.actor, sent.request)
    if not isinstance(request, Refusal) and isinstance(request.stage, s.Sharpening) and request.question:
        confirmed = context.services.conversation.confirm(context.actor, sent.request)
        if isinstance(confirmed, Refusal):
            return confirmed
    return context.services.briefing.choose(context.actor, sent.request, sent.get("mentor"))


def _in_person(context: PageContext, sent: PageInput) -> object:
    field = next((name for name in FIELDS if name == sent.get("name")), None)
    return context.services.briefing.in_person(context.actor, sent.request, field) if field else refuse("no_act")


def _only_first(context: PageContext, sent: PageInput) -> object:
    request = context.services.request_views.read(context.actor, sent.request)
    if isinstance(request, Refusal):
        return request
    first = request.stage.recipients[:1] if isinstance(request.stage, s.Briefing) else ()
    return context.services.briefing.only_to(context.actor, sent.request, first)


def _edit_brief(context: PageContext, sent: PageInput) -> object:
    return context.services.briefing.edit(context.actor, sent.request, sent.get("name"), sent.get("words"))


def _ready_to_note(context: PageContext, sent: PageInput) -> object:
    return context.services.briefing.ready_to_note(context.actor, sent.request, sent.get("checked") == "true")


ACTIONS: Mapping[str, Action] = {
    "edit_slot": _edit_slot,
    "confirm": lambda context, sent: context.services.conversation.confirm(context.actor, sent.request, sent.get("question")),
    "solved": lambda context, sent: context.services.conversation.solved(context.actor, sent.request),
    "choose": _choose,
    "edit_brief": _edit_brief,
    "in_person": _in_person,
    "ready_to_note": _ready_to_note,
    "only_first": _only_first,
    "approve": lambda context, sent: context.services.briefing.approve(context.actor, sent.request, sent.get("hash")),
    "withdraw": lambda context, sent: context.services.handoff.withdraw(context.actor, sent.request),
    "move": session_parts.move,
    "held": session_parts.held,
    "note": session_parts.note,
    "confirm_debrief": session_parts.confirm_debrief,
    "report": lambda context, sent: context.services.debriefing.report(context.actor, sent.request, sent.get("words")),
    "finish": lambda context, sent: context.services.debriefing.finish(context.actor, sent.request),
    **BAR_ACTIONS,
}
QUERIES: Mapping[str, Query] = {"thanks": session_parts.thanks, "article": session_parts.article}
PAGE = Page("ask", "/", regions, ACTIONS, QUERIES, shown=shown)
