"""The mentor's page: the inbox by deadline, one brief that reads in a minute, three answers, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.domain.schedule import TimeSlot
from assistant.ports import Summary
from assistant.services.conversing.status_text import say
from assistant.services.handing_over.debriefing import Minutes
from assistant.services.results import Refusal, refuse
from assistant.services.views.request_views import Offer
from ui.page_context import Act, Page, PageContext, PageInput
from ui.pages import session_parts
from ui.pages.bar import BAR_ACTS, bar
from ui.rendering import view_models
from ui.rendering.templates import draw

GROUPS = {"answer": ("offered",), "sessions": ("booked",), "going": ("exchanging", "debriefing", "more_asked")}
"""Parts of the inbox, by stage: what waits for an answer, what is in the calendar, what goes on."""


def regions(context: PageContext, sent: PageInput) -> dict[str, str]:
    offer = _brought(context, sent.request) if sent.request else None
    seen_offer = None if isinstance(offer, Refusal) else offer
    closed = isinstance(offer, Refusal) and _held(context, sent.request)
    still_open = seen_offer is not None and seen_offer.stage == "debriefing"
    shown = sent.request if still_open or closed else ""
    return {
        "bar": bar(context, "mentor"),
        "inbox": _inbox(context, sent.request),
        "offer": _offer(context, seen_offer, offer if isinstance(offer, Refusal) and not closed else None),
        "debrief": session_parts.debrief(context, _minutes(context, shown), still_open, mentor_side=True),
    }


def _minutes(context: PageContext, request: str) -> Minutes | None:
    found = context.app.services.debriefing.read(context.actor, request) if request else None
    return None if isinstance(found, Refusal) else found


def _held(context: PageContext, request: str) -> bool:
    """Whether this mentor held the session of a request that is closed."""
    minutes, own = (
        context.app.services.debriefing.read(context.actor, request),
        context.app.services.request_views.read(context.actor, request),
    )
    return not isinstance(minutes, Refusal) and isinstance(own, Refusal)


def _brought(context: PageContext, request: str) -> Offer | Refusal:
    """The offer of somebody else; ones own request is looked at on the mentee's page."""
    offer = context.app.services.request_views.offer(context.actor, request)
    own = isinstance(offer, Offer) and offer.mentee == context.actor.id
    return refuse("not_the_holder") if own else offer


def _inbox(context: PageContext, chosen: str) -> str:
    rows, past = (
        _listed(context.app.services.request_views.offers(context.actor)),
        _listed(context.app.services.overview.held(context.actor)),
    )
    groups = [(name, [row for row in rows if row.stage in stages]) for name, stages in GROUPS.items()]
    return draw(
        "inbox", groups=groups, past=past, chosen=chosen, zone=context.actor.time_zone, profile=bool(context.actor.mentor),
        names=session_parts.names(context, (row.mentee for row in (*rows, *past))),
    )  # fmt: skip


def _listed(rows: tuple[Summary, ...] | Refusal) -> tuple[Summary, ...]:
    return () if isinstance(rows, Refusal) else rows


def _offer(context: PageContext, offer: Offer | None, refused: Refusal | None) -> str:
    mentee = context.app.accounts.get(offer.mentee) if offer else None
    read = context.app.services.sessions.thread(context.actor, offer.request) if offer else ()
    thread = () if isinstance(read, Refusal) else read
    name = context.app.services.wording.name
    begun = offer is not None and offer.slot is not None and context.app.clock.now() >= offer.slot.start
    return draw(
        "offer",
        offer=offer,
        refused=say("mentor_page.gone") if refused else "",
        zone=context.actor.time_zone,
        me=context.actor.id,
        mentee=mentee.name if mentee else (offer.mentee if offer else ""),
        mentee_zone=mentee.time_zone if mentee else "",
        slots=_slots(context, offer),
        others=[(other, name(other)) for other in offer.others] if offer else [],
        thread=thread,
        names=session_parts.names(context, (message.author for message in thread)),
        anchor=view_models.anchor,
        can_held=begun,
        waiting=bool(_listed(context.app.services.request_views.offers(context.actor))),
        sample=mentee if context.app.settings.demo else None,
    )


def _slots(context: PageContext, offer: Offer | None) -> tuple[TimeSlot, ...]:
    if offer is None or offer.stage not in ("offered", "booked"):
        return ()
    free = context.app.services.handoff.free(context.actor, offer.request)
    return () if isinstance(free, Refusal) else free


def _accept(context: PageContext, sent: PageInput) -> object:
    start = session_parts.moment(sent.get("start"))
    return context.app.services.handoff.accept(context.actor, sent.request, start) if start else refuse("no_time")


ACTS: Mapping[str, Act] = {
    "accept": _accept,
    "accept_written": lambda d, x: d.app.services.handoff.accept(d.actor, x.request, None),
    "pass_on": lambda d, x: d.app.services.handoff.pass_on(d.actor, x.request, x.get("note"), x.get("to") or None),
    "ask": lambda d, x: d.app.services.handoff.ask(d.actor, x.request, x.get("words")),
    "post": lambda d, x: d.app.services.sessions.post(d.actor, x.request, x.get("message_id"), x.get("words")),
    "hand_back": lambda d, x: d.app.services.sessions.hand_back(d.actor, x.request),
    "move": session_parts.move,
    "cancel": lambda d, x: d.app.services.sessions.cancel(d.actor, x.request, x.get("note")),
    "held": session_parts.held,
    "note": session_parts.note,
    "confirm_debrief": session_parts.confirm_debrief,
    "attest": lambda d, x: d.app.services.debriefing.attest(d.actor, x.request, x.get("words")),
    **BAR_ACTS,
}
PAGE = Page("mentor", "/mentor", regions, ACTS, {"article": session_parts.article})
