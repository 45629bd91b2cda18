"""Composes a proposal: a sharp question, passages, and people with reasons, with the sentences that introduce them."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.dialogue.moves import Because
from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.mentor import Citation, Match
from assistant.ports import Clock
from assistant.services.accounts.organisation import Organisation
from assistant.services.conversing.compose_answer import Composed, compose
from assistant.services.conversing.status_text import joined, say
from assistant.services.conversing.turn_draft import TurnDraft
from assistant.services.matching.rank import Matcher

_TITLE_WORDS = 14


class Proposer:
    def __init__(self, clock: Clock, matcher: Matcher, organisation: Organisation) -> None:
        self._clock, self._matcher, self._organisation = clock, matcher, organisation

    def propose(self, because: Because, turn: TurnDraft) -> None:
        """Adds the sharp question, the citations and the matches to the turn."""
        request, understood, found = turn.request, turn.understood, turn.found
        matches = self._matches(because, turn)
        asked = next(iter(turn.queries), "")
        cite = not because.wants_person
        said = request.words()
        composed = compose(turn.language, understood.need, understood.kind, asked, found, matches, cite, turn.on_partial, said)
        question = composed.sharp or say("propose.question_unknown")
        at_brief = isinstance(request.stage, s.Briefing)
        if at_brief or (isinstance(request.stage, s.Ready) and (because.wants_person or because is Because.OTHERS)):
            question = request.question
        else:
            turn.before_reply(e.QuestionProposed, question=question)
        if composed.matches or not at_brief:
            turn.before_reply(e.MentorsMatched, matches=composed.matches)
        turn.answer(
            say=" ".join(self._lead(because, composed, turn)), sharp_question="" if at_brief else question,
            citations=composed.citations,
            matches=composed.matches, answer=composed.answer,
        )  # fmt: skip

    def _matches(self, because: Because, turn: TurnDraft) -> tuple[Match, ...]:
        """The ranked mentors; if none was found and a person was asked for, those who are free first."""
        now, zone = self._clock.now(), turn.request.time_zone
        searched = because is not Because.PERSON_NO_TOPIC
        matches = self._matcher.match(turn.understood.need, turn.found.people, now, zone, turn.own) if searched else ()
        return matches or (self._matcher.soonest(now, zone, turn.excluded) if because.wants_person else ())

    def _lead(self, because: Because, composed: Composed, turn: TurnDraft) -> list[str]:
        contact = self._organisation.name_for("mentoring")
        lead = say(f"propose.{because}", contact=contact) if because is Because.TRAJECTORY else say(f"propose.{because}")
        known = turn.found.known and not composed.abstained
        return [lead, *_about_passages(because, composed.citations, known), *self._about_people(because, composed.matches, turn)]

    def _about_people(self, because: Because, matches: Sequence[Match], turn: TurnDraft) -> list[str]:
        names, contact = joined(match.name for match in matches), self._organisation.name_for("mentoring")
        if not matches:
            return [say("propose.nobody", contact=contact)]
        if because is Because.PERSON_NO_TOPIC:
            return []
        return [
            say("propose.people", names=names) if turn.found.described else say("propose.nearest", names=names, contact=contact)
        ]


def _about_passages(because: Because, cited: Sequence[Citation], known: bool) -> list[str]:
    if because is Because.TRAJECTORY:
        return []
    if cited:
        return [say("propose.known", titles=joined(_titles(cited))) if known else say("propose.perhaps", title=cited[0].title)]
    return [] if because.wants_person else [say("propose.unknown")]


def _titles(cited: Sequence[Citation]) -> tuple[str, ...]:
    """The first two article titles, the second only if both are short."""
    first, *others = dict.fromkeys(citation.title for citation in cited)
    return (first, *(other for other in others[:1] if len(f"{first} {other}".split()) <= _TITLE_WORDS))
