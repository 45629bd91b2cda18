"""From the choice of a mentor to a sent brief: draft, edits, checklist, and approval of exactly this text and recipients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.brief import IN_PERSON, Brief, FieldName, Reason, approval_hash, checklist
from assistant.domain.provenance import OFFLINE, Provenance
from assistant.domain.request import Request, continued
from assistant.ports import Audit, Clock, Effects, Languages, MentorDirectory
from assistant.services.accounts.access import Actor
from assistant.services.conversing.message_text import LONGEST_ID, is_id, readable, refused_text
from assistant.services.conversing.respond import recipients
from assistant.services.conversing.status_text import StatusText
from assistant.services.handing_over.brief_draft import next_draft, success_missing, success_question, with_field
from assistant.services.handing_over.introductions import Introductions
from assistant.services.handing_over.notifications import Notifications
from assistant.services.ledger import Ledger, Plan
from assistant.services.results import Refusal, refuse

FIELDS: tuple[FieldName, ...] = (
    "question", "also", "background", "tried", "success", "deadline", "materials", "format", "more",
)  # fmt: skip
LONGEST_FIELD = 2000
EditBrief = Callable[[Brief], Brief]


@dataclass(frozen=True)
class Deadlines:
    """The time to answer: a mentor an offer, and a mentee a further question."""

    offer: timedelta = timedelta(hours=48)
    more: timedelta = timedelta(hours=48)


class Briefing:
    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        languages: Languages,
        directory: MentorDirectory,
        notices: Notifications,
        wording: StatusText,
        introductions: Introductions,
        deadlines: Deadlines,
    ) -> None:
        self._ledger, self._clock, self._languages, self._directory = ledger, clock, languages, directory
        self._introductions = introductions
        self._notices, self._wording, self._deadlines = notices, wording, deadlines

    def choose(self, actor: Actor, request_id: str, mentor: str) -> Request | Refusal:
        """Drafts the brief for one of the suggested mentors; the others follow in their order if this one cannot help."""
        if not is_id(mentor):
            return refuse("bad_id")
        worded: dict[Brief, tuple[Brief, Provenance]] = {}

        def draft(request: Request) -> tuple[Brief, Provenance]:
            plain = next_draft(request, request.question)
            if plain not in worded:
                language = self._languages.turn(actor.id)
                worded[plain] = language.brief(plain, request.words()), language.provenance
            return worded[plain]

        def decide(request: Request) -> Plan | Refusal:
            if not isinstance(request.stage, s.Ready | s.Briefing):
                return self._wording.wrong_stage(request, request.time_zone)
            if mentor not in {match.mentor for match in request.matches} or self._directory.get(mentor) is None:
                return refuse("unknown_mentor", mentor=mentor)
            brief, way = (request.brief, OFFLINE) if request.brief else draft(request)
            order, now = recipients(request, mentor), self._clock.now()
            whole = self._introductions.added(brief, request, order)
            drafted = e.BriefDrafted(at=now, actor=actor.id, brief=whole, recipients=order, provenance=way)
            return Plan([drafted, *self._success(request, drafted, mentor)])

        return self._ledger.change(actor, "request.choose", request_id, decide)

    def _success(self, request: Request, drafted: e.BriefDrafted, mentor: str) -> list[e.Event]:
        """The question for success, if only that keeps the brief from being sent."""
        if request.pending or not success_missing(request, drafted.brief):
            return []
        ahead = continued(request, [drafted])
        step = self._wording.next_step(ahead, request.time_zone)
        reply = replace(success_question(self._wording.name(mentor)), next_step=step)
        return [e.Replied(at=drafted.at, actor=e.ASKWELL, reply=reply)]

    def edit(self, actor: Actor, request_id: str, name: str, words: str) -> Request | Refusal:
        """Replaces one field by the mentee's own text; an empty text makes it "not stated"."""
        field = next((known for known in FIELDS if known == name), None)
        if field is None:
            return refuse("bad_field", name=name[:LONGEST_ID], fields=", ".join(FIELDS))
        if words.strip() and (refusal := refused_text(words, LONGEST_FIELD)):
            return refusal
        return self._edit(actor, request_id, lambda brief: with_field(brief, field, readable(words)))

    def in_person(self, actor: Actor, request_id: str, name: FieldName) -> Request | Refusal:
        """Marks background or success as to be said in the session, which satisfies the checklist."""
        if name not in ("background", "success"):
            return refuse("bad_field", name=name, fields="background, success")
        return self._edit(actor, request_id, lambda brief: brief.edited(name, IN_PERSON, "in_person"))

    def ready_to_note(self, actor: Actor, request_id: str, ready: bool = True) -> Request | Refusal:
        """Sets the mentee's tick "ready to note the agreed actions"."""
        return self._edit(actor, request_id, lambda brief: replace(brief, ready_to_note=ready))

    def only_to(self, actor: Actor, request_id: str, mentors: tuple[str, ...]) -> Request | Refusal:
        """Limits or reorders the recipients."""

        def decide(request: Request) -> Plan | Refusal:
            stage = request.stage
            if not isinstance(stage, s.Briefing):
                return self._wording.wrong_stage(request, request.time_zone)
            unknown = next((m for m in mentors if m not in stage.recipients), None)
            if unknown or not mentors:
                return refuse("unknown_mentor", mentor=(unknown or "")[:LONGEST_ID])
            return Plan([self._edited(actor, replace(stage.draft, reasons=_in_order(stage.draft, mentors)), mentors)])

        return self._ledger.change(actor, "brief.edit", request_id, decide)

    def approve(self, actor: Actor, request_id: str, seen_hash: str) -> Request | Refusal:
        """Approves and sends the brief, if the checklist passes and `seen_hash` matches the current text and recipients."""

        def decide(request: Request) -> Plan | Refusal:
            stage = request.stage
            if not isinstance(stage, s.Briefing):
                return self._wording.wrong_stage(request, request.time_zone)
            failed = [check for check in checklist(stage.draft) if not check.passed]
            if failed:
                return refuse("checklist", items=" ".join(check.hint for check in failed))
            if approval_hash(stage.draft, stage.recipients) != seen_hash:
                return refuse("stale_approval")
            return self._send(request, actor, stage, seen_hash)

        return self._ledger.change(actor, "brief.approve", request_id, decide)

    def _send(self, request: Request, actor: Actor, stage: s.Briefing, brief_hash: str) -> Plan:
        now, mentor = self._clock.now(), stage.recipients[0]
        due = now + self._deadlines.offer
        note = self._notices.offer(request, stage.question, mentor, due)
        audit = Audit(actor.id, "brief.approve", request.id, now)
        approved = e.BriefApproved(at=now, actor=actor.id, brief_hash=brief_hash)
        offered = e.OfferMade(at=now, actor=actor.id, mentor=mentor, brief_hash=brief_hash, due=due)
        return Plan([approved, offered], Effects(notes=(note,), audits=(audit,)))

    def _edit(self, actor: Actor, request_id: str, change: EditBrief) -> Request | Refusal:
        def decide(request: Request) -> Plan | Refusal:
            stage = request.stage
            if not isinstance(stage, s.Briefing):
                return self._wording.wrong_stage(request, request.time_zone)
            return Plan([self._edited(actor, change(stage.draft), stage.recipients)])

        return self._ledger.change(actor, "brief.edit", request_id, decide)

    def _edited(self, actor: Actor, brief: Brief, order: tuple[str, ...]) -> e.BriefEdited:
        return e.BriefEdited(at=self._clock.now(), actor=actor.id, brief=brief, recipients=order)


def _in_order(brief: Brief, mentors: tuple[str, ...]) -> tuple[Reason, ...]:
    """The reasons of the brief for these mentors, in their order."""
    return tuple(reason for mentor in mentors for reason in brief.reasons if reason.mentor == mentor)
