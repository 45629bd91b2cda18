"""Requests in every state, made through the services with the offline language: what the pages are shown with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from assistant.bootstrap import App
from assistant.domain import stages as s
from assistant.domain.brief import FieldName, approval_hash
from assistant.services.access import Actor
from assistant.services.results import Refusal

Value = TypeVar("Value")
VAGUE = "I need help with presenting to leadership, the last board review went badly."
SPECIFIC = (
    "Could someone who has run a supplier negotiation look at my counter-offer for 30 minutes before Friday? We are renewing the "
    "packaging contract. I compared three quotes and asked procurement for a template. Success would be a walk-away price."
)
KNOWN = (
    "My spreadsheet lookup misses 40 part numbers although I can see them in both lists. I tried to trim the spaces. I want a "
    "formula that finds all of them."
)
SENSITIVE = "My manager keeps shouting at me in front of the team and I am afraid to go to work."
NOTES = """We went through the counter-offer line by line.
Main takeaway: decide the walk-away price before the call, not during it.
Lena will send the revised offer to procurement by 4 December.
I will share my price-cap clause with her.
We agreed to drop the three-year term.
Lena might ask legal about the penalty clause.
Lena built the concession table on her own and explained every step.
"""


@dataclass(frozen=True)
class Sight:
    """One state to look at: who looks, where, and what is done before the picture is taken, by selector."""

    name: str
    login: str
    path: str
    clicks: tuple[str, ...] = ()
    fill: tuple[str, str] = ("", "")
    wait: str = ".aw.ready"


def done(outcome: Value | Refusal) -> Value:
    assert not isinstance(outcome, Refusal), outcome
    return outcome


class Walk:
    """Takes requests of one mentee as far as they are wanted."""

    def __init__(self, app: App, login: str) -> None:
        self._app, self._actor = app, _actor(app, login)
        self._count = 0

    def said(self, request: str, *messages: str) -> str:
        done(self._app.conversation.open(self._actor, request))
        for words in messages:
            self._count += 1
            done(self._app.conversation.say(self._actor, request, f"{request}-{self._count}", words))
        return request

    def drafted(self, request: str) -> str:
        self.said(request, SPECIFIC)
        done(self._app.conversation.confirm(self._actor, request))
        found = done(self._app.inbox.read(self._actor, request))
        done(self._app.briefing.choose(self._actor, request, found.matches[0].mentor))
        return request

    def offered(self, request: str) -> str:
        self.drafted(request)
        briefing = self._app.briefing
        needed: tuple[FieldName, ...] = ("background", "success")
        for name in needed:
            brief = done(self._app.inbox.read(self._actor, request)).brief
            if brief and not brief.field(name).stated:
                done(briefing.in_person(self._actor, request, name))
        after = done(briefing.ready_to_note(self._actor, request))
        assert isinstance(after.stage, s.Briefing)
        done(briefing.approve(self._actor, request, approval_hash(after.stage.draft, after.stage.recipients)))
        return request

    def mentor(self, request: str) -> Actor:
        """Who holds it now."""
        holder = s.mentor_of(done(self._app.inbox.read(self._actor, request)).stage)
        return next(Actor.of(account) for account in self._app.accounts.all() if account.mentor and account.mentor == holder)

    def booked(self, request: str) -> str:
        self.offered(request)
        mentor = self.mentor(request)
        slot = done(self._app.handoff.free(mentor, request))[0]
        done(self._app.handoff.accept(mentor, request, slot.start))
        return request

    def asked_more(self, request: str) -> str:
        self.offered(request)
        done(self._app.handoff.ask(self.mentor(request), request, "Which clause worries you most: price, term or penalties?"))
        return request

    def exchanging(self, request: str) -> str:
        self.offered(request)
        mentor = self.mentor(request)
        done(self._app.handoff.accept(mentor, request, None))
        done(self._app.sessions.post(mentor, request, "1", "Happy to look. What is the lowest total you could live with?"))
        self.said(request, "About 180,000 over two years, without the automatic increase.")
        done(self._app.sessions.post(mentor, request, "2", "Then write that down as your walk-away price before the call."))
        return request

    def debriefing(self, request: str) -> str:
        self.exchanging(request)
        mentor = self.mentor(request)
        done(self._app.sessions.hand_back(mentor, request))
        done(self._app.debriefing.note(mentor, request, NOTES))
        done(self._app.debriefing.confirm(self._actor, request))
        return request

    def closed(self, request: str) -> str:
        self.debriefing(request)
        mentor = self.mentor(request)
        done(self._app.debriefing.confirm(mentor, request))
        done(self._app.debriefing.attest(mentor, request, "Sets a walk-away price before a negotiation"))
        done(self._app.debriefing.finish(self._actor, request))
        return request


def sights(app: App) -> list[Sight]:
    """Makes the requests and says where to look."""
    lena = Walk(app, "lena")
    made: dict[str, Callable[[str], str]] = {
        "closed": lena.closed, "debrief": lena.debriefing, "thread": lena.exchanging, "booked": lena.booked,
        "more": lena.asked_more, "offered": lena.offered, "brief": lena.drafted,
        "passages": lambda name: lena.said(name, KNOWN, "skip", "skip"), "people": lambda name: lena.said(name, SPECIFIC),
        "sensitive": lambda name: lena.said(name, SENSITIVE), "question": lambda name: lena.said(name, VAGUE),
    }  # fmt: skip
    for name, make in made.items():
        make(name)
    holder = {name: lena.mentor(name).id for name in ("offered", "booked", "thread", "debrief")}
    mentee = [Sight(f"ask-{name}", "lena", f"/?request={name}") for name in reversed(made)]
    return [
        Sight("sign-in", "", "/sign-in", wait=".samples"),
        Sight("ask-empty", "lena", "/"),
        *mentee,
        Sight("news", "lena", "/?request=booked", clicks=("#bell summary",)),
        Sight("requests", "lena", "/requests"),
        Sight("requests-empty", "joao", "/requests"),
        Sight("inbox-empty", "gwendolen" if "gwendolen" not in holder.values() else "piotr", "/mentor"),
        Sight("inbox", holder["offered"], "/mentor"),
        Sight("offer", holder["offered"], "/mentor?request=offered", clicks=("#accept summary",)),
        Sight("mentor-booked", holder["booked"], "/mentor?request=booked"),
        Sight("mentor-thread", holder["thread"], "/mentor?request=thread"),
        Sight("mentor-debrief", holder["debrief"], "/mentor?request=debrief"),
        Sight("library", "petra", "/library"),
        Sight("library-search", "petra", "/library", fill=("#search-words", "How do I present to a board?"), wait=".verdict"),
        Sight("article", "lena", "/article/board-slides-lead-with-the-ask", wait=".article"),
        Sight("passage", "lena", "/?request=people", clicks=(".passage a",), wait=".reader[open] mark"),
        Sight("not-found", "lena", "/article/nothing-here", wait=".plain-page"),
    ]  # fmt: skip


def _actor(app: App, login: str) -> Actor:
    found = app.actor(login)
    assert found, login
    return found
