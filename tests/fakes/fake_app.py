"""All services wired over fakes, with short methods that walk a request to a stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from assistant.adapters.ics_calendar import IcsCalendar
from assistant.dialogue.clarify import Questioner, next_question
from assistant.domain import stages
from assistant.domain.brief import approval_hash
from assistant.domain.reply import Reply
from assistant.domain.request import Request
from assistant.domain.schedule import TimeSlot
from assistant.ports import Audit, Notification
from assistant.services.accounts.access import Actor
from assistant.services.accounts.accounts import Accounts
from assistant.services.accounts.organisation import Organisation
from assistant.services.conversing.conversation import Conversation
from assistant.services.conversing.message_rate import MessageRate
from assistant.services.conversing.research import Research
from assistant.services.conversing.respond import Responder
from assistant.services.conversing.status_text import StatusText
from assistant.services.handing_over.bookings import Bookings
from assistant.services.handing_over.briefing import Briefing, Deadlines
from assistant.services.handing_over.closing_drafts import ClosingDrafts
from assistant.services.handing_over.debriefing import Debriefing
from assistant.services.handing_over.due_jobs import DueJobs
from assistant.services.handing_over.handoff import Handoff
from assistant.services.handing_over.introductions import Introductions
from assistant.services.handing_over.notifications import Notifications
from assistant.services.ledger import Ledger
from assistant.services.matching.availability import FreeSlots
from assistant.services.matching.rank import Matcher
from assistant.services.results import Refusal
from assistant.services.views.request_views import RequestViews
from tests.fakes.clock import SettableClock
from tests.fakes.knowledge_base import FakeBase
from tests.fakes.languages import FakeLanguage
from tests.fakes.mentor_directory import FakeMentors
from tests.fakes.notifier import FakeNotifier
from tests.fakes.people import CONTACTS, PEOPLE
from tests.fakes.stores import Ports

T = TypeVar("T")
TUESDAY_TEN = datetime(2026, 11, 3, 10, tzinfo=UTC)
SPECIFIC = "task: face the board\noutcome: a yes\ncontext: new CFO"


@dataclass(frozen=True)
class Answered:
    """The request after a message, the reply to it or the status while a human owns the reply, and what happens next."""

    request: Request
    reply: Reply | None
    status: str
    next_step: str


class FakeApp:
    """All services over one store, wired as in the application, with fakes for everything outside."""

    def __init__(
        self, ports: Ports, clock: SettableClock, language: FakeLanguage | None = None, questioner: Questioner = next_question,
        rate: MessageRate | None = None,
    ) -> None:  # fmt: skip
        self.questioner, self.rate = questioner, rate
        self.ports, self.clock, self.language = ports, clock, language or FakeLanguage()
        self.directory, self.notifier = FakeMentors(), FakeNotifier()
        self.base = FakeBase(self.directory)
        for account in PEOPLE:
            ports.accounts.put(account, Audit("test", "account.put", account.login, clock.now()))
        self._wire()

    def _wire(self) -> None:
        ports, clock, directory, base = self.ports, self.clock, self.directory, self.base
        calendar, deadlines = IcsCalendar(clock), Deadlines()
        self.ledger, self.wording = Ledger(ports.store), StatusText(directory)
        self.slots, self.notices = FreeSlots(calendar, ports.bookings), Notifications(directory, ports.accounts)
        ledger, wording, slots, notices = self.ledger, self.wording, self.slots, self.notices
        self.finder = Research(passages=base, people=base, relevance=base, articles=base)
        self.matcher = Matcher(directory, slots, ports.index)
        self.organisation = Organisation("Larkmoor", CONTACTS, ports.accounts)
        introductions = Introductions(ports.accounts, directory)
        turns = Responder(
            clock, self.finder, self.matcher, wording, self.organisation, notices, introductions, self.questioner
        )  # fmt: skip
        store, index = ports.store, ports.index
        self.conversation = Conversation(ledger, store, index, clock, self.language, turns, wording, notices, self.rate)
        self.briefing = Briefing(ledger, clock, self.language, directory, notices, wording, introductions, deadlines)
        self.handoff = Handoff(ledger, clock, directory, slots, notices, wording, deadlines)
        self.sessions = Bookings(ledger, clock, calendar, directory, ports.accounts, slots, notices, wording, self.rate)
        self.debriefing = Debriefing(ledger, clock, self.language, ports.accounts, notices, wording, self.rate)
        self.closing_drafts = ClosingDrafts(ledger, self.language, ports.accounts, wording)
        self.request_views = RequestViews(ledger, ports.index, wording)
        self.people = Accounts(ports.accounts, ledger, ports.index, clock)
        self.due_jobs = DueJobs(clock, ports.index, self.conversation, self.handoff, self.sessions, ports.outbox, self.notifier)

    # Short words for tests.

    def actor(self, login: str) -> Actor:
        account = self.ports.accounts.get(login)
        return Actor.of(account) if account else Actor(login)

    def mentor(self, mentor_id: str) -> Actor:
        return self.actor(f"login-{mentor_id}")

    def load(self, request_id: str) -> Request:
        return self.ledger.load(request_id)

    def open(self, login: str = "lena", request_id: str | None = None) -> str:
        return done(self.conversation.open(self.actor(login), request_id)).id

    def say(self, request_id: str, words: str, message_id: str = "", login: str = "lena") -> Answered:
        """One message, expected to be accepted."""
        key = message_id or f"m{self.load(request_id).version}"
        after = done(self.conversation.say(self.actor(login), request_id, key, words))
        reply = after.reply_to(key)
        status = "" if reply else self.request_views.silence(after)
        return Answered(after, reply, status, self.wording.next_step(after, after.time_zone))

    def offer_of(self, request_id: str) -> stages.Offered:
        """The stage of a request that a mentor holds."""
        stage = self.load(request_id).stage
        assert isinstance(stage, stages.Offered)
        return stage

    def to_brief(self, mentor: str = "ada", login: str = "lena", request_id: str | None = None) -> str:
        """A specific request, confirmed, with the brief for `mentor` ready to leave."""
        request, actor = self.open(login, request_id), self.actor(login)
        self.say(request, SPECIFIC, login=login)
        self.say(request, "yes", login=login)
        done(self.briefing.choose(actor, request, mentor))
        done(self.briefing.ready_to_note(actor, request))
        return request

    def to_offer(self, mentor: str = "ada", login: str = "lena", request_id: str | None = None) -> str:
        request = self.to_brief(mentor, login, request_id)
        done(self.briefing.approve(self.actor(login), request, self.brief_hash(request)))
        return request

    def to_booking(self, login: str = "lena", start: datetime = TUESDAY_TEN) -> str:
        request = self.to_offer(login=login)
        done(self.handoff.accept(self.mentor("ada"), request, start))
        return request

    def brief_hash(self, request_id: str) -> str:
        stage = self.load(request_id).stage
        assert isinstance(stage, stages.Briefing)
        return approval_hash(stage.draft, stage.recipients)

    def free(self, request_id: str, mentor_id: str) -> TimeSlot:
        return done(self.handoff.free(self.mentor(mentor_id), request_id))[0]

    def notes(self) -> list[Notification]:
        """Everything that waits in the outbox, delivered by this look."""
        self.due_jobs.deliver()
        return self.notifier.delivered


def done(outcome: T | Refusal) -> T:
    """The outcome of something that must have worked."""
    assert not isinstance(outcome, Refusal), outcome
    return outcome


def refused(outcome: object, code: str) -> Refusal:
    """The refusal of something that must not have worked, for this reason."""
    assert isinstance(outcome, Refusal), outcome
    assert outcome.code == code, outcome
    return outcome
