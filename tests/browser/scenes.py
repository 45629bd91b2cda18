"""Requests in every stage, made through the services in the data folder of a running server: only the looking is in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.bootstrap import App, build
from assistant.domain import stages as s
from assistant.domain.brief import approval_hash
from assistant.domain.request import Request
from assistant.ports import Languages
from assistant.services.accounts.access import Actor
from assistant.services.results import Refusal
from assistant.settings import Settings
from tests.fakes import SettableClock
from tests.fakes.slow_language import SlowLanguage

VAGUE = "I need help with my presentation for the board."
KNOWN = (
    "My spreadsheet lookup misses 40 part numbers although I can see them in both lists. I tried to trim the spaces. I want a "
    "formula that finds all of them."
)
SPECIFIC = (
    "Could someone who has run a supplier negotiation look at my counter offer for 30 minutes before Friday? I compared three "
    "quotes. Success is a walk-away price. We are renewing the packaging contract."
)
BOARD = (
    "Could someone who has presented to a board look at my deck for 30 minutes before Thursday? I rewrote the storyline twice. "
    "Success is that the directors decide on the second packing line. The board gets five slides."
)
NOTES = (
    "We agreed that Lena will draft the counter offer by Friday. Takeaway: lead with the walk-away price. Lena ran the "
    "negotiation role play on her own. Open question: who signs the contract? She should also talk to the legal team."
)
THEN = timedelta(days=9)


@dataclass(frozen=True)
class Scene:
    """A place to look at: who, and where."""

    login: str
    path: str


class Stage:
    """The services of a data folder, with a clock that may be set back, so that a session can be over."""

    def __init__(self, data: Path, languages: Languages | None = None) -> None:
        self.now = datetime.now(UTC)
        self.clock = SettableClock(self.now)
        settings = Settings(data=data, database_url="", demo=True, messages_per_minute=0)
        self.app: App = build(settings, clock=self.clock, languages=languages)

    def speaking(self, languages: Languages) -> None:
        """From now on."""
        self.app.__dict__["languages"] = languages

    def actor(self, login: str) -> Actor:
        found = self.app.actor(login)
        assert found, login
        return found

    def login_of(self, mentor: str) -> str:
        return next(account.login for account in self.app.accounts.all() if account.mentor == mentor)

    def said(self, login: str, request: str, *words: str) -> Request:
        me = self.actor(login)
        done(self.app.services.conversation.open(me, request))
        for at, text in enumerate(words):
            done(self.app.services.conversation.say(me, request, f"{request}-{at}", text))
        return done(self.app.services.request_views.read(me, request))

    def drafted(self, login: str, request: str) -> Request:
        """With a brief for the first of the people who have time soon."""
        me, found = self.actor(login), self.said(login, request, SPECIFIC)
        done(self.app.services.conversation.confirm(me, request))
        with_time = [match.mentor for match in found.matches if match.next_slot] or [found.matches[0].mentor]
        return done(self.app.services.briefing.choose(me, request, with_time[0]))

    def offered(self, login: str, request: str) -> str:
        """With the first mentor; their login."""
        me, stage = self.actor(login), self.drafted(login, request).stage
        assert isinstance(stage, s.Briefing)
        for name in ("background", "success"):
            if not stage.draft.field(name).stated:
                done(self.app.services.briefing.in_person(me, request, name))
        done(self.app.services.briefing.ready_to_note(me, request))
        return self.approve(login, request)

    def approve(self, login: str, request: str) -> str:
        """The draft as it stands leaves; the login of the mentor who has it now."""
        me = self.actor(login)
        ready = done(self.app.services.request_views.read(me, request)).stage
        assert isinstance(ready, s.Briefing)
        done(self.app.services.briefing.approve(me, request, approval_hash(ready.draft, ready.recipients)))
        return self.login_of(ready.recipients[0])

    def booked(self, login: str, request: str) -> str:
        mentor = self.offered(login, request)
        free = self.app.services.handoff.free(self.actor(mentor), request)
        assert not isinstance(free, Refusal)
        done(self.app.services.handoff.accept(self.actor(mentor), request, free[0].start))
        return mentor

    def exchanging(self, login: str, request: str) -> str:
        mentor = self.offered(login, request)
        done(self.app.services.handoff.accept(self.actor(mentor), request, None))
        for who, words in ((mentor, "What is your best other offer?"), (login, "Eight percent below the one we have.")):
            done(self.app.services.sessions.post(self.actor(who), request, f"{request}-{who}", words))
        return mentor

    def debriefing(self, login: str, request: str) -> str:
        """A session held last week, with its notes, an attested and a self-reported competency."""
        self.clock.set(self.now - THEN)
        mentor = self.booked(login, request)
        held = done(self.app.services.request_views.read(self.actor(login), request)).stage
        assert isinstance(held, s.Booked)
        self.clock.set(max(held.slot.end, self.now - THEN))
        done(self.app.services.sessions.held(self.actor(login), request))
        done(self.app.services.debriefing.note(self.actor(mentor), request, NOTES))
        done(self.app.services.debriefing.report(self.actor(login), request, "Prepare a counter offer"))
        done(self.app.services.debriefing.attest(self.actor(mentor), request, "Run a negotiation role play"))
        self.clock.set(self.now)
        return mentor

    def closed(self, login: str, request: str) -> str:
        mentor = self.debriefing(login, request)
        for who in (login, mentor):
            done(self.app.services.debriefing.confirm(self.actor(who), request))
        done(self.app.services.debriefing.finish(self.actor(login), request))
        return mentor


def scenes(data: Path) -> dict[str, Scene]:
    """One request in each stage, each of another mentee, so that none of them holds up another; and what its mentor sees."""
    stage = Stage(data)
    made: dict[str, Scene] = {"asking": Scene("joao", "/?request=asking"), "proposed": Scene("amara", "/?request=proposed")}
    stage.said("joao", "asking", VAGUE)
    stage.said("amara", "proposed", SPECIFIC)
    stage.drafted("yuto", "draft")
    made["draft"] = Scene("yuto", "/?request=draft")
    steps = {
        "offered": ("piotr", stage.offered), "booked": ("sunita", stage.booked), "exchanging": ("megan", stage.exchanging),
        "debriefing": ("lena", stage.debriefing), "closed": ("lena", stage.closed),
    }  # fmt: skip
    for name, (login, reach) in steps.items():
        mentor = reach(login, name)
        made[name] = Scene(login, f"/?request={name}")
        made[f"mentor {name}"] = Scene(mentor, f"/mentor?request={name}")
    mentor = stage.offered("rafael", "more")
    done(stage.app.services.handoff.ask(stage.actor(mentor), "more", "Which supplier is it?"))
    made["more"] = Scene("rafael", "/?request=more")
    made["mentor more"] = Scene(mentor, "/mentor?request=more")
    stage.speaking(SlowLanguage())
    stage.said("kofi", "answer", BOARD)
    made["answer"] = Scene("kofi", "/?request=answer")
    stage.app.close()
    return made


def done(outcome: object) -> Request:
    """What a service gave back, which must not be a refusal."""
    assert not isinstance(outcome, Refusal), outcome
    return outcome  # type: ignore[return-value]
