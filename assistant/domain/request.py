"""A request is the fold of its events. `evolve` computes the next state and rejects illegal transitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.altered import altered
from assistant.domain.brief import Brief
from assistant.domain.debrief import Competency, Debrief
from assistant.domain.mentor import Citation, Match
from assistant.domain.need import Need
from assistant.domain.reply import Asks, Kind, Reply
from assistant.domain.transitions import TRANSITIONS


class IllegalTransition(Exception):
    """An event that is not allowed in this stage; a bug in the caller, never shown to a person."""

    def __init__(self, stage: s.Stage, event: e.Event, detail: str = "") -> None:
        super().__init__(f"{type(event).__name__} may not happen in {type(stage).__name__}{detail and ': ' + detail}")


@dataclass(frozen=True)
class Message:
    id: str
    author: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Request:
    """The state of a request; `version` is the number of its events and the expected version of an append.

    `kept` is the brief of a handoff that came back, to start from for the next mentor. `last_question` stays when the stage no
    longer has a question. `mentor_asked` are the further questions of mentors, by their ids. `apart` are ids of messages that
    led to a referral, which are not used for quotes, search or briefs.
    """

    id: str
    mentee: str = ""
    time_zone: str = "UTC"
    version: int = 0
    opened_at: datetime | None = None
    changed_at: datetime | None = None
    stage: s.Stage = field(default_factory=s.Sharpening)
    kind: Kind = Kind.VAGUE
    need: Need = field(default_factory=Need)
    messages: tuple[Message, ...] = ()
    thread: tuple[Message, ...] = ()
    mentor_asked: tuple[Message, ...] = ()
    pending: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()
    asked: tuple[Asks, ...] = ()
    citations: tuple[Citation, ...] = ()
    matches: tuple[Match, ...] = ()
    declined: tuple[str, ...] = ()
    notes: str = ""
    debrief: Debrief | None = None
    confirmed_by: frozenset[str] = frozenset()
    competencies: tuple[Competency, ...] = ()
    topic: str = ""
    contacts: tuple[str, ...] = ()
    apart: frozenset[str] = frozenset()
    session_mentor: str | None = None
    session_at: datetime | None = None
    kept: Brief | None = None
    last_question: str = ""

    @property
    def owner(self) -> s.Party:
        return s.owner(self.stage)

    @property
    def question(self) -> str:
        return getattr(self.stage, "question", "") or getattr(self.stage, "proposed", "")

    @property
    def brief(self) -> Brief | None:
        return getattr(self.stage, "brief", None) or getattr(self.stage, "draft", None)

    @property
    def agreed(self) -> bool:
        """Whether mentee and mentor both confirmed the notes of the session."""
        return self.mentee in self.confirmed_by and len(self.confirmed_by) > 1

    def words(self) -> tuple[str, ...]:
        """The mentee's messages, the only source of quotes."""
        return tuple(m.text for m in self.messages if m.id not in self.apart)

    def reply_to(self, message_id: str) -> Reply | None:
        return next((r for r in self.replies if message_id in r.to), None)


def evolve(request: Request, event: e.Event) -> Request:
    """The request after the event. Raises IllegalTransition unless `TRANSITIONS` allows it."""
    if isinstance(event, e.Opened):
        if request.version:
            raise IllegalTransition(request.stage, event)
        opened = altered(request, mentee=event.mentee, time_zone=event.time_zone, opened_at=event.at)
        return altered(opened, version=1, changed_at=event.at)
    allowed = TRANSITIONS.get((type(request.stage), type(event)))
    if allowed is None or not request.version:
        raise IllegalTransition(request.stage, event)
    after = _FOLD[type(event)](request, event)
    if type(after.stage) not in allowed:
        raise IllegalTransition(request.stage, event, f"leads to {type(after.stage).__name__}")
    last = after.question or request.last_question
    return altered(after, version=request.version + 1, changed_at=event.at, last_question=last)


def fold(request_id: str, events: Iterable[e.Event]) -> Request:
    return continued(Request(request_id), events)


def continued(request: Request, events: Iterable[e.Event]) -> Request:
    """The request after further events. Raises IllegalTransition."""
    for event in events:
        request = evolve(request, event)
    return request


def _said(r: Request, ev: e.Said) -> Request:
    message = Message(ev.message_id, ev.actor, ev.text, ev.at)
    if isinstance(r.stage, s.Exchanging):
        return altered(r, thread=(*r.thread, message))
    silent = r.owner is s.Party.MENTOR
    return altered(r, messages=(*r.messages, message), pending=r.pending if silent else (*r.pending, ev.message_id))


def _replied(r: Request, ev: e.Replied) -> Request:
    reply = ev.reply
    return altered(
        r,
        replies=(*r.replies, reply),
        pending=tuple(m for m in r.pending if m not in reply.to),
        asked=(*r.asked, reply.asks) if reply.asks else r.asked,
        citations=reply.citations or r.citations,
    )


def _need(r: Request, ev: e.NeedChanged) -> Request:
    return altered(r, need=ev.need, kind=ev.kind)


def _proposed(r: Request, ev: e.QuestionProposed) -> Request:
    return altered(r, stage=s.Sharpening(ev.question))


def _confirmed(r: Request, ev: e.QuestionConfirmed) -> Request:
    return altered(r, stage=s.Ready(ev.question))


def _reopened(r: Request, ev: e.QuestionReopened) -> Request:
    if not isinstance(r.stage, s.Closed):
        return altered(r, stage=s.Sharpening())
    if r.stage.outcome is not s.Outcome.REFERRED:
        raise IllegalTransition(r.stage, ev, "only a referral leaves the way back open")
    return altered(r, stage=s.Sharpening(), kind=Kind.VAGUE, asked=(), matches=(), citations=())


def _matched(r: Request, ev: e.MentorsMatched) -> Request:
    return altered(r, matches=ev.matches)


def _drafted(r: Request, ev: e.BriefDrafted | e.BriefEdited) -> Request:
    written = ev.brief.field("question")
    return altered(r, stage=s.Briefing(written.text if written.stated else r.question, ev.brief, ev.recipients))


def _approved(r: Request, ev: e.BriefApproved) -> Request:
    assert isinstance(r.stage, s.Briefing)
    return altered(r, stage=replace(r.stage, approved=ev.brief_hash))


def _offered(r: Request, ev: e.OfferMade) -> Request:
    stage = r.stage
    assert isinstance(stage, s.Briefing)
    if not stage.approved or stage.approved != ev.brief_hash or ev.mentor not in stage.recipients:
        raise IllegalTransition(stage, ev, "without approval of exactly this brief for this mentor")
    rest = tuple(m for m in stage.recipients if m != ev.mentor)
    offered = s.Offered(stage.question, ev.mentor, stage.draft, ev.brief_hash, ev.at, ev.due, rest)
    return altered(r, stage=offered, pending=())


def _accepted(r: Request, ev: e.OfferAccepted) -> Request:
    stage = _held_by(r, ev, ev.mentor)
    if ev.slot is None:
        return altered(r, stage=s.Exchanging(stage.question, ev.mentor, stage.brief), session_mentor=ev.mentor)
    return altered(r, stage=s.Booked(stage.question, ev.mentor, stage.brief, ev.slot), session_mentor=ev.mentor)


def _rerouted(r: Request, ev: e.OfferPassed | e.OfferExpired) -> Request:
    stage = r.stage
    assert isinstance(stage, s.Offered | s.MoreAsked)
    _check_holder(r, ev, ev.mentor)
    after = altered(r, declined=(*r.declined, ev.mentor))
    if ev.to is None:
        return altered(after, stage=s.Ready(stage.question), kept=stage.brief)
    if isinstance(stage, s.MoreAsked) or ev.to not in stage.rest or ev.due is None:
        raise IllegalTransition(stage, ev, "to somebody whom the mentee did not approve")
    rest = tuple(m for m in stage.rest if m != ev.to)
    return altered(after, stage=replace(stage, mentor=ev.to, since=ev.at, due=ev.due, rest=rest))


def _held_by(r: Request, ev: e.Event, mentor: str) -> s.Offered:
    assert isinstance(r.stage, s.Offered)
    _check_holder(r, ev, mentor)
    return r.stage


def _check_holder(r: Request, ev: e.Event, mentor: str) -> None:
    if s.mentor_of(r.stage) != mentor:
        raise IllegalTransition(r.stage, ev, "the request is with somebody else")


def _more_asked(r: Request, ev: e.OneMoreAsked) -> Request:
    held = _held_by(r, ev, ev.mentor)
    asked = Message(f"asked-{r.version}", ev.mentor, ev.ask, ev.at)
    stage = s.MoreAsked(held.question, ev.mentor, ev.ask, held.brief, ev.due, held.rest)
    return altered(r, stage=stage, mentor_asked=(*r.mentor_asked, asked))


def _more_answered(r: Request, ev: e.OneMoreAnswered) -> Request:
    stage = r.stage
    assert isinstance(stage, s.MoreAsked)
    earlier = stage.brief.field("more")
    asked = f"{stage.ask} {ev.text}"
    draft = stage.brief.edited("more", f"{earlier.text}\n{asked}" if earlier.stated else asked)
    return altered(r, stage=s.Briefing(stage.question, draft, (stage.mentor, *stage.rest)))


def _posted(r: Request, ev: e.ExchangePosted) -> Request:
    return altered(r, thread=(*r.thread, Message(ev.message_id, ev.actor, ev.text, ev.at)))


def _handed_back(r: Request, ev: e.HandedBack) -> Request:
    _check_holder(r, ev, ev.mentor)
    return _to_debrief(r, ev)


def _to_debrief(r: Request, ev: e.Event) -> Request:
    stage = r.stage
    assert isinstance(stage, s.Booked | s.Exchanging)
    at = stage.slot.start if isinstance(stage, s.Booked) else ev.at
    return altered(r, stage=s.Debriefing(stage.question, stage.mentor, stage.brief), session_at=at)


def _rescheduled(r: Request, ev: e.Rescheduled) -> Request:
    assert isinstance(r.stage, s.Booked)
    return altered(r, stage=replace(r.stage, slot=ev.slot))


def _cancelled(r: Request, ev: e.BookingCancelled) -> Request:
    _check_holder(r, ev, ev.mentor)
    back = s.Ready(r.question)
    return altered(r, stage=back, declined=(*r.declined, ev.mentor), session_mentor=None, kept=r.brief)


def _noted(r: Request, ev: e.DebriefNoted) -> Request:
    kept = tuple(c for c in r.competencies if c.attested_by or not c.quote)
    named = {c.text for c in kept}
    found = tuple(Competency(i.text, i.quote) for i in ev.debrief.of("competency") if i.text not in named)
    return altered(r, notes=ev.notes, debrief=ev.debrief, confirmed_by=frozenset(), competencies=(*kept, *found))


def _debrief_confirmed(r: Request, ev: e.DebriefConfirmed) -> Request:
    return altered(r, confirmed_by=r.confirmed_by | {ev.actor})


def _attested(r: Request, ev: e.CompetencyAttested) -> Request:
    kept = tuple(c for c in r.competencies if c.text != ev.text)
    return altered(r, competencies=(*kept, Competency(ev.text, ev.quote, attested_by=ev.actor)))


def _reported(r: Request, ev: e.CompetencyReported) -> Request:
    return altered(r, competencies=(*r.competencies, Competency(ev.text, "")))


def _closing(outcome: s.Outcome) -> Callable[[Request, e.Event], Request]:
    return lambda r, ev: altered(r, stage=s.Closed(outcome))


def _referred(r: Request, ev: e.Referred) -> Request:
    """A closing referral sets all messages apart, so that a reopened request starts anew; another sets apart this turn only."""
    referred = altered(r, topic=ev.topic, contacts=ev.contacts)
    if not ev.closes:
        return altered(referred, apart=r.apart.union(r.pending))
    return altered(referred, stage=s.Closed(s.Outcome.REFERRED), apart=frozenset(message.id for message in r.messages))


_FOLD: dict[type[e.Event], Callable[[Request, Any], Request]] = {
    e.Said: _said,
    e.Replied: _replied,
    e.NeedChanged: _need,
    e.QuestionProposed: _proposed,
    e.QuestionConfirmed: _confirmed,
    e.QuestionReopened: _reopened,
    e.MentorsMatched: _matched,
    e.Solved: _closing(s.Outcome.SELF_SERVED),
    e.Referred: _referred,
    e.BriefDrafted: _drafted,
    e.BriefEdited: _drafted,
    e.BriefApproved: _approved,
    e.OfferMade: _offered,
    e.OfferAccepted: _accepted,
    e.OfferPassed: _rerouted,
    e.OfferExpired: _rerouted,
    e.OneMoreAsked: _more_asked,
    e.OneMoreAnswered: _more_answered,
    e.ExchangePosted: _posted,
    e.HandedBack: _handed_back,
    e.Rescheduled: _rescheduled,
    e.BookingCancelled: _cancelled,
    e.SessionHeld: _to_debrief,
    e.DebriefNoted: _noted,
    e.DebriefConfirmed: _debrief_confirmed,
    e.CompetencyAttested: _attested,
    e.CompetencyReported: _reported,
    e.ObjectiveMet: _closing(s.Outcome.OBJECTIVE_MET),
    e.Withdrawn: _closing(s.Outcome.WITHDRAWN),
    e.Lapsed: _closing(s.Outcome.EXPIRED),
}
