"""Builds the services from their dependencies: each line says which service needs which other."""

from __future__ import annotations

from assistant.dependencies import Dependencies
from assistant.services.accounts.accounts import Accounts
from assistant.services.accounts.organisation import Organisation
from assistant.services.accounts.usage import UsageReports
from assistant.services.content.knowledge import KnowledgeService
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
from assistant.services.views.notification_feed import NotificationFeed
from assistant.services.views.overview import Overview
from assistant.services.views.request_views import RequestViews


class Services:
    """The services of one installation, or of a simulated one over other stores."""

    def __init__(self, use: Dependencies) -> None:
        self.directory, self.index, clock, accounts = use.directory, use.index, use.clock, use.accounts
        self.ledger, self.wording = Ledger(use.store), StatusText(use.directory)
        ledger, wording, rate = self.ledger, self.wording, MessageRate(use.options.messages_per_minute)
        slots, notices = FreeSlots(use.calendar, use.bookings), Notifications(use.directory, accounts)
        deadlines = Deadlines(use.options.offer_time, use.options.more_time)
        research, matcher = Research(use.search, use.search, use.search, use.articles), Matcher(use.directory, slots, use.index)
        self.organisation = Organisation(use.organisation, use.contacts, accounts)
        introductions = Introductions(accounts, use.directory)
        responder = Responder(
            clock, research, matcher, wording, self.organisation, notices, introductions, use.questioner
        )  # fmt: skip
        self.conversation = Conversation(
            ledger, use.store, use.index, clock, use.languages, responder, wording, notices, rate
        )  # fmt: skip
        self.briefing = Briefing(
            ledger, clock, use.languages, use.directory, notices, wording, introductions, deadlines
        )  # fmt: skip
        self.handoff = Handoff(ledger, clock, use.directory, slots, notices, wording, deadlines)
        self.sessions = Bookings(ledger, clock, use.calendar, use.directory, accounts, slots, notices, wording, rate)
        self.debriefing = Debriefing(ledger, clock, use.languages, accounts, notices, wording, rate)
        self.closing_drafts = ClosingDrafts(ledger, use.languages, accounts, wording)
        self.request_views, self.people = RequestViews(ledger, use.index, wording), Accounts(accounts, ledger, use.index, clock)
        self.knowledge_service = KnowledgeService(use.retrieval, use.corpus, clock, use.check_profile)
        self.news, self.overview = NotificationFeed(use.notifications), Overview(ledger, use.index, use.directory, clock)
        self.usage = UsageReports(use.usage, clock, use.options.llm_prices, bool(use.options.llm_model))
        self.due_jobs = DueJobs(
            clock, use.index, self.conversation, self.handoff, self.sessions, use.outbox, use.notifier, use.usage
        )  # fmt: skip
