"""From a move to what is written and said: the events of one turn, the reply, and what was found for it.

The language of the turn words what was decided (the question, the sharp question, an answer out of passages, the reasons);
every other sentence is from the catalogue, and every status from the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.dialogue import moves as m
from assistant.dialogue.clarify import Questioner, next_question, tells_something
from assistant.dialogue.pieces import Hear, Wanted, unheard
from assistant.dialogue.policy import Found, settle
from assistant.dialogue.understanding import Act, Understanding
from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.mentor import Citation
from assistant.domain.need import SLOTS, Need, SlotName
from assistant.domain.reply import Kind, Reply
from assistant.domain.request import Request, evolve
from assistant.domain.transitions import may
from assistant.ports import Audit, Clock, Effects, Language
from assistant.services.composing import Composed, compose
from assistant.services.drafting import next_draft, redraft
from assistant.services.finding import Finder, Findings
from assistant.services.ledger import Plan
from assistant.services.matching import Matcher
from assistant.services.notices import Notices
from assistant.services.organisation import Organisation
from assistant.services.texts import has_words, mostly_foreign
from assistant.services.wording import Wording, joined, say

NOTHING = Findings(False, (), (), ())
LONGEST_QUERY = 600
ENOUGH_WORDS = 6
_TITLE_WORDS = 14
_REASONS = {name: f"why.{name}" for name in (*SLOTS, "facet_open")} | {"facet": "why.facet_open"}


@dataclass(frozen=True)
class Heard:
    """One turn understood: the text, the checked claims, and the need and kind with the turn included."""

    text: str
    claim: Understanding
    need: Need
    kind: Kind


@dataclass
class _Draft:
    """What a turn writes, collected step by step: events before the reply, the reply, events after it; and who words it."""

    reply: Reply
    language: Language
    hear: Hear
    before: list[e.Event] = field(default_factory=list)
    after: list[e.Event] = field(default_factory=list)


class Turns:
    def __init__(
        self, clock: Clock, finder: Finder, matcher: Matcher, wording: Wording, organisation: Organisation, notices: Notices,
        questioner: Questioner = next_question,
    ) -> None:  # fmt: skip
        self._questioner = questioner
        self._clock, self._finder, self._matcher = clock, finder, matcher
        self._wording, self._organisation, self._notices = wording, organisation, notices

    def plan(self, request: Request, heard: Heard, language: Language, delayed: bool, hear: Hear = unheard) -> Plan:
        """All events of the answer to the pending turn; `language` is that of this turn."""
        out = _Draft(Reply(request.pending, ""), language, hear)
        heard = self._in_scope(heard)
        unreadable = "" if heard.claim.topic else _unreadable(request, heard)
        learnt = heard.need != request.need or heard.kind != request.kind
        if learnt and not unreadable and may(request.stage, e.NeedChanged):
            self._add(out.before, e.NeedChanged, need=heard.need, kind=heard.kind)
        if unreadable:
            out.reply = replace(out.reply, say=say(unreadable))
        else:
            self._decide(request, heard, out)
        contact = self._organisation.name_for("confidential")
        if heard.claim.uneasy and not out.after and contact not in out.reply.say:
            out.reply = replace(out.reply, say=f"{out.reply.say} {say('other.uneasy', contact=contact)}")
        return self._finish(request, out, delayed)

    def _in_scope(self, heard: Heard) -> Heard:
        """What the base has an answer to is no foreign matter, whatever it sounded like."""
        if heard.kind is not Kind.OUT_OF_SCOPE or not heard.claim.scope_unsure:
            return heard
        found = self._finder.look((heard.text[:LONGEST_QUERY],), self._clock.now(), exclude=frozenset())
        return replace(heard, kind=Kind.VAGUE) if found.known else heard

    def _decide(self, request: Request, heard: Heard, out: _Draft) -> None:
        found = self._found(request, heard)
        seen = Found(found.known, found.candidates, found.unclear)
        move = settle(request, heard.claim, heard.need, heard.kind, heard.text, seen, self._questioner)
        self._apply(move, request, heard, found, out)

    def _found(self, request: Request, heard: Heard) -> Findings:
        """Search only where the answer can use it: never for sensitive or declined matters."""
        looking = isinstance(request.stage, s.Sharpening | s.Ready)
        silent = heard.kind in (Kind.SENSITIVE, Kind.OUT_OF_SCOPE) or heard.claim.topic
        spoken = _spoken(request, heard)
        questions = _queries(heard, spoken)
        if not looking or silent or not questions:
            return NOTHING
        return self._finder.look(questions, self._clock.now(), self._excluded(request), _people_by(heard.need, spoken))

    def _excluded(self, request: Request) -> frozenset[str]:
        return frozenset({*request.declined, *self._organisation.mentors_of(request.mentee)})

    def _apply(self, move: m.Move, request: Request, heard: Heard, found: Findings, out: _Draft) -> None:
        match move:
            case m.Ask():
                self._ask(move, heard, request, found, out)
            case m.Propose(because=because):
                self._propose(because, request, heard, found, out)
            case m.Reopen():
                self._add(out.before, e.QuestionReopened)
                self._propose("question", request, heard, found, out)
            case m.Confirm(question=question):
                self._add(out.before, e.QuestionConfirmed, question=question)
                out.reply = replace(out.reply, say=say("confirmed.question"), matches=request.matches)
            case m.Choose(mentor=mentor):
                self._choose(mentor, request, heard, out)
            case m.Redraft():
                self._redraft(request, heard, out)
            case m.AnswerMore(text=text):
                self._add(out.after, e.OneMoreAnswered, text=text)
                out.reply = replace(out.reply, say=say("other.more_answered", name=self._holder(request)))
            case _:
                self._end(move, request, out)

    def _end(self, move: m.Move, request: Request, out: _Draft) -> None:
        """The moves that close a request or change nothing."""
        match move:
            case m.Refer(topic=topic):
                words = say(f"refer.{topic}", contacts=self._organisation.sentences(topic))
                self._refer(move, request, out)
            case m.Decline(private=private):
                listener = self._organisation.name_for("confidential")
                words = say("decline.private", contact=listener) if private else say("decline.out_of_scope")
            case m.Solve():
                self._add(out.after, e.Solved)
                words = say("closed.solved")
            case m.Stop():
                self._add(out.after, e.Withdrawn)
                words = say("closed.withdrawn")
            case m.Tell(key=key):
                words = say(key)
            case _:
                raise AssertionError(move)
        out.reply = replace(out.reply, say=words)

    def _refer(self, move: m.Refer, request: Request, out: _Draft) -> None:
        """A closing referral comes after the reply; one that leaves the request as it is sets the turn's messages apart."""
        if may(request.stage, e.Referred):
            names = tuple(contact.name for contact in self._organisation.contacts(move.topic))
            events = out.after if move.closes else out.before
            self._add(events, e.Referred, topic=move.topic, contacts=names, closes=move.closes)

    def _ask(self, move: m.Ask, heard: Heard, request: Request, found: Findings, out: _Draft) -> None:
        key = move.asks.name if move.asks.kind == "slot" else ("facet" if move.options else "facet_open")
        options = (*move.options, say("ask.something_else"), say("ask.skip")) if move.options else (say("ask.skip"),)
        said = "\n".join(request.words())
        question = out.language.ask(Wanted(move.asks, say(f"ask.{key}"), tuple(move.options), said, heard.need))
        spoken = f"{_understood(heard, request)} {question}".strip()
        out.reply = replace(out.reply, say=spoken, question=question, asks=move.asks, options=options, why=self._why(key, found))

    def _why(self, key: str, found: Findings) -> str:
        """The reason for this question here and now: for a choice, which articles and people it separates."""
        titles = [citation.title for citation in found.citations[:2]]
        separated = [*titles, *(self._wording.name(hit.profile.id) for hit in found.people[:2])]
        return say("why.facet", found=joined(separated)) if key == "facet" and len(separated) > 1 else say(_REASONS[key])

    def _propose(self, because: str, request: Request, heard: Heard, found: Findings, out: _Draft) -> None:
        """Compose the question, show passages only if the base knows, and people with their reasons."""
        now = self._clock.now()
        person, untold = because.startswith("person"), because == "person_untold"
        own = self._organisation.mentors_of(request.mentee)
        matches = self._matcher.match(heard.need, found.people, now, request.time_zone, own)
        if person and (untold or not matches):
            matches = self._matcher.soonest(now, request.time_zone, self._excluded(request))
        asked = next(iter(_queries(heard, _spoken(request, heard))), "")
        made = compose(out.language, heard.need, heard.kind, asked, found, matches, not person, out.hear)
        question = made.sharp or say("propose.question_untold")
        if isinstance(request.stage, s.Ready) and person:
            question = request.question
        else:
            self._add(out.before, e.QuestionProposed, question=question)
        self._add(out.before, e.MentorsMatched, matches=made.matches)
        lead = self._lead(because, made, found)
        out.reply = replace(
            out.reply, say=lead, sharp_question=question, citations=made.citations, matches=made.matches, answer=made.answer
        )

    def _lead(self, because: str, made: Composed, found: Findings) -> str:
        cited, matches, known = made.citations, made.matches, found.known and not made.abstained
        values = {"contact": self._organisation.name_for("mentoring")} if because == "trajectory" else {}
        parts = [say(f"propose.{because}", **values)]
        if cited and because != "trajectory":
            titles = joined(_titles(cited))
            parts.append(say("propose.known", titles=titles) if known else say("propose.perhaps", title=cited[0].title))
        elif not cited and not because.startswith(("person", "trajectory")):
            parts.append(say("propose.unknown"))
        names, contact = joined(match.name for match in matches), self._organisation.name_for("mentoring")
        if not matches:
            parts.append(say("propose.nobody", contact=contact))
        elif found.described and because != "person_untold":
            parts.append(say("propose.people", names=names))
        elif because != "person_untold":
            parts.append(say("propose.nearest", names=names, contact=contact))
        return " ".join(parts)

    def _choose(self, mentor: str, request: Request, heard: Heard, out: _Draft) -> None:
        if isinstance(request.stage, s.Sharpening):
            self._add(out.before, e.QuestionConfirmed, question=request.question)
        order = recipients(request, mentor)
        drafted = next_draft(replace(request, need=heard.need), request.question)
        brief = out.language.brief(drafted, request.words())
        self._add(out.before, e.BriefDrafted, brief=brief, recipients=order, provenance=out.language.provenance)
        out.reply = replace(out.reply, say=say("other.chosen", name=self._wording.name(mentor)))

    def _redraft(self, request: Request, heard: Heard, out: _Draft) -> None:
        stage = request.stage
        assert isinstance(stage, s.Briefing)
        brief = redraft(replace(request, need=heard.need), stage.draft, stage.question, request.citations)
        self._add(out.before, e.BriefDrafted, brief=brief, recipients=stage.recipients)
        out.reply = replace(out.reply, say=say("other.brief_updated"))

    def _finish(self, request: Request, out: _Draft, delayed: bool) -> Plan:
        spoken = f"{say('other.delayed')} {out.reply.say}" if delayed else out.reply.say
        ahead = request
        for event in (*out.before, *out.after):
            ahead = evolve(ahead, event)
        following = self._wording.next_step(ahead, request.time_zone)
        way = out.language.provenance
        reply = replace(out.reply, say=spoken, delayed=delayed, next_step=following, provenance=way)
        said = e.Replied(at=self._clock.now(), actor=e.ASKWELL, reply=reply)
        return Plan([*out.before, said, *out.after], self._effects(request, out))

    def _effects(self, request: Request, out: _Draft) -> Effects:
        """A stop in words is the same withdrawal as one by command: audited, and told to a mentor who waits."""
        if not any(isinstance(event, e.Withdrawn) for event in out.after):
            return Effects()
        audit = Audit(request.mentee, "request.withdraw", request.id, self._clock.now())
        return Effects(notes=self._notices.withdrawn(request), audits=(audit,))

    def _holder(self, request: Request) -> str:
        return self._wording.name(s.mentor_of(request.stage) or "")

    def _add(self, events: list[e.Event], event: type[e.Event], /, **values: object) -> None:
        events.append(event(at=self._clock.now(), actor=e.ASKWELL, **values))


def recipients(request: Request, first: str) -> tuple[str, ...]:
    """Whom the brief may go to: the chosen mentor, then the other suggested people in their order."""
    return (first, *(match.mentor for match in request.matches if match.mentor not in (first, *request.declined)))


def _titles(cited: Sequence[Citation]) -> tuple[str, ...]:
    """The first two articles by name, the second only if both are short."""
    first, *others = dict.fromkeys(citation.title for citation in cited)
    return (first, *(other for other in others[:1] if len(f"{first} {other}".split()) <= _TITLE_WORDS))


def _queries(heard: Heard, spoken: str) -> tuple[str, ...]:
    """The need as understood, what was asked for and told, and all that was spoken; any may be missing."""
    small_talk = heard.claim.acts & {Act.GREETING, Act.THANKS} and not heard.need.slots
    known, told = heard.need.words(), ". ".join(_told(heard.need))
    wordings = (known, told, "" if small_talk else spoken)
    if len(known.split()) < ENOUGH_WORDS:
        wordings = (spoken, known, told)
    return tuple(words[:LONGEST_QUERY] for words in dict.fromkeys(wordings) if words.strip())


def _people_by(need: Need, spoken: str) -> tuple[str, ...]:
    """People are found by the whole story; where that is too long to be searched, by the need beside it."""
    wordings = (spoken, need.words()) if len(spoken) > LONGEST_QUERY else (spoken,)
    return tuple(words[:LONGEST_QUERY] for words in wordings if words.strip())


def _spoken(request: Request, heard: Heard) -> str:
    """All that the mentee wrote, without messages that say nothing, such as "skip", and what it is said not to be about."""
    said = [words for n, words in enumerate(request.words()) if n == 0 or tells_something(words)]
    spoken = "\n".join(said) if request.kind is not Kind.OUT_OF_SCOPE else heard.text
    for quote in heard.claim.negated:
        spoken = spoken.replace(quote, " ")
    return spoken


def _told(need: Need) -> list[str]:
    """What he says it is about when asked for it: the task and the part, without the story around them."""
    return [words for words in (need.value("task"), *(facet.value for facet in need.facets)) if words]


def _understood(heard: Heard, request: Request) -> str:
    """One short clause that shows what was understood, in the mentee's own words; only for what is new."""
    names: tuple[SlotName, ...] = ("task", "context")
    new = [slot for name in names if (slot := heard.need.get(name)) and request.need.get(name) != slot]
    subject = next((slot.value for slot in new if 2 <= len(slot.value.split()) <= 12), "")
    return say("understood.need", subject=subject.rstrip(".!?,; ")) if subject else ""


def _unreadable(request: Request, heard: Heard) -> str:
    """Which saying meets a text without words; an answer to a mentor may be in any language that the two share."""
    if mostly_foreign(heard.text) and not isinstance(request.stage, s.MoreAsked):
        return "other.foreign"
    number = any(character.isdecimal() for character in heard.text) and bool(request.matches)
    return "" if number or has_words(heard.text) else "other.unreadable"
