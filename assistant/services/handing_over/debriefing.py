"""The debrief: notes become quoted items, both people confirm them, the mentor attests competencies, the mentee closes.

A competency is self-reported unless the mentor attests it. Only the two people of the session see the notes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from assistant.dialogue.grounding.evidence import checked_debrief
from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.debrief import Competency, Debrief
from assistant.domain.request import Request
from assistant.ports import AccountStore, Audit, Clock, Effects, Languages
from assistant.services.accounts.access import Actor
from assistant.services.accounts.accounts import parties
from assistant.services.conversing.message_rate import MessageRate
from assistant.services.conversing.message_text import readable, refused_text
from assistant.services.conversing.status_text import StatusText
from assistant.services.handing_over.notifications import Notifications
from assistant.services.ledger import Ledger, Plan
from assistant.services.results import Refusal, refuse

LONGEST_NOTES = 60_000
LONGEST_COMPETENCY = 300


@dataclass(frozen=True)
class Minutes:
    """The debrief as both people see it; `agreed` once both confirmed it."""

    debrief: Debrief
    competencies: tuple[Competency, ...]
    confirmed_by: frozenset[str]
    agreed: bool = False


def minutes_of(request: Request) -> Minutes | None:
    """The minutes of a request that the actor may read; None without notes."""
    if request.debrief is None:
        return None
    return Minutes(request.debrief, request.competencies, request.confirmed_by, request.agreed)


class Debriefing:
    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        languages: Languages,
        accounts: AccountStore,
        notices: Notifications,
        wording: StatusText,
        rate: MessageRate | None = None,
    ) -> None:
        self._ledger, self._clock, self._languages = ledger, clock, languages
        self._accounts, self._notices, self._wording = accounts, notices, wording
        self._rate = rate or MessageRate(0)

    def note(self, actor: Actor, request_id: str, notes: str) -> Request | Refusal:
        """Structures notes or a transcript; new notes replace the former ones and need confirmation again."""
        refusal = refused_text(notes, LONGEST_NOTES)
        if refusal:
            return refusal
        text = readable(notes)
        structured: dict[str, Debrief] = {}

        def decide(request: Request) -> Plan | Refusal:
            stage = request.stage
            if not isinstance(stage, s.Debriefing):
                return self._wording.wrong_stage(request, actor.time_zone)
            if request.id not in structured:
                if many := self._rate.take(actor):
                    return many
                structured[request.id] = self._structure(request, stage, actor, text)
            noted = e.DebriefNoted(at=self._clock.now(), actor=actor.id, notes=text, debrief=structured[request.id])
            return Plan([noted], Effects(notes=(self._notices.debriefed(request, stage.mentor, actor.id),)))

        return self._ledger.change(actor, "debrief.note", request_id, decide)

    def read(self, actor: Actor, request_id: str) -> Minutes | Refusal:
        request = self._ledger.read(actor, "debrief.read", request_id)
        if isinstance(request, Refusal):
            return request
        return minutes_of(request) or refuse("nothing_to_confirm")

    def confirm(self, actor: Actor, request_id: str) -> Request | Refusal:
        """Confirms the structured notes for this person."""

        def decide(request: Request) -> Plan | Refusal:
            if not isinstance(request.stage, s.Debriefing):
                return self._wording.wrong_stage(request, actor.time_zone)
            if request.debrief is None:
                return refuse("nothing_to_confirm")
            if actor.id in request.confirmed_by:
                return Plan()
            return Plan([e.DebriefConfirmed(at=self._clock.now(), actor=actor.id)])

        return self._ledger.change(actor, "debrief.confirm", request_id, decide)

    def attest(self, actor: Actor, request_id: str, words: str) -> Request | Refusal:
        """Attests a competency, for the mentor, in the words of the debrief or their own."""
        refusal = refused_text(words, LONGEST_COMPETENCY)
        if refusal:
            return refusal

        def decide(request: Request) -> Plan | Refusal:
            stage, text = request.stage, readable(words)
            over = isinstance(stage, s.Closed) and stage.outcome in (s.Outcome.OBJECTIVE_MET, s.Outcome.EXPIRED)
            if not isinstance(stage, s.Debriefing) and not over:
                return self._wording.wrong_stage(request, actor.time_zone)
            quote = next((c.quote for c in request.competencies if c.text == text), "")
            attested = e.CompetencyAttested(at=self._clock.now(), actor=actor.id, text=text, quote=quote)
            audit = Audit(actor.id, "competency.attest", request.id, self._clock.now())
            note = self._notices.attested(request, actor.mentor or "", text)
            return Plan([attested], Effects((note,), (audit,)))

        return self._ledger.change(actor, "competency.attest", request_id, decide)

    def report(self, actor: Actor, request_id: str, words: str) -> Request | Refusal:
        """Adds a self-reported competency, for the mentee."""
        refusal = refused_text(words, LONGEST_COMPETENCY)
        if refusal:
            return refusal

        def decide(request: Request) -> Plan | Refusal:
            if not isinstance(request.stage, s.Debriefing):
                return self._wording.wrong_stage(request, actor.time_zone)
            return Plan([e.CompetencyReported(at=self._clock.now(), actor=actor.id, text=readable(words))])

        return self._ledger.change(actor, "competency.report", request_id, decide)

    def finish(self, actor: Actor, request_id: str) -> Request | Refusal:
        """Closes the request as "objective met", for the mentee."""

        def decide(request: Request) -> Plan | Refusal:
            stage = request.stage
            if not isinstance(stage, s.Debriefing):
                return self._wording.wrong_stage(request, actor.time_zone)
            met = e.ObjectiveMet(at=self._clock.now(), actor=actor.id)
            return Plan([met], Effects(notes=(self._notices.closed(request, stage.mentor),)))

        return self._ledger.change(actor, "request.finish", request_id, decide)

    def _structure(self, request: Request, stage: s.Debriefing, actor: Actor, text: str) -> Debrief:
        mentee = self._accounts.get(request.mentee)
        name = mentee.name if mentee else request.mentee
        on = (request.session_at or self._clock.now()).astimezone(ZoneInfo(request.time_zone)).date()
        author: Literal["mentee", "mentor"] = "mentee" if actor.id == request.mentee else "mentor"
        language = self._languages.turn(actor.id, parties(self._accounts, request.mentee, stage.mentor))
        claim = language.debrief(text, stage.brief, name, self._wording.name(stage.mentor), on, author)
        return replace(checked_debrief(claim, text), provenance=language.provenance)
