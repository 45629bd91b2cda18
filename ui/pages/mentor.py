"""The mentor's page: the inbox by deadline, one brief that reads in a minute, three answers, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.domain.schedule import TimeSlot
from assistant.ports import Summary
from assistant.services.debriefing import Minutes
from assistant.services.inbox import Offer
from assistant.services.results import Refusal, refuse
from assistant.services.wording import say
from ui import present
from ui.desk import Act, Desk, Page, Sent
from ui.draw import draw
from ui.pages import shared
from ui.pages.bar import BAR_ACTS, bar

GROUPS = {"answer": ("offered",), "sessions": ("booked",), "going": ("exchanging", "debriefing", "more_asked")}
"""Parts of the inbox, by stage: what waits for an answer, what is in the calendar, what goes on."""


def regions(desk: Desk, sent: Sent) -> dict[str, str]:
    offer = _brought(desk, sent.request) if sent.request else None
    seen_offer = None if isinstance(offer, Refusal) else offer
    closed = isinstance(offer, Refusal) and _held(desk, sent.request)
    still_open = seen_offer is not None and seen_offer.stage == "debriefing"
    shown = sent.request if still_open or closed else ""
    return {
        "bar": bar(desk, "mentor"),
        "inbox": _inbox(desk, sent.request),
        "offer": _offer(desk, seen_offer, offer if isinstance(offer, Refusal) and not closed else None),
        "debrief": shared.debrief(desk, _minutes(desk, shown), still_open, mentor_side=True),
    }


def _minutes(desk: Desk, request: str) -> Minutes | None:
    found = desk.app.debriefing.read(desk.actor, request) if request else None
    return None if isinstance(found, Refusal) else found


def _held(desk: Desk, request: str) -> bool:
    """Whether this mentor held the session of a request that is closed."""
    minutes, own = desk.app.debriefing.read(desk.actor, request), desk.app.inbox.read(desk.actor, request)
    return not isinstance(minutes, Refusal) and isinstance(own, Refusal)


def _brought(desk: Desk, request: str) -> Offer | Refusal:
    """The offer of somebody else; ones own request is looked at on the mentee's page."""
    offer = desk.app.inbox.offer(desk.actor, request)
    own = isinstance(offer, Offer) and offer.mentee == desk.actor.id
    return refuse("not_the_holder") if own else offer


def _inbox(desk: Desk, chosen: str) -> str:
    rows, past = _listed(desk.app.inbox.offers(desk.actor)), _listed(desk.app.overview.held(desk.actor))
    groups = [(name, [row for row in rows if row.stage in stages]) for name, stages in GROUPS.items()]
    return draw(
        "inbox", groups=groups, past=past, chosen=chosen, zone=desk.actor.time_zone, profile=bool(desk.actor.mentor),
        names=shared.names(desk, (row.mentee for row in (*rows, *past))),
    )  # fmt: skip


def _listed(rows: tuple[Summary, ...] | Refusal) -> tuple[Summary, ...]:
    return () if isinstance(rows, Refusal) else rows


def _offer(desk: Desk, offer: Offer | None, refused: Refusal | None) -> str:
    mentee = desk.app.accounts.get(offer.mentee) if offer else None
    read = desk.app.sessions.thread(desk.actor, offer.request) if offer else ()
    thread = () if isinstance(read, Refusal) else read
    name = desk.app.parts.wording.name
    begun = offer is not None and offer.slot is not None and desk.app.clock.now() >= offer.slot.start
    return draw(
        "offer", offer=offer, refused=say("mentor_page.gone") if refused else "", zone=desk.actor.time_zone, me=desk.actor.id,
        mentee=mentee.name if mentee else (offer.mentee if offer else ""), mentee_zone=mentee.time_zone if mentee else "",
        slots=_slots(desk, offer), others=[(other, name(other)) for other in offer.others] if offer else [],
        thread=thread, names=shared.names(desk, (message.author for message in thread)), anchor=present.anchor, can_held=begun,
        waiting=bool(_listed(desk.app.inbox.offers(desk.actor))), sample=mentee if desk.app.settings.demo else None,
    )  # fmt: skip


def _slots(desk: Desk, offer: Offer | None) -> tuple[TimeSlot, ...]:
    if offer is None or offer.stage not in ("offered", "booked"):
        return ()
    free = desk.app.handoff.free(desk.actor, offer.request)
    return () if isinstance(free, Refusal) else free


def _accept(desk: Desk, sent: Sent) -> object:
    start = shared.moment(sent.get("start"))
    return desk.app.handoff.accept(desk.actor, sent.request, start) if start else refuse("no_time")


ACTS: Mapping[str, Act] = {
    "accept": _accept,
    "accept_written": lambda d, x: d.app.handoff.accept(d.actor, x.request, None),
    "pass_on": lambda d, x: d.app.handoff.pass_on(d.actor, x.request, x.get("note"), x.get("to") or None),
    "ask": lambda d, x: d.app.handoff.ask(d.actor, x.request, x.get("words")),
    "post": lambda d, x: d.app.sessions.post(d.actor, x.request, x.get("message_id"), x.get("words")),
    "hand_back": lambda d, x: d.app.sessions.hand_back(d.actor, x.request),
    "move": shared.move,
    "cancel": lambda d, x: d.app.sessions.cancel(d.actor, x.request, x.get("note")),
    "held": shared.held,
    "note": shared.note,
    "confirm_debrief": shared.confirm_debrief,
    "attest": lambda d, x: d.app.debriefing.attest(d.actor, x.request, x.get("words")),
    **BAR_ACTS,
}
PAGE = Page("mentor", "/mentor", regions, ACTS, {"article": shared.article})
