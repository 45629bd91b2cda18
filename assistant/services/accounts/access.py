"""Authorisation: tables of operations, checked before every operation.

An operation on a request names the allowed relations to it (its mentee, the mentor who holds it, a former holder, others); any
other operation names roles. Without read access the answer is "not found". A mentor gets a request without its conversation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.domain.request import Request
from assistant.domain.stages import Booked, Closed, Debriefing, Exchanging, MoreAsked, Offered, mentor_of
from assistant.ports import Account
from assistant.services.results import Refusal, refuse


class Relation(StrEnum):
    OWN = "own"
    HOLDER = "holder"
    FORMER = "former"
    OTHER = "other"


class Role(StrEnum):
    MENTEE = "mentee"
    MENTOR = "mentor"
    CURATOR = "curator"
    ADMIN = "admin"


@dataclass(frozen=True)
class Actor:
    """The acting person: account id, roles, and the id of their mentor profile, if any."""

    id: str
    roles: frozenset[str] = frozenset()
    mentor: str | None = None
    time_zone: str = "UTC"
    name: str = ""

    @staticmethod
    def of(account: Account) -> Actor:
        return Actor(account.login, account.roles, account.mentor, account.time_zone, account.name)


_OWN = frozenset({Relation.OWN})
_HOLDER = frozenset({Relation.HOLDER})
_BOTH = _OWN | _HOLDER
ON_REQUEST: dict[str, frozenset[Relation]] = {
    "request.read": _OWN,
    "request.say": _OWN,
    "request.edit": _OWN,
    "request.confirm": _OWN,
    "request.solve": _OWN,
    "request.choose": _OWN,
    "request.withdraw": _OWN,
    "brief.edit": _OWN,
    "brief.approve": _OWN,
    "brief.read": _BOTH,
    "offer.accept": _HOLDER,
    "offer.pass": _HOLDER,
    "offer.ask": _HOLDER,
    "thread.read": _BOTH,
    "thread.post": _BOTH,
    "thread.hand_back": _HOLDER,
    "booking.read": _BOTH,
    "booking.move": _BOTH,
    "booking.cancel": _HOLDER,
    "booking.held": _BOTH,
    "debrief.note": _BOTH,
    "debrief.read": _BOTH,
    "debrief.confirm": _BOTH,
    "competency.attest": _HOLDER,
    "competency.report": _OWN,
    "request.finish": _OWN,
    "draft.thanks": _OWN,
    "draft.article": _BOTH,
}
_ANYBODY = frozenset(Role)
BY_ROLE: dict[str, frozenset[Role]] = {
    "request.open": frozenset({Role.MENTEE}),
    "request.list": frozenset({Role.MENTEE}),
    "offer.list": frozenset({Role.MENTOR}),
    "knowledge.search": _ANYBODY,
    "experts.search": _ANYBODY,
    "knowledge.ingest": frozenset({Role.CURATOR, Role.ADMIN}),
    "knowledge.reindex": frozenset({Role.CURATOR, Role.ADMIN}),
    "account.manage": frozenset({Role.ADMIN}),
    "export.own": _ANYBODY,
    "news.read": _ANYBODY,
    "model.switch": _ANYBODY,
    "usage.read": frozenset({Role.CURATOR, Role.ADMIN}),
}


def relation(actor: Actor, request: Request) -> Relation:
    if actor.id == request.mentee:
        return Relation.OWN
    if actor.mentor and "mentor" in actor.roles:
        if actor.mentor == _holder(request):
            return Relation.HOLDER
        if actor.mentor in request.declined or actor.mentor == request.session_mentor:
            return Relation.FORMER
    return Relation.OTHER


def _holder(request: Request) -> str | None:
    """The mentor who holds the request now; for a closed one the mentor of the session."""
    return request.session_mentor if isinstance(request.stage, Closed) else mentor_of(request.stage)


def may_on(actor: Actor, operation: str, request: Request) -> Refusal | None:
    """None if allowed. Without any relation to the request the answer is "not found"."""
    allowed = ON_REQUEST[operation]
    related = relation(actor, request)
    if not request.version or related is Relation.OTHER:
        return refuse("unknown_request")
    if related in allowed:
        return None
    return refuse("not_the_holder") if related is Relation.FORMER else refuse("not_allowed")


def as_seen_by(actor: Actor, request: Request) -> Request:
    """The whole request for its mentee; for others stage, brief and session, without the conversation."""
    if relation(actor, request) is Relation.OWN:
        return request
    stage = request.stage
    if isinstance(stage, Offered | MoreAsked | Exchanging | Booked | Debriefing):
        stage = replace(stage, brief=stage.brief.for_mentor(actor.mentor or ""))
    plain = Request(request.id, request.mentee, request.time_zone, request.version, request.opened_at, request.changed_at)
    return replace(
        plain, stage=stage, thread=request.thread, notes=request.notes, debrief=request.debrief,
        confirmed_by=request.confirmed_by, competencies=request.competencies, session_mentor=request.session_mentor,
        session_at=request.session_at,
    )  # fmt: skip


def may(actor: Actor, operation: str) -> Refusal | None:
    """None if one of the actor's roles allows the operation."""
    allowed = BY_ROLE[operation]
    if actor.roles & allowed:
        return None
    return refuse("role", login=actor.id, roles=", ".join(sorted(allowed)))
