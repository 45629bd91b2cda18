"""The mentor's page: the inbox, and one request with its brief, the answers to it, thread, session and debrief."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.domain.schedule import TimeSlot
from assistant.ports import Summary
from assistant.services.conversing.status_text import say
from assistant.services.handing_over.debriefing import Minutes
from assistant.services.handing_over.introductions import described
from assistant.services.results import Refusal, refuse
from assistant.services.views.request_views import Offer
from ui.page_context import Action, Page, PageContext, PageInput
from ui.pages import session_parts
from ui.pages.navigation_bar import BAR_ACTIONS, navigation_bar
from ui.rendering import view_models
from ui.rendering.templates import render

GROUPS = {"answer": ("offered",), "sessions": ("booked",), "going": ("exchanging", "debriefing", "more_asked")}
"""Groups of the inbox, by stage: to be answered, booked sessions, under way."""


def regions(context: PageContext, sent: PageInput) -> dict[str, str]:
    found = _find_offer(context, sent.request) if sent.request else None
    offer = None if isinstance(found, Refusal) else found
    is_closed = isinstance(found, Refusal) and _held_session(context, sent.request)
    is_debriefing = offer is not None and offer.stage == "debriefing"
    minutes = _minutes(context, sent.request) if is_debriefing or is_closed else None
    return {
        "bar": navigation_bar(context, "mentor"),
        "inbox": _inbox(context, sent.request),
        "offer": _offer(context, offer, is_gone=isinstance(found, Refusal) and not is_closed),
        "debrief": session_parts.debrief(context, minutes, is_debriefing, mentor_side=True),
    }


def _minutes(context: PageContext, request: str) -> Minutes | None:
    found = context.services.debriefing.read(context.actor, request)
    return None if isinstance(found, Refusal) else found


def _held_session(context: PageContext, request: str) -> bool:
    """Whether this mentor held the session of this closed request."""
    minutes = context.services.debriefing.read(context.actor, request)
    own = context.services.request_views.read(context.actor, request)
    return not isinstance(minutes, Refusal) and isinstance(own, Refusal)


def _find_offer(context: PageContext, request: str) -> Offer | Refusal:
    """The offer made to this mentor; refused for their own request, which belongs on the mentee's page."""
    offer = context.services.request_views.offer(context.actor, request)
    own = isinstance(offer, Offer) and offer.mentee == context.actor.id
    return refuse("not_the_holder") if own else offer


def _inbox(context: PageContext, chosen: str) -> str:
    rows = _rows(context.services.request_views.offers(context.actor))
    past = _rows(context.services.overview.held(context.actor))
    groups = [(name, [row for row in rows if row.stage in stages]) for name, stages in GROUPS.items()]
    return render(
        "inbox", groups=groups, past=past, chosen=chosen, zone=context.actor.time_zone, profile=bool(context.actor.mentor),
        names=session_parts.names(context, (row.mentee for row in (*rows, *past))),
    )  # fmt: skip


def _rows(rows: tuple[Summary, ...] | Refusal) -> tuple[Summary, ...]:
    return () if isinstance(rows, Refusal) else rows


def _offer(context: PageContext, offer: Offer | None, is_gone: bool) -> str:
    mentee = context.app.accounts.get(offer.mentee) if offer else None
    messages = context.services.sessions.thread(context.actor, offer.request) if offer else ()
    thread = () if isinstance(messages, Refusal) else messages
    name = context.wording.name
    has_begun = offer is not None and offer.slot is not None and context.app.clock.now() >= offer.slot.start
    return render(
        "offer",
        offer=offer,
        profile=described(offer.brief.mentee) if offer else (),
        gone=say("mentor_page.gone") if is_gone else "",
        zone=context.actor.time_zone,
        me=context.actor.id,
        mentee=mentee.name if mentee else (offer.mentee if offer else ""),
        mentee_zone=mentee.time_zone if mentee else "",
        slots=_slots(context, offer),
        others=[(other, name(other)) for other in offer.others] if offer else [],
        thread=thread,
        names=session_parts.names(context, (message.author for message in thread)),
        anchor=view_models.anchor,
        can_held=has_begun,
        waiting=bool(_rows(context.services.request_views.offers(context.actor))),
        sample=mentee if context.app.settings.demo else None,
    )


def _slots(context: PageContext, offer: Offer | None) -> tuple[TimeSlot, ...]:
    if offer is None or offer.stage not in ("offered", "booked"):
        return ()
    free = context.services.handoff.free(context.actor, offer.request)
    return () if isinstance(free, Refusal) else free


def _accept(context: PageContext, sent: PageInput) -> object:
    start = session_parts.moment(sent.get("start"))
    return context.services.handoff.accept(context.actor, sent.request, start) if start else refuse("no_time")


ACTIONS: Mapping[str, Action] = {
    "accept": _accept,
    "accept_written": lambda context, sent: context.services.handoff.accept(context.actor, sent.request, None),
    "pass_on": lambda context, sent: context.services.handoff.pass_on(
        context.actor, sent.request, sent.get("note"), sent.get("to") or None
    ),
    "ask": lambda context, sent: context.services.handoff.ask(context.actor, sent.request, sent.get("words")),
    "post": lambda context, sent: context.services.sessions.post(
        context.actor, sent.request, sent.get("message_id"), sent.get("words")
    ),
    "hand_back": lambda context, sent: context.services.sessions.hand_back(context.actor, sent.request),
    "move": session_parts.move,
    "cancel": lambda context, sent: context.services.sessions.cancel(context.actor, sent.request, sent.get("note")),
    "held": session_parts.held,
    "note": session_parts.note,
    "confirm_debrief": session_parts.confirm_debrief,
    "attest": lambda context, sent: context.services.debriefing.attest(context.actor, sent.request, sent.get("words")),
    **BAR_ACTIONS,
}
PAGE = Page("mentor", "/mentor", regions, ACTIONS, {"article": session_parts.article})
