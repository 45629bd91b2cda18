"""Carries out the move of one turn: its events, its reply, and the search it needs.

The turn's language words the clarifying question, the sharp question, the answer and the reasons. All other sentences come from
the catalogue, and every status from the stored stage.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import moves as m
from assistant.dialogue.clarify import Questioner, next_question, subject
from assistant.dialogue.language_io import OnPartial, QuestionToAsk, ignore_partial
from assistant.dialogue.policy import settle
from assistant.dialogue.understanding import Understanding
from assistant.dialogue.wishes import unspecific
from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.brief import Brief
from assistant.domain.need import SLOTS, Need
from assistant.domain.reply import Kind
from assistant.domain.request import Request, continued
from assistant.domain.transitions import may
from assistant.ports import Audit, Clock, Effects, Language
from assistant.services.accounts.organisation import Organisation
from assistant.services.conversing.brief_turn import about_brief, edit_brief, others_at_brief, redraft_brief
from assistant.services.conversing.propose import Proposer
from assistant.services.conversing.research import Findings, Research
from assistant.services.conversing.status_text import StatusText, joined, say
from assistant.services.conversing.turn_draft import (
    LONGEST_QUERY,
    TurnDraft,
    UnderstoodTurn,
    acknowledgement,
    people_by,
    unreadable,
    with_edits,
)
from assistant.services.handing_over.brief_draft import (
    next_draft,
    success_missing,
    success_question,
)
from assistant.services.handing_over.introductions import Introductions
from assistant.services.handing_over.notifications import Notifications
from assistant.services.ledger import Plan
from assistant.services.matching.rank import Matcher

_REASONS = {name: f"why.{name}" for name in (*SLOTS, "which")} | {"facet": "why.which"}


class Responder:
    def __init__(
        self,
        clock: Clock,
        research: Research,
        matcher: Matcher,
        wording: StatusText,
        organisation: Organisation,
        notices: Notifications,
        introductions: Introductions,
        questioner: Questioner = next_question,
    ) -> None:
        self._introductions = introductions
        self._clock, self._research, self._questioner = clock, research, questioner
        self._wording, self._organisation, self._notices = wording, organisation, notices
        self._proposer = Proposer(clock, matcher, organisation)

    def plan(
        self, request: Request, understood: UnderstoodTurn, language: Language, delayed: bool,
        on_partial: OnPartial = ignore_partial,
    ) -> Plan:  # fmt: skip
        """The events and effects that answer the pending turn."""
        turn = TurnDraft(request, self._in_scope(understood), language, on_partial, self._clock)
        problem = "" if turn.understood.claim.topic else unreadable(request, turn.understood)
        changed = turn.understood.need != request.need or turn.understood.kind != request.kind
        if changed and not problem and may(request.stage, e.NeedChanged):
            turn.before_reply(e.NeedChanged, need=turn.understood.need, kind=turn.understood.kind)
        if problem:
            turn.answer(say=say(problem))
        else:
            self._decide(turn)
        contact = self._organisation.name_for("confidential")
        if turn.understood.claim.uneasy and not turn.after and contact not in turn.reply.say:
            beside = "other.urgent" if turn.understood.claim.urgent else "other.uneasy"
            turn.answer(say=f"{turn.reply.say} {say(beside, contact=contact)}")
        return self._finish(turn, delayed)

    def reworked(self, request: Request, need: Need, language: Language) -> Plan:
        """A new question, passages and people after the mentee changed the need by hand, with a reply that says so."""
        understood = UnderstoodTurn("", Understanding(request.kind), need, request.kind)
        turn = TurnDraft(request, understood, language, ignore_partial, self._clock)
        turn.before.append(e.NeedChanged(at=self._clock.now(), actor=request.mentee, need=need, kind=request.kind))
        if isinstance(request.stage, s.Ready):
            turn.before_reply(e.QuestionReopened)
        turn.spoken = with_edits(turn.spoken, request.need, need)
        turn.own = self._organisation.mentors_of(request.mentee)
        turn.found = self._found(turn)
        self._proposer.propose(m.Because.EDITED, turn)
        return self._finish(turn, delayed=False)

    def _in_scope(self, understood: UnderstoodTurn) -> UnderstoodTurn:
        """Corrects an unsure "out of scope" if the knowledge base has an answer."""
        if understood.kind is not Kind.OUT_OF_SCOPE or not understood.claim.scope_unsure:
            return understood
        found = self._research.search((understood.text[:LONGEST_QUERY],), self._clock.now(), exclude=frozenset())
        return replace(understood, kind=Kind.VAGUE) if found.known else understood

    def _decide(self, turn: TurnDraft) -> None:
        request, understood = turn.request, turn.understood
        if isinstance(request.stage, s.Sharpening | s.Ready):
            turn.own = self._organisation.mentors_of(request.mentee)
            turn.found = self._found(turn)
        self._apply(
            settle(request, understood.claim, understood.need, understood.kind, understood.text, turn.found, self._questioner),
            turn,
        )

    def _found(self, turn: TurnDraft) -> Findings:
        """Searches, except for sensitive and out-of-scope requests and for turns without a query."""
        understood = turn.understood
        if understood.kind in (Kind.SENSITIVE, Kind.OUT_OF_SCOPE) or understood.claim.topic or not turn.queries:
            return turn.found
        return self._research.search(turn.queries, self._clock.now(), turn.excluded, people_by(understood.need, turn.spoken))

    def _apply(self, move: m.Move, turn: TurnDraft) -> None:
        match move:
            case m.Ask():
                self._ask(move, turn)
            case m.Propose(because=because):
                self._proposer.propose(because, turn)
            case m.Others():
                self._others(turn)
            case m.Reopen():
                turn.before_reply(e.QuestionReopened)
                self._proposer.propose(m.Because.QUESTION, turn)
            case m.Confirm(question=question):
                turn.before_reply(e.QuestionConfirmed, question=question)
                turn.answer(say=say("confirmed.question"), matches=turn.request.matches)
            case m.Choose(mentor=mentor):
                self._choose(mentor, turn)
            case m.Redraft():
                redraft_brief(turn)
            case m.EditBrief(edit=edit):
                edit_brief(turn, edit)
            case m.AtBrief(topic=topic):
                about_brief(turn, topic, self._wording)
            case m.AnswerMore(text=text):
                turn.after_reply(e.OneMoreAnswered, text=text)
                turn.answer(say=say("other.more_answered", name=self._holder(turn.request)))
            case _:
                turn.answer(say=self._end(move, turn))

    def _end(self, move: m.Move, turn: TurnDraft) -> str:
        """Carries out a move that closes the request or changes nothing; returns what to say."""
        match move:
            case m.Refer(topic=topic):
                self._refer(move, turn)
                return say(f"refer.{topic}", contacts=self._organisation.sentences(topic))
            case m.Decline(private=private):
                listener = self._organisation.name_for("confidential")
                return say("decline.private", contact=listener) if private else say("decline.out_of_scope")
            case m.Solve():
                turn.after_reply(e.Solved)
                return say("closed.solved")
            case m.Stop():
                turn.after_reply(e.Withdrawn)
                return say("closed.withdrawn")
            case m.Tell(key=key):
                return say(key)
            case _:
                raise AssertionError(move)

    def _refer(self, move: m.Refer, turn: TurnDraft) -> None:
        """Records the referral: a closing one after the reply, any other before it."""
        if may(turn.request.stage, e.Referred):
            names = tuple(contact.name for contact in self._organisation.contacts(move.topic))
            record = turn.after_reply if move.closes else turn.before_reply
            record(e.Referred, topic=move.topic, contacts=names, closes=move.closes)

    def _ask(self, move: m.Ask, turn: TurnDraft) -> None:
        key = _key(move, turn)
        options = (*move.options, say("ask.something_else"), say("ask.skip")) if move.options else (say("ask.skip"),)
        said = "\n".join(turn.request.words())
        named = subject(turn.understood.need, said)
        plain = say(f"ask.{key}_about", subject=named) if named and move.asks.kind == "slot" else say(f"ask.{key}")
        if (topic := unspecific(said)) and move.asks.kind == "slot":
            plain = say("ask.precise", topic=topic)
        question = turn.language.ask(QuestionToAsk(move.asks, plain, tuple(move.options), said, turn.understood.need))
        words = (
            question if question == plain and named else f"{acknowledgement(turn.request, turn.understood)} {question}".strip()
        )
        turn.answer(say=words, question=question, asks=move.asks, options=options, why=self._why(key, turn.found))

    def _why(self, key: str, found: Findings) -> str:
        """Why the question is asked; for a choice, the articles and people it divides."""
        separated = [*(citation.title for citation in found.citations[:2]), *(hit.profile.name for hit in found.people[:2])]
        return say("why.facet", found=joined(separated)) if key == "facet" and len(separated) > 1 else say(_REASONS[key])

    def _others(self, turn: TurnDraft) -> None:
        """Searches again without the passages and people that were shown."""
        turn.own = turn.own or self._organisation.mentors_of(turn.request.mentee)
        seen = {citation.article for reply in turn.request.replies for citation in reply.citations}
        turn.shown = frozenset(match.mentor for reply in turn.request.replies for match in reply.matches)
        found = self._research.search(
            turn.queries, self._clock.now(), turn.excluded, people_by(turn.understood.need, turn.spoken)
        )
        turn.found = found.without(seen)
        self._proposer.propose(m.Because.OTHERS, turn)
        if isinstance(turn.request.stage, s.Briefing):
            others_at_brief(turn, self._wording)

    def _choose(self, mentor: str, turn: TurnDraft) -> None:
        request = turn.request
        if isinstance(request.stage, s.Sharpening):
            turn.before_reply(e.QuestionConfirmed, question=request.question)
        brief, order = self._drafted(turn), recipients(request, mentor)
        whole = self._introductions.added(brief, request, order)
        turn.before_reply(e.BriefDrafted, brief=whole, recipients=order, provenance=turn.language.provenance)
        name = self._wording.name(mentor)
        turn.answer(say=say("other.chosen", name=name))
        if success_missing(request, brief):
            asked = success_question(name)
            turn.answer(
                say=f"{turn.reply.say} {asked.say}",
                question=asked.question,
                asks=asked.asks,
                options=asked.options,
                why=asked.why,
            )

    def _drafted(self, turn: TurnDraft) -> Brief:
        """The draft that is there, with the mentee's edits, or a new one."""
        request = turn.request
        if isinstance(request.stage, s.Briefing):
            return request.stage.draft
        return turn.language.brief(next_draft(replace(request, need=turn.understood.need), request.question), request.words())

    def _finish(self, turn: TurnDraft, delayed: bool) -> Plan:
        request, spoken = turn.request, turn.reply.say
        ahead = continued(request, (*turn.before, *turn.after))
        turn.answer(
            say=f"{say('other.delayed')} {spoken}" if delayed else spoken, delayed=delayed,
            next_step=self._wording.next_step(ahead, request.time_zone), provenance=turn.language.provenance,
        )  # fmt: skip
        said = e.Replied(at=self._clock.now(), actor=e.ASKWELL, reply=turn.reply)
        return Plan([*turn.before, said, *turn.after], self._effects(turn))

    def _effects(self, turn: TurnDraft) -> Effects:
        """A stop by message is audited and notified like a withdrawal by command."""
        request = turn.request
        if not any(isinstance(event, e.Withdrawn) for event in turn.after):
            return Effects()
        audit = Audit(request.mentee, "request.withdraw", request.id, self._clock.now())
        return Effects(notes=self._notices.withdrawn(request), audits=(audit,))

    def _holder(self, request: Request) -> str:
        return self._wording.name(s.mentor_of(request.stage) or "")


def _key(move: m.Ask, turn: TurnDraft) -> str:
    """The name of the question's texts: which of the mentee's own questions, which option, or a slot."""
    if move.asks.kind == "slot":
        return move.asks.name
    return "which" if set(move.options) <= set(turn.understood.claim.asks) else "facet"


def recipients(request: Request, first: str) -> tuple[str, ...]:
    """The recipients of the brief: the chosen mentor, then the other suggested mentors in their order."""
    return (first, *(match.mentor for match in request.matches if match.mentor not in (first, *request.declined)))
