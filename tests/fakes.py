"""Stand-ins for the world, and a house of services built on them: a settable clock, a language that is a function, a small
knowledge base with a memory of what was searched, four mentors and seven people.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from assistant.adapters.ics_calendar import IcsCalendar
from assistant.adapters.store.memory_store import MemoryStore
from assistant.dialogue.clarify import Questioner, next_question
from assistant.domain.brief import approval_hash
from assistant.domain.mentor import Mentor
from assistant.domain.organisation import Contact
from assistant.domain.reply import Reply
from assistant.domain.request import Request
from assistant.domain.schedule import Block, TimeSlot
from assistant.domain.stages import Briefing as BriefingStage
from assistant.ports import Account, Audit, NotDelivered, Notification
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
from assistant.services.handing_over.notifications import Notifications
from assistant.services.ledger import Ledger
from assistant.services.matching.availability import FreeSlots
from assistant.services.matching.rank import Matcher
from assistant.services.results import Refusal
from assistant.services.views.request_views import RequestViews
from retrieval.passage import Article, Passage, Profile
from retrieval.passages.search import Evidence, Hit
from retrieval.people.experts import ExpertHit
from tests.fake_language import FakeLanguage

T = TypeVar("T")
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TUESDAY_TEN = datetime(2026, 11, 3, 10, tzinfo=UTC)
SPECIFIC = "task: face the board\noutcome: a yes\ncontext: new CFO"


class SettableClock:
    """A Clock that stands still until it is told otherwise."""

    def __init__(self, start: datetime = MONDAY) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment

    def forward(self, **by: float) -> datetime:
        """Ahead by `hours`, `days`, `minutes` or `seconds`."""
        self._now += timedelta(**by)
        return self._now


# Mentors, articles and a search that remembers what it was asked.

MENTORS: dict[str, Mentor] = {
    m.id: m
    for m in (
        Mentor("ada", "Ada Rowntree", "Controller", "Finance", "senior", "Europe/London", ("en",), ("board slides", "budgets"),
               ("call",), 2, (Block("FREQ=WEEKLY;BYDAY=TU;BYHOUR=10;BYMINUTE=0", 90),
                              Block("FREQ=WEEKLY;BYDAY=TH;BYHOUR=15;BYMINUTE=0", 60))),
        Mentor("ben", "Ben Okonjo", "Account Lead", "Sales", "lead", "America/New_York", ("en",), ("negotiation", "storyline"),
               ("call",), 1, (Block("FREQ=WEEKLY;BYDAY=WE;BYHOUR=9;BYMINUTE=0", 60),)),
        Mentor("cleo", "Cleo Marchetti", "Design Director", "Design", "director", "Europe/Berlin", ("en", "it"),
               ("storyline", "portfolios"), ("call",), 1, (Block("FREQ=WEEKLY;BYDAY=MO;BYHOUR=13;BYMINUTE=0", 90),)),
        Mentor("dov", "Dov Lindgren", "Engineer", "Software", "senior", "Asia/Kolkata", ("en",), ("code review",),
               ("written",), 1),
    )
}  # fmt: skip
PEOPLE: tuple[Account, ...] = (
    Account("lena", "Lena Brack", frozenset({"mentee"}), "Europe/Berlin", None, "Projects"),
    Account("mika", "Mika Sorsa", frozenset({"mentee"}), "Europe/London", None, "Quality"),
    Account("login-ada", "Ada Rowntree", frozenset({"mentor"}), "Europe/London", "ada", "Finance"),
    Account("login-ben", "Ben Okonjo", frozenset({"mentor"}), "America/New_York", "ben", "Sales"),
    Account("login-cleo", "Cleo Marchetti", frozenset({"mentor", "mentee"}), "Europe/Berlin", "cleo", "Design"),
    Account("login-dov", "Dov Lindgren", frozenset({"mentor"}), "Asia/Kolkata", "dov", "Software"),
    Account("petra", "Petra Lind", frozenset({"curator"}), "Europe/Stockholm"),
    Account("alasdair", "Alasdair Munro", frozenset({"admin"}), "Europe/London"),
)
CONTACTS: dict[str, tuple[Contact, ...]] = {
    kind: (Contact(f"{kind.title()} Desk", f"phone {n}", "always", "Somebody listens."),)
    for n, kind in enumerate(("harassment", "burnout", "crisis", "confidential", "mentoring"), 1)
}
BODY = "Put the ask on the first slide. Then show the one number that decides. Leave the rest in the appendix."
ARTICLE = Article(
    "board-slides",
    "Board slides",
    "Lead with the ask.",
    ("board slides",),
    ("mentee",),
    "petra",
    date(2026, 10, 1),
    365,
    "own",
    BODY,
)


class FakeMentors:
    """A MentorDirectory over a dict that a test may change."""

    def __init__(self, mentors: dict[str, Mentor] | None = None) -> None:
        self.mentors = dict(mentors or MENTORS)

    def get(self, mentor_id: str) -> Mentor | None:
        return self.mentors.get(mentor_id)

    def some(self, ids: Collection[str]) -> dict[str, Mentor]:
        return {key: self.mentors[key] for key in sorted(ids) if key in self.mentors}

    def all(self) -> tuple[Mentor, ...]:
        return tuple(sorted(self.mentors.values(), key=lambda m: m.id))


class FakeBase:
    """Passages, People, Relevance and Articles in one. The base knows what speaks of "board"; `asked` is the spy."""

    def __init__(self, directory: FakeMentors) -> None:
        self._directory = directory
        self.asked: list[str] = []

    def search(self, question: str, k: int = 5) -> Evidence:
        self.asked.append(question)
        known = "board" in question.lower()
        passage = Passage("board-slides#0", ARTICLE.id, ARTICLE.title, ("The ask", ), BODY, 0, len(BODY))  # fmt: skip
        hit = Hit(passage, 0.9, 0.8, 1.0, "Put the ask on the first slide.")
        return Evidence((hit,), 0.8 if known else 0.1, known)

    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]:
        self.asked.append(question)
        able = [m for m in self._directory.all() if m.id not in exclude and m.blocks]
        return tuple(ExpertHit(profile(m), 0.9 - 0.1 * n, "I have done this.", m.skills[:1]) for n, m in enumerate(able))[:k]

    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]:
        return [0.5] * len(labels)

    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]:
        return {ARTICLE.id: ARTICLE}


def profile(mentor: Mentor) -> Profile:
    return Profile(
        mentor.id, mentor.name, mentor.title, mentor.department, mentor.level, mentor.time_zone, mentor.languages,
        mentor.skills, mentor.formats, mentor.capacity, "", "I have done this.",
    )  # fmt: skip


class FakeNotifier:
    """A Notifier that keeps what it was given, or fails when `broken`."""

    def __init__(self) -> None:
        self.delivered: list[Notification] = []
        self.broken = False

    def deliver(self, note: Notification) -> None:
        if self.broken:
            raise NotDelivered("no line")
        self.delivered.append(note)


# The house.


@dataclass(frozen=True)
class Answered:
    """The request after a message, the reply to it or the status while a human owns the reply, and what happens next."""

    request: Request
    reply: Reply | None
    status: str
    next_step: str


@dataclass(frozen=True)
class Ports:
    """The five ports of one store, and a picture of every byte it holds."""

    store: Any
    index: Any
    bookings: Any
    outbox: Any
    accounts: Any
    picture: Callable[[], str]
    close: Callable[[], None] = lambda: None


def memory_ports() -> Ports:
    store = MemoryStore()

    def picture() -> str:
        return repr({name: value for name, value in sorted(vars(store).items()) if name != "_lock"})

    return Ports(store, store, store, store, store, picture)


def sql_ports(path: Path) -> Ports:
    """Ports over a SQLite file, which is brought to the newest schema if it is not there yet."""
    from assistant.adapters.store.sql_accounts import SqlAccounts
    from assistant.adapters.store.sql_bookings import SqlBookings
    from assistant.adapters.store.sql_engine import open_engine
    from assistant.adapters.store.sql_migrate import migrate
    from assistant.adapters.store.sql_outbox import SqlOutbox
    from assistant.adapters.store.sql_request_index import SqlRequestIndex
    from assistant.adapters.store.sql_requests import SqlRequestStore

    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)

    def picture() -> str:
        db = sqlite3.connect(path)
        try:
            return "\n".join(db.iterdump())
        finally:
            db.close()

    return Ports(
        SqlRequestStore(engine), SqlRequestIndex(engine), SqlBookings(engine), SqlOutbox(engine), SqlAccounts(engine), picture,
        engine.dispose,
    )  # fmt: skip


class House:
    """All services over one store, wired as in the application, with the world replaced."""

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
        turns = Responder(clock, self.finder, self.matcher, wording, self.organisation, notices, self.questioner)
        store, index = ports.store, ports.index
        self.conversation = Conversation(ledger, store, index, clock, self.language, turns, wording, notices, self.rate)
        self.briefing = Briefing(ledger, clock, self.language, directory, notices, wording, deadlines)
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
        assert isinstance(stage, BriefingStage)
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
