"""A person's results so far: who helped, and their agreed actions. Both are read from sessions that took place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.debrief import Item
from assistant.domain.request import Request, fold
from assistant.ports import Clock, MentorDirectory, RequestIndex, StoreUnavailable, Summary
from assistant.services.accounts.access import Actor, may
from assistant.services.ledger import Ledger
from assistant.services.results import Refusal, not_stored

REMEMBERED = 4000
_AFTER_A_SESSION = frozenset(map(s.name_of, (s.Debriefing, s.Closed)))


@dataclass(frozen=True)
class Helper:
    """A mentor who held `sessions` sessions, the last at `last` (UTC); `requests` are ids, the newest first.

    `attested` lists competencies that this mentor attested. Title and department are empty for mentors no longer listed.
    """

    mentor: str
    name: str
    title: str
    department: str
    sessions: int
    last: datetime
    requests: tuple[str, ...]
    attested: tuple[str, ...]


@dataclass(frozen=True)
class Action:
    """An action the mentee agreed to; `quote` is from the notes, `with_` is the mentor's name."""

    request: str
    question: str
    text: str
    quote: str
    due: date | None
    overdue: bool
    with_: str


@dataclass(frozen=True)
class _Session:
    request: str
    question: str
    mentor: str
    at: datetime
    attested: tuple[str, ...]
    actions: tuple[Item, ...]


class Overview:
    def __init__(self, ledger: Ledger, index: RequestIndex, directory: MentorDirectory, clock: Clock) -> None:
        self._ledger, self._index, self._directory, self._clock = ledger, index, directory, clock
        self._session = lru_cache(REMEMBERED)(self._read)

    def people(self, actor: Actor) -> tuple[Helper, ...] | Refusal:
        """The mentors who helped the actor, the latest session first."""
        sessions = self._sessions(actor)
        if isinstance(sessions, Refusal):
            return sessions
        mentors = dict.fromkeys(session.mentor for session in sessions)
        return tuple(self._helper(mentor, [session for session in sessions if session.mentor == mentor]) for mentor in mentors)

    def actions(self, actor: Actor) -> tuple[Action, ...] | Refusal:
        """The actor's agreed actions, the earliest due date first; overdue from the next day in the actor's time zone."""
        sessions = self._sessions(actor)
        if isinstance(sessions, Refusal):
            return sessions
        today = self._clock.now().astimezone(ZoneInfo(actor.time_zone)).date()
        names = {mentor: self._name(mentor) for mentor in {session.mentor for session in sessions}}
        found = [_action(session, item, names[session.mentor], today) for session in sessions for item in session.actions]
        return tuple(sorted(found, key=lambda action: action.due or date.max))

    def held(self, actor: Actor) -> tuple[Summary, ...] | Refusal:
        """Closed requests whose session this mentor held, the last closed first."""
        refusal = may(actor, "offer.list")
        if refusal:
            return refusal
        try:
            return self._index.held_by(actor.mentor) if actor.mentor else ()
        except StoreUnavailable as error:
            return not_stored(error)

    def _sessions(self, actor: Actor) -> list[_Session] | Refusal:
        """The actor's own sessions that took place, the newest first."""
        refusal = may(actor, "request.list")
        if refusal:
            return refusal
        try:
            rows = [row for row in self._index.of_mentee(actor.id) if row.stage in _AFTER_A_SESSION]
            found = [session for row in rows if (session := self._session(row.id, row.version))]
        except StoreUnavailable as error:
            return not_stored(error)
        return sorted(found, key=lambda session: session.at, reverse=True)

    def _read(self, request_id: str, version: int) -> _Session | None:
        """The session of a request if it took place; cached by `version`, and folded only then."""
        events = self._ledger.events(request_id)
        if not any(isinstance(event, e.SessionHeld | e.HandedBack) for event in events):
            return None
        request = fold(request_id, events)
        if request.session_mentor is None or request.session_at is None:
            return None
        attested = tuple(c.text for c in request.competencies if c.attested_by)
        question, mentor = request.last_question, request.session_mentor
        return _Session(request.id, question, mentor, request.session_at, attested, _actions(request))

    def _helper(self, mentor_id: str, sessions: list[_Session]) -> Helper:
        mentor = self._directory.get(mentor_id)
        name, title, department = (mentor.name, mentor.title, mentor.department) if mentor else (mentor_id, "", "")
        requests = tuple(session.request for session in sessions)
        attested = tuple(dict.fromkeys(text for session in sessions for text in session.attested))
        return Helper(mentor_id, name, title, department, len(sessions), sessions[0].at, requests, attested)

    def _name(self, mentor_id: str) -> str:
        mentor = self._directory.get(mentor_id)
        return mentor.name if mentor else mentor_id


def _action(session: _Session, item: Item, mentor: str, today: date) -> Action:
    overdue = item.due is not None and item.due < today
    return Action(session.request, session.question, item.text, item.quote, item.due, overdue, mentor)


def _actions(request: Request) -> tuple[Item, ...]:
    """The mentee's agreed actions, while the request is in debrief or after its objective was met."""
    going_on = isinstance(request.stage, s.Debriefing) or request.stage == s.Closed(s.Outcome.OBJECTIVE_MET)
    items = request.debrief.of("action") if request.debrief and going_on else ()
    return tuple(item for item in items if item.owner in ("mentee", "both"))
