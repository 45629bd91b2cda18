"""The mentee's side of the dialogue: stores a message, understands it, checks its quotes, and answers once.

The message is committed before anything is decided, its answer in a second commit. If the process dies in between, the turn
stays pending and is answered at the next start with a note about the delay. While the mentor owns the reply, nothing is answered.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from assistant.dialogue.brief_talk import not_quite
from assistant.dialogue.grounding.evidence import checked
from assistant.dialogue.language_io import OnPartial, ignore_partial
from assistant.dialogue.policy import CLOSING, at_brief, choice, may_clarify, route
from assistant.dialogue.understanding import Act, Turn, Understanding
from assistant.dialogue.update_need import kind_after, updated_need
from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.need import SLOTS, Need, Slot, SlotName
from assistant.domain.reply import Asks, Kind, Reply
from assistant.domain.request import Request, evolve
from assistant.ports import (
    Clock,
    DuplicateMessage,
    Effects,
    Language,
    Languages,
    RequestIndex,
    RequestStore,
    StaleVersion,
    StoreUnavailable,
)  # fmt: skip
from assistant.services.accounts.access import Actor, may
from assistant.services.conversing.message_rate import MessageRate
from assistant.services.conversing.message_text import LONGEST_ID, LONGEST_MESSAGE_ID, is_id, readable, refused_text
from assistant.services.conversing.respond import Responder
from assistant.services.conversing.status_text import StatusText, say
from assistant.services.conversing.turn_draft import UnderstoodTurn
from assistant.services.handing_over.brief_draft import updated
from assistant.services.handing_over.notifications import Notifications
from assistant.services.keyed_lock import KeyedLock
from assistant.services.ledger import Ledger, Plan
from assistant.services.results import Refusal, not_stored, refuse

_LOG = logging.getLogger(__name__)
NEVER = datetime.min.replace(tzinfo=UTC)


class Conversation:
    def __init__(
        self, ledger: Ledger, store: RequestStore, index: RequestIndex, clock: Clock, languages: Languages,
        turns: Responder, wording: StatusText, notices: Notifications, rate: MessageRate | None = None,
    ) -> None:  # fmt: skip
        self._ledger, self._store, self._index = ledger, store, index
        self._clock, self._languages, self._turns, self._wording = clock, languages, turns, wording
        self._notices, self._rate = notices, rate or MessageRate(0)
        self._locks = KeyedLock()

    def open(self, actor: Actor, request_id: str | None = None) -> Request | Refusal:
        """Opens a request; repeating the same `request_id` returns the same request."""
        new = request_id or uuid4().hex[:8]
        refusal = may(actor, "request.open") or (None if is_id(new) else refuse("bad_id"))
        if refusal:
            return refusal
        opened = self._opened(actor)
        try:
            self._store.create(new, opened)
        except StaleVersion:
            return self._ledger.read(actor, "request.read", new)
        except StoreUnavailable as error:
            return not_stored(error)
        return evolve(Request(new), opened)

    def say(
        self, actor: Actor, request_id: str, message_id: str, words: str, on_partial: OnPartial = ignore_partial
    ) -> Request | Refusal:
        """Records one message and answers it; returns the request afterwards.

        Repeating a `message_id` changes nothing. The answer is `reply_to(message_id)`, None while the mentor owns the reply.
        """
        recorded = self.record(actor, request_id, message_id, words)
        return recorded if isinstance(recorded, Refusal) else self.answer(recorded, on_partial)

    def begin(self, actor: Actor, request_id: str, message_id: str, words: str) -> Request | Refusal:
        """As `record`, and opens the request in the same write if it does not exist."""
        refusal = refused_text(words) or may(actor, "request.open")
        return refusal or self._record(actor, request_id, message_id, words, self._opened(actor))

    def record(self, actor: Actor, request_id: str, message_id: str, words: str) -> Request | Refusal:
        """Stores the message, so that it can be acknowledged, without answering it."""
        return self._record(actor, request_id, message_id, words)

    def answer(self, request: Request, on_partial: OnPartial = ignore_partial) -> Request | Refusal:
        """Answers everything pending as one turn, unless the mentor owns the reply; `on_partial` gets partial answers.

        `request` is the result of `record`; it is read again if another turn of it ran meanwhile.
        """
        with self._locks.hold(request.id) as waited:
            return self.settle(request.id, on_partial=on_partial, known=None if waited else request)

    def settle(
        self, request_id: str, delayed: bool = False, on_partial: OnPartial = ignore_partial, known: Request | None = None
    ) -> Request | Refusal:
        """Decides and stores the answer to the pending turn, if there is one."""
        understood: dict[tuple[str, ...], tuple[UnderstoodTurn, Language]] = {}

        def decide(request: Request) -> Plan | Refusal:
            if not request.pending or route(request) != "answer":
                return Plan()
            if request.pending not in understood:
                language = self._languages.turn(request.mentee)
                understood[request.pending] = self._understand(request, language), language
            return self._turns.plan(request, *understood[request.pending], delayed, on_partial)

        return self._ledger.run(request_id, decide, known)

    def recover(self, patience: timedelta = timedelta(0)) -> int:
        """Answers every turn that has been pending for at least `patience`; returns the number of turns answered."""
        now = self._clock.now()
        waiting = [row.id for row in self._index.due(now, NEVER) if row.pending and row.changed_at <= now - patience]
        return sum(self._answered_late(request_id) for request_id in waiting)

    def edit_slot(self, actor: Actor, request_id: str, name: SlotName, words: str) -> Request | Refusal:
        """Replaces one slot by the mentee's own wording, which is also its quote; an empty text clears the slot.

        A question that was proposed is put anew, and passages and people are searched again.
        """
        if name not in SLOTS:
            return refuse("bad_field", name=name[:LONGEST_ID], fields=", ".join(SLOTS))
        if words.strip() and (refusal := refused_text(words)):
            return refusal
        text = readable(words)

        def decide(request: Request) -> Plan | Refusal:
            stage, now = request.stage, self._clock.now()
            if not isinstance(stage, s.Sharpening | s.Ready | s.Briefing):
                return self._wording.wrong_stage(request, request.time_zone)
            need = request.need.with_slot(name, Slot(text, text)) if text else request.need.without_slot(name)
            if request.question and not isinstance(stage, s.Briefing):
                return self._turns.reworked(request, need, self._languages.turn(request.mentee))
            changed: list[e.Event] = [e.NeedChanged(at=now, actor=actor.id, need=need, kind=request.kind)]
            if isinstance(stage, s.Briefing):
                brief = updated(request, need, stage.draft)
                changed.append(e.BriefEdited(at=now, actor=actor.id, brief=brief, recipients=stage.recipients))
            return Plan(changed)

        return self._ledger.change(actor, "request.edit", request_id, decide)

    def confirm(self, actor: Actor, request_id: str, question: str = "") -> Request | Refusal:
        """Confirms the proposed question, or the mentee's own version of it."""
        if question and (refusal := refused_text(question)):
            return refusal

        def decide(request: Request) -> Plan | Refusal:
            final = readable(question) or request.question
            if not isinstance(request.stage, s.Sharpening | s.Ready) or not final:
                return self._wording.wrong_stage(request, request.time_zone)
            return Plan([e.QuestionConfirmed(at=self._clock.now(), actor=actor.id, question=final)])

        return self._ledger.change(actor, "request.confirm", request_id, decide)

    def solved(self, actor: Actor, request_id: str) -> Request | Refusal:
        """Closes the request as self-served ("That solved it")."""

        def decide(request: Request) -> Plan | Refusal:
            if not isinstance(request.stage, s.Sharpening | s.Ready | s.Briefing):
                return self._wording.wrong_stage(request, request.time_zone)
            return Plan([e.Solved(at=self._clock.now(), actor=actor.id)])

        return self._ledger.change(actor, "request.solve", request_id, decide)

    def _answered_late(self, request_id: str) -> bool:
        """Answers a recovered turn; returns whether it worked. An error is logged and does not affect other turns."""
        try:
            with self._locks.hold(request_id):
                waiting = self._ledger.load(request_id)
                after = self.settle(request_id, delayed=True, known=waiting)
        except Exception:
            _LOG.exception("the pending turn of request %s cannot be answered", request_id)
            return False
        return bool(waiting.pending) and not isinstance(after, Refusal) and not after.pending

    def _record(
        self, actor: Actor, request_id: str, message_id: str, words: str, opened: e.Opened | None = None
    ) -> Request | Refusal:  # fmt: skip
        if not is_id(message_id, LONGEST_MESSAGE_ID) or (opened and not is_id(request_id)):
            return refuse("bad_id")
        counted = False

        def note(request: Request) -> Plan | Refusal:
            nonlocal counted
            if _stored(request, message_id):
                return Plan()
            refusal = refused_text(words) or (None if counted else self._rate.take(actor))
            counted = True
            return refusal or self._note(request, actor, message_id, readable(words))

        try:
            return self._ledger.change(actor, "request.say", request_id, note, opened)
        except DuplicateMessage:
            return self._ledger.read(actor, "request.say", request_id)

    def _opened(self, actor: Actor) -> e.Opened:
        return e.Opened(at=self._clock.now(), actor=actor.id, mentee=actor.id, time_zone=actor.time_zone)

    def _note(self, request: Request, actor: Actor, message_id: str, text: str) -> Plan | Refusal:
        back: list[e.Event] = []
        if route(request) == "closed":
            if request.stage != s.Closed(s.Outcome.REFERRED):
                return refuse("closed")
            back.append(e.QuestionReopened(at=self._clock.now(), actor=actor.id))
        said = e.Said(at=self._clock.now(), actor=actor.id, message_id=message_id, text=text)
        if isinstance(request.stage, s.Exchanging):
            return Plan([said], Effects(notes=(self._notices.posted(request, actor.id, message_id),)))
        return Plan([*back, said])

    def _understand(self, request: Request, language: Language) -> UnderstoodTurn:
        """Understands the pending messages as one turn, and drops claims without a quote."""
        text = "\n".join(m.text for m in request.messages if m.id in request.pending)
        first = not request.replies or (request.kind is Kind.VAGUE and request.need == Need() and not request.asked)
        if choice(request, text):
            return UnderstoodTurn(text, Understanding(request.kind), request.need, request.kind)
        asked, options = _open_question(request)
        said = tuple(m.text for m in request.messages if m.id not in request.pending)
        turn = Turn(
            text, request.messages[-1].at, request.time_zone, request.need, asked, options, first, said, may_clarify(request)
        )
        claim = _without_escape(checked(language.understand(turn), text))
        fresh = first or request.kind is Kind.OUT_OF_SCOPE
        before = replace(request, need=Need()) if fresh and not first else request
        if claim.topic in CLOSING:
            return UnderstoodTurn(text, claim, Need(), Kind.SENSITIVE)
        if claim.topic or claim.kind is Kind.SENSITIVE:
            return UnderstoodTurn(text, replace(claim, topic=claim.topic or "confidential"), request.need, request.kind)
        if at_brief(request, text):
            return UnderstoodTurn(text, Understanding(request.kind), request.need, request.kind)
        if asked and not_quite(text):
            claim = Understanding(request.kind, frozenset({Act.NOT_SOLVED}))
        kind = kind_after(request.kind, claim, first)
        return UnderstoodTurn(text, claim, updated_need(before.need, claim, asked, options), kind)


def _stored(request: Request, message_id: str) -> bool:
    return any(m.id == message_id for m in (*request.messages, *request.thread))


def _without_escape(claim: Understanding) -> Understanding:
    """Drops a facet that is only "something else" or "skip"."""
    escape = claim.facet.casefold() in (say("ask.something_else"), say("ask.skip"))
    return replace(claim, facet="") if escape else claim


def _open_question(request: Request) -> tuple[Asks | None, tuple[str, ...]]:
    """What the last reply asked for, and its options."""
    last: Iterable[Reply] = request.replies[-1:]
    return next(((r.asks, r.options) for r in last if r.asks), (None, ()))
