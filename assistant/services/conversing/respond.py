"""From a move to what is written and said: the events of one turn, the reply, and what was found for it.

The language of the turn words what was decided (the question, the sharp question, an answer out of passages, the reasons);
every other sentence is from the catalogue, and every status from the record.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import moves as m
from assistant.dialogue.clarify import Questioner, next_question
from assistant.dialogue.language_io import OnPartial, QuestionToAsk, ignore_partial
from assistant.dialogue.policy import settle
from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.need import SLOTS
from assistant.domain.reply import Kind
from assistant.domain.request import Request, continued
from assistant.domain.transitions import may
from assistant.ports import Audit, Clock, Effects, Language
from assistant.services.accounts.organisation import Organisation
from assistant.services.conversing.propose import Proposer
from assistant.services.conversing.research import Findings, Research
from assistant.services.conversing.status_text import StatusText, joined, say
from assistant.services.conversing.turn_draft import LONGEST_QUERY, TurnDraft, UnderstoodTurn, people_by, understood, unreadable
from assistant.services.handing_over.brief_draft import next_draft, redraft
from assistant.services.handing_over.notifications import Notifications
from assistant.services.ledger import Plan
from assistant.services.matching.rank import Matcher

_REASONS = {name: f"why.{name}" for name in (*SLOTS, "facet_open")} | {"facet": "why.facet_open"}


class Responder:
    def __init__(
        self,
        clock: Clock,
        finder: Research,
        matcher: Matcher,
        wording: StatusText,
        organisation: Organisation,
        notices: Notifications,
        questioner: Questioner = next_question,
    ) -> None:
        self._clock, self._finder, self._questioner = clock, finder, questioner
        self._wording, self._organisation, self._notices = wording, organisation, notices
        self._proposer = Proposer(clock, matcher, organisation)

    def plan(
        self, request: Request, heard: UnderstoodTurn, language: Language, delayed: bool, on_partial: OnPartial = ignore_partial
    ) -> Plan:
        """All events of the answer to the pending turn; `language` is that of this turn."""
        turn = TurnDraft(request, self._in_scope(heard), language, on_partial, self._clock)
        wordless = "" if turn.heard.claim.topic else unreadable(request, turn.heard)
        learnt = turn.heard.need != request.need or turn.heard.kind != request.kind
        if learnt and not wordless and may(request.stage, e.NeedChanged):
            turn.first(e.NeedChanged, need=turn.heard.need, kind=turn.heard.kind)
        if wordless:
            turn.answer(say=say(wordless))
        else:
            self._decide(turn)
        contact = self._organisation.name_for("confidential")
        if turn.heard.claim.uneasy and not turn.after and contact not in turn.reply.say:
            turn.answer(say=f"{turn.reply.say} {say('other.uneasy', contact=contact)}")
        return self._finish(turn, delayed)

    def _in_scope(self, heard: UnderstoodTurn) -> UnderstoodTurn:
        """What the base has an answer to is no foreign matter, whatever it sounded like."""
        if heard.kind is not Kind.OUT_OF_SCOPE or not heard.claim.scope_unsure:
            return heard
        found = self._finder.look((heard.text[:LONGEST_QUERY],), self._clock.now(), exclude=frozenset())
        return replace(heard, kind=Kind.VAGUE) if found.known else heard

    def _decide(self, turn: TurnDraft) -> None:
        request, heard = turn.request, turn.heard
        if isinstance(request.stage, s.Sharpening | s.Ready):
            turn.own = self._organisation.mentors_of(request.mentee)
            turn.found = self._found(turn)
        self._apply(settle(request, heard.claim, heard.need, heard.kind, heard.text, turn.found, self._questioner), turn)

    def _found(self, turn: TurnDraft) -> Findings:
        """Search only where the answer can use it: never for sensitive or declined matters."""
        heard = turn.heard
        if heard.kind in (Kind.SENSITIVE, Kind.OUT_OF_SCOPE) or heard.claim.topic or not turn.queries:
            return turn.found
        return self._finder.look(turn.queries, self._clock.now(), turn.excluded, people_by(heard.need, turn.spoken))

    def _apply(self, move: m.Move, turn: TurnDraft) -> None:
        match move:
            case m.Ask():
                self._ask(move, turn)
            case m.Propose(because=because):
                self._proposer.propose(because, turn)
            case m.Reopen():
                turn.first(e.QuestionReopened)
                self._proposer.propose(m.Because.QUESTION, turn)
            case m.Confirm(question=question):
                turn.first(e.QuestionConfirmed, question=question)
                turn.answer(say=say("confirmed.question"), matches=turn.request.matches)
            case m.Choose(mentor=mentor):
                self._choose(mentor, turn)
            case m.Redraft():
                self._redraft(turn)
            case m.AnswerMore(text=text):
                turn.then(e.OneMoreAnswered, text=text)
                turn.answer(say=say("other.more_answered", name=self._holder(turn.request)))
            case _:
                turn.answer(say=self._end(move, turn))

    def _end(self, move: m.Move, turn: TurnDraft) -> str:
        """What is said to a move that closes the request or changes nothing."""
        match move:
            case m.Refer(topic=topic):
                self._refer(move, turn)
                return say(f"refer.{topic}", contacts=self._organisation.sentences(topic))
            case m.Decline(private=private):
                listener = self._organisation.name_for("confidential")
                return say("decline.private", contact=listener) if private else say("decline.out_of_scope")
            case m.Solve():
                turn.then(e.Solved)
                return say("closed.solved")
            case m.Stop():
                turn.then(e.Withdrawn)
                return say("closed.withdrawn")
            case m.Tell(key=key):
                return say(key)
            case _:
                raise AssertionError(move)

    def _refer(self, move: m.Refer, turn: TurnDraft) -> None:
        """A closing referral comes after the reply; one that leaves the request as it is sets the turn's messages apart."""
        if may(turn.request.stage, e.Referred):
            names = tuple(contact.name for contact in self._organisation.contacts(move.topic))
            record = turn.then if move.closes else turn.first
            record(e.Referred, topic=move.topic, contacts=names, closes=move.closes)

    def _ask(self, move: m.Ask, turn: TurnDraft) -> None:
        key = move.asks.name if move.asks.kind == "slot" else ("facet" if move.options else "facet_open")
        options = (*move.options, say("ask.something_else"), say("ask.skip")) if move.options else (say("ask.skip"),)
        said = "\n".join(turn.request.words())
        question = turn.language.ask(QuestionToAsk(move.asks, say(f"ask.{key}"), tuple(move.options), said, turn.heard.need))
        words = f"{understood(turn.request, turn.heard)} {question}".strip()
        turn.answer(say=words, question=question, asks=move.asks, options=options, why=self._why(key, turn.found))

    def _why(self, key: str, found: Findings) -> str:
        """The reason for this question here and now: for a choice, which articles and people it separates."""
        separated = [*(citation.title for citation in found.citations[:2]), *(hit.profile.name for hit in found.people[:2])]
        return say("why.facet", found=joined(separated)) if key == "facet" and len(separated) > 1 else say(_REASONS[key])

    def _choose(self, mentor: str, turn: TurnDraft) -> None:
        request = turn.request
        if isinstance(request.stage, s.Sharpening):
            turn.first(e.QuestionConfirmed, question=request.question)
        drafted = next_draft(replace(request, need=turn.heard.need), request.question)
        brief = turn.language.brief(drafted, request.words())
        turn.first(e.BriefDrafted, brief=brief, recipients=recipients(request, mentor), provenance=turn.language.provenance)
        turn.answer(say=say("other.chosen", name=self._wording.name(mentor)))

    def _redraft(self, turn: TurnDraft) -> None:
        request, stage = turn.request, turn.request.stage
        assert isinstance(stage, s.Briefing)
        brief = redraft(replace(request, need=turn.heard.need), stage.draft, stage.question, request.citations)
        turn.first(e.BriefDrafted, brief=brief, recipients=stage.recipients)
        turn.answer(say=say("other.brief_updated"))

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
        """A stop in words is the same withdrawal as one by command: audited, and told to a mentor who waits."""
        request = turn.request
        if not any(isinstance(event, e.Withdrawn) for event in turn.after):
            return Effects()
        audit = Audit(request.mentee, "request.withdraw", request.id, self._clock.now())
        return Effects(notes=self._notices.withdrawn(request), audits=(audit,))

    def _holder(self, request: Request) -> str:
        return self._wording.name(s.mentor_of(request.stage) or "")


def recipients(request: Request, first: str) -> tuple[str, ...]:
    """Whom the brief may go to: the chosen mentor, then the other suggested people in their order."""
    return (first, *(match.mentor for match in request.matches if match.mentor not in (first, *request.declined)))
