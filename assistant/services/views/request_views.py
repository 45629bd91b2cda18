"""Lists and views of requests: those of a mentee, and offers to a mentor, who sees the brief but never the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.domain import stages as s
from assistant.domain.brief import Brief
from assistant.domain.request import Request
from assistant.domain.schedule import TimeSlot
from assistant.ports import RequestIndex, Summary
from assistant.services.accounts.access import Actor, may
from assistant.services.conversing.status_text import StatusText
from assistant.services.ledger import Ledger
from assistant.services.results import Refusal


@dataclass(frozen=True)
class Offer:
    """A request as a mentor sees it, without messages, need and quotes.

    `others` are further mentors whom the mentee approved, while the request can be passed on; `slot` is the booked time.
    """

    request: str
    stage: str
    mentee: str
    brief: Brief
    due: datetime | None
    others: tuple[str, ...]
    next_step: str
    slot: TimeSlot | None = None
    ask: str = ""


class RequestViews:
    def __init__(self, ledger: Ledger, index: RequestIndex, wording: StatusText) -> None:
        self._ledger, self._index, self._wording = ledger, index, wording

    def mine(self, actor: Actor) -> tuple[Summary, ...] | Refusal:
        """The mentee's own requests, newest change first."""
        refusal = may(actor, "request.list")
        if refusal:
            return refusal
        return tuple(sorted(self._index.of_mentee(actor.id), key=lambda row: row.changed_at, reverse=True))

    def read(self, actor: Actor, request_id: str) -> Request | Refusal:
        """The whole request, for its mentee only."""
        return self._ledger.read(actor, "request.read", request_id)

    def offers(self, actor: Actor) -> tuple[Summary, ...] | Refusal:
        """The requests this mentor holds, the earliest deadline first."""
        refusal = may(actor, "offer.list")
        if refusal:
            return refusal
        return self._index.of_mentor(actor.mentor) if actor.mentor else ()

    def offer(self, actor: Actor, request_id: str) -> Offer | Refusal:
        """The approved brief of one request, for the mentor who holds it and for its mentee."""
        request = self._ledger.read(actor, "brief.read", request_id)
        if isinstance(request, Refusal):
            return request
        stage, brief = request.stage, request.brief
        if brief is None or (isinstance(stage, s.Briefing) and actor.id != request.mentee):
            return Refusal("unknown_request", self._wording.next_step(request, actor.time_zone))
        if actor.id != request.mentee:
            brief = brief.for_mentor(actor.mentor or "")
        others = stage.rest if isinstance(stage, s.Offered) else ()
        slot, due = getattr(stage, "slot", None), getattr(stage, "due", None)
        step, ask = self.next_step(request, actor), getattr(stage, "ask", "")
        return Offer(request.id, s.stage_name(stage), request.mentee, brief, due, others, step, slot, ask)

    def silence(self, request: Request) -> str:
        """The notice to the mentee that a message was stored while the mentor owns the reply."""
        return self._wording.silent(request, request.time_zone)

    def next_step(self, request: Request, actor: Actor) -> str:
        """What happens next, worded for the mentee or the mentor."""
        if actor.id == request.mentee:
            return self._wording.next_step(request, actor.time_zone)
        return self._wording.for_mentor(request, actor.time_zone)
