"""One request walked from its opening to its end, through the product's own services, on an installation to play on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from assistant.domain import stages as s
from assistant.domain.brief import approval_hash
from assistant.domain.debrief import Debrief
from assistant.domain.reply import Reply
from assistant.domain.request import Request
from assistant.services.accounts.access import Actor
from assistant.services.conversing.conversation import Conversation
from assistant.services.conversing.status_text import StatusText
from assistant.services.handing_over.bookings import Bookings
from assistant.services.handing_over.briefing import Briefing
from assistant.services.handing_over.closing_drafts import ClosingDraft, ClosingDrafts
from assistant.services.handing_over.debriefing import Debriefing
from assistant.services.handing_over.handoff import Handoff
from assistant.services.ledger import Ledger
from assistant.services.results import Refusal
from retrieval.passage import Article
from retrieval.passages.search import Evidence
from retrieval.people.experts import ExpertHit

REQUEST = "play"
OPENING = (
    "I have to prepare board slides for a new CFO and I want a yes to the second phase. I tried a draft of twenty slides and "
    "nobody read beyond the third."
)
MOST_TURNS = 6


class Services(Protocol):
    """What a play needs of the product."""

    ledger: Ledger
    conversation: Conversation
    briefing: Briefing
    handoff: Handoff
    sessions: Bookings
    debriefing: Debriefing
    closing_drafts: ClosingDrafts
    wording: StatusText


class Base(Protocol):
    """What is searched, and the articles as they stand there."""

    def search(self, question: str, k: int = 5) -> Evidence: ...

    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]: ...

    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]: ...

    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]: ...


class Hand(Protocol):
    """A clock that can be set."""

    def set(self, moment: datetime) -> None: ...


@dataclass(frozen=True)
class Stage:
    """An installation to play on, new for each play; `mentors` are those who stand for a profile, by its id.

    `look` is called after each part of the way, for those who want to see what is there then.
    """

    services: Services
    clock: Hand
    mentee: Actor
    mentors: Mapping[str, Actor]
    base: Base
    look: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Said:
    """One text that the assistant said or drafted, the words of people that it may repeat, and where it stands."""

    where: str
    text: str
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trace:
    """What a play came to: the request at its end, the refusals met, everything said, what came before the last reply."""

    request: Request
    refused: tuple[str, ...]
    said: tuple[Said, ...]
    offers: tuple[tuple[str, ...], ...]
    articles: Mapping[str, Article] = field(default_factory=dict)


class Walk:
    """One request on its way; what a service refuses is noted, and the way ends there."""

    def __init__(self, stage: Stage, name: str = REQUEST) -> None:
        """`name` is the request's id; opened by whoever walks."""
        self.stage, self.mentee, self.name = stage, stage.mentee, name
        self.services = stage.services
        self._refused: list[str] = []
        self._kept: list[Said] = []
        self._offers: list[tuple[str, ...]] = []

    @property
    def request(self) -> Request:
        return self.services.ledger.load(self.name)

    def talk(self, opening: str) -> None:
        """From the opening until a question is proposed and confirmed; who is sent away says his real need once."""
        self.done(self.services.conversation.open(self.mentee, self.name))
        words = opening
        for turn in range(MOST_TURNS):
            answer = self.services.conversation.say(self.mentee, self.name, f"m{turn}", words)
            if isinstance(answer, Refusal) or isinstance(answer.stage, s.Closed):
                self._refused += [answer.code] if isinstance(answer, Refusal) else []
                return
            if getattr(answer.stage, "proposed", ""):
                break
            reply = answer.reply_to(f"m{turn}")
            words = "skip" if reply and reply.asks else OPENING
        if self.request.question:
            self.done(self.services.conversation.confirm(self.mentee, self.name))
        self._offers.append(tuple(match.mentor for match in self.request.matches))

    def meet(self) -> bool:
        """Choose the first person, approve, be accepted, and hold the session; whether it came to that."""
        briefing, matches = self.services.briefing, self.request.matches
        if not matches or not self.done(briefing.choose(self.mentee, self.name, matches[0].mentor)):
            return False
        self._keep_brief()
        for name in ("background", "success"):
            if not (self.request.brief and self.request.brief.field(name).stated):
                self.done(briefing.in_person(self.mentee, self.name, name))
        self.done(briefing.ready_to_note(self.mentee, self.name))
        self.stage.look()
        draft = self.request.stage
        if not isinstance(draft, s.Briefing):
            return False
        self.done(briefing.approve(self.mentee, self.name, approval_hash(draft.draft, draft.recipients)))
        return self._held()

    def _held(self) -> bool:
        offered = self.request.stage
        if not isinstance(offered, s.Offered):
            return False
        mentor = self.stage.mentors[offered.mentor]
        free = self.services.handoff.free(mentor, self.name)
        if isinstance(free, Refusal) or not free:
            self._refused.append("no_free_time")
            return False
        self.done(self.services.handoff.accept(mentor, self.name, free[0].start))
        self.stage.clock.set(free[0].end)
        return self.done(self.services.sessions.held(self.mentee, self.name))

    def note(self, notes: str) -> None:
        self.done(self.services.debriefing.note(self.mentee, self.name, notes))
        self.done(self.services.debriefing.confirm(self.mentee, self.name))

    def close(self) -> None:
        """Both agree, the mentor attests one thing of his own, the mentee closes; then thanks and an article."""
        mentor = self.stage.mentors[self.request.session_mentor or ""]
        self.done(self.services.debriefing.confirm(mentor, self.name))
        self.done(self.services.debriefing.attest(mentor, self.name, "opens with the ask"))
        self.done(self.services.debriefing.finish(self.mentee, self.name))
        for name in ("thanks", "article"):
            kept: ClosingDraft | Refusal = getattr(self.services.closing_drafts, name)(self.mentee, self.name)
            if isinstance(kept, ClosingDraft):
                items = self.request.debrief.items if self.request.debrief else ()
                own = (self.request.notes, self.request.last_question, *(text for i in items for text in (i.text, i.quote)))
                self._kept.append(Said(name, kept.text, own))

    def kept(self, where: str) -> list[str]:
        """What was drafted there."""
        return [one.text for one in self._kept if one.where == where]

    def _keep_brief(self) -> None:
        brief = self.request.brief
        for line in brief.fields if brief else ():
            if line.stated:
                self._kept.append(Said(f"brief.{line.name}", line.text, (*self.request.words(), self.request.question)))
        for asked in brief.mentor_questions if brief else ():
            self._kept.append(Said("brief.asks", asked))

    def done(self, outcome: object) -> bool:
        """Told of what came of each act; whether it was done."""
        if isinstance(outcome, Refusal):
            self._refused.append(outcome.code)
        return not isinstance(outcome, Refusal)

    def trace(self) -> Trace:
        request = self.request
        said = [one for reply in request.replies for one in _said(reply, request)]
        said += list(_noted(request.debrief, request.notes)) if request.debrief else []
        cited = {citation.article for reply in request.replies for citation in reply.citations}
        articles = self.stage.base.articles(cited)
        return Trace(request, tuple(self._refused), (*said, *self._kept), tuple(self._offers), articles)


def _said(reply: Reply, request: Request) -> Iterator[Said]:
    """What one reply says in the assistant's own name."""
    own = request.words()
    slots = tuple(text for slot in request.need.slots.values() for text in (slot.value, slot.quote))
    yield Said("say", reply.say, (*own, *slots, *(citation.title for citation in reply.citations)))
    yield Said("why", reply.why)
    yield Said("question", reply.question)
    yield Said("sharp question", reply.sharp_question, own)
    yield from (Said("option", option) for option in reply.options)
    yield from (Said("answer", sentence.text) for sentence in reply.answer)
    yield from (Said("reason", match.reason) for match in reply.matches)
    yield Said("next step", reply.next_step)


def _noted(debrief: Debrief, notes: str) -> Iterator[Said]:
    for item in debrief.items:
        yield Said(f"debrief.{item.kind}", item.text, (notes, item.quote))
