"""Hostile strings in every place that shows what a person wrote: content, accounts, and requests in every stage.

What a service bounds or takes apart is written as the event that it would store; all else goes through the services.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from assistant.domain import events as e
from assistant.domain.brief import AgendaItem, Brief, BriefField
from assistant.domain.debrief import Debrief, Item
from assistant.domain.mentor import Citation, Match
from assistant.domain.need import SLOTS, Need, Slot
from assistant.domain.reply import Kind, Reply
from assistant.domain.request import Request
from assistant.ports import Audit
from assistant.services.conversing.message_text import readable
from assistant.services.handing_over.briefing import FIELDS
from assistant.services.ledger import Plan
from assistant.services.results import Refusal
from assistant.starter import STARTER
from retrieval.importing.content_files import load_profiles
from retrieval.passage import Article, Profile
from tests.browser.scenes import Scene, Stage, done
from tests.fakes.languages import FakeLanguage
from tests.hostile import HOSTILE

CUT: Final = 300
STRINGS: Final = tuple(dict.fromkeys(clean for text in HOSTILE if (clean := readable(text[:CUT]))))
"""Each string as the services keep it, the longest ones cut."""
MENTEES, MENTORS = ("lena", "joao"), ("ingunn", "tobias")
PER_REPLY: Final = 12
PASSWORD: Final = "one for all of them"
"""A person with another name is no sample any more, and comes in with a password."""


@dataclass(frozen=True)
class Dose:
    """A part of the strings with the two people who use them; `all` holds them in one text, `lines` each in one line."""

    mentee: str
    mentor: str
    profile: str
    strings: tuple[str, ...]

    @property
    def all(self) -> str:
        return "\n\n".join(self.strings)

    @property
    def lines(self) -> list[str]:
        return [" ".join(text.split()) for text in self.strings]


def poison(data: Path) -> tuple[list[Scene], Sequence[Dose]]:
    """Fills a data folder that no server uses yet; where to look then, and what was put there."""
    stage = Stage(data, FakeLanguage(on_notes=_structured))
    size = -(-len(STRINGS) // len(MENTEES))
    people = {account.login: account for account in stage.app.accounts.all()}
    doses = [
        Dose(mentee, mentor, people[mentor].mentor or "", STRINGS[at * size : (at + 1) * size])
        for at, (mentee, mentor) in enumerate(zip(MENTEES, MENTORS, strict=True))
    ]
    _content(stage, doses)
    scenes = [scene for dose in doses for scene in _people(stage, dose)]
    stage.app.close()
    return [*scenes, Scene("petra", "/library")], doses


def _content(stage: Stage, doses: Sequence[Dose]) -> None:
    """One article and one mentor a dose, found under common words."""
    known = {profile.id: profile for profile in load_profiles(STARTER / "mentors")}
    articles = [
        Article(f"poison-{at}", dose.all, dose.all, tuple(dose.lines), ("mentee",), dose.all, date(2020, 1, 1), 30, "own", text)
        for at, dose in enumerate(doses) for text in ["\n\n".join([dose.all, *(f"## {line}" for line in dose.lines[::9])])]
    ]  # fmt: skip
    profiles: list[Profile] = [
        replace(
            known[dose.profile], name=dose.all, title=dose.all, department=dose.all, skills=tuple(dose.lines),
            evidence="\n".join(dose.lines[::9]), weekly_capacity=99,
        ) for dose in doses
    ]  # fmt: skip
    stage.app.retrieval.ingest.run(articles, profiles)


def _people(stage: Stage, dose: Dose) -> list[Scene]:
    """The requests of one dose; where its mentee and its mentor see them."""
    for login in (dose.mentee, dose.mentor):
        account = stage.app.accounts.get(login)
        assert account
        # An older release may have stored such a name; the service refuses it today.
        stage.app.accounts.put(replace(account, name=dose.all), Audit("alasdair", "account.put", login, stage.now))
        done(stage.app.sign_in_service.set_password(stage.actor("alasdair"), login, PASSWORD))
    me, them = stage.actor(dose.mentee), stage.actor(dose.mentor)
    names = [f"{dose.mentee}-{name}" for name in ("talk", "draft", "more", "thread", "booked", "over")]
    for name in names:
        done(stage.app.services.conversation.open(me, name))
        _talk(stage, dose, name)
    more, thread, booked, over = names[2:]
    for name in names[1:]:
        _draft(stage, dose, name)
    for name in names[2:]:
        stage.approve(dose.mentee, name)
    done(stage.app.services.handoff.ask(them, more, dose.all[:500]))
    _write(stage, more, e.OneMoreAnswered(at=stage.now, actor=me.id, text=dose.all))
    stage.approve(dose.mentee, more)
    asked = e.OneMoreAsked(at=stage.now, actor=them.id, mentor=dose.profile, ask=dose.all, due=stage.now + timedelta(1))
    _write(stage, more, asked)
    done(stage.app.services.handoff.accept(them, thread, None))
    for who in (me, them):
        for at, text in enumerate(_parts(dose.strings, 60)):
            done(stage.app.services.sessions.post(who, thread, f"{who.id}{at}", text[:8000]))
    for name in (booked, over):
        free = stage.app.services.handoff.free(them, name)
        assert not isinstance(free, Refusal)
        done(stage.app.services.handoff.accept(them, name, free[0].start))
    _debrief(stage, dose, over)
    mine = [Scene(me.id, f"/?request={name}") for name in names]
    return [*mine, Scene(me.id, "/requests"), *(Scene(them.id, f"/mentor?request={name}") for name in names[2:])]


def _talk(stage: Stage, dose: Dose, name: str) -> None:
    """A conversation with every string in messages, replies, options, slots, passages, people and the sharp question."""
    now, told = stage.now, list(_parts(dose.strings, PER_REPLY))
    cites = tuple(Citation("poison-0", "p", text, text, 0, 9) for text in dose.lines)
    person = Match(dose.profile, dose.all, dose.all, dose.all, "senior", 0.5, dose.all, dose.all)
    others = tuple(Match(f"m9{at}", text, text, text, "senior", 0.5, text, text) for at, text in enumerate(dose.lines))
    slots = {slot: Slot(dose.all, dose.all, None, (f"{dose.all} again",)) for slot in SLOTS}
    events: list[e.Event] = []
    for at, text in enumerate(told):
        last = at == len(told) - 1
        reply = Reply(
            (f"{name}-{at}",), text, text, None, tuple(dose.lines) if last else (), text, citations=cites if last else ()
        )
        said = e.Said(at=now, actor=dose.mentee, message_id=f"{name}-{at}", text=text)
        events += [said, e.Replied(at=now, actor="askwell", reply=reply)]
    events.append(e.NeedChanged(at=now, actor="askwell", need=Need(slots), kind=Kind.SPECIFIC))
    events.append(e.QuestionProposed(at=now, actor="askwell", question=dose.all))
    _write(stage, name, *events, e.MentorsMatched(at=now, actor="askwell", matches=(person, *others)))


def _draft(stage: Stage, dose: Dose, name: str) -> None:
    cites = tuple(Citation("poison-0", "p", text, text, 0, 9) for text in dose.lines)
    fields = tuple(BriefField(field, dose.all.replace("?", "."), "quote", dose.all) for field in FIELDS)
    brief = Brief(fields, 30, tuple(AgendaItem(text, 1) for text in dose.lines), cites, tuple(dose.lines), True)
    now, me = stage.now, dose.mentee
    confirmed = e.QuestionConfirmed(at=now, actor=me, question=dose.all)
    _write(stage, name, confirmed, e.BriefDrafted(at=now, actor=me, brief=brief, recipients=(dose.profile, "m090")))


def _debrief(stage: Stage, dose: Dose, name: str) -> None:
    _write(stage, name, e.SessionHeld(at=stage.now, actor=dose.mentee))
    kinds = ("action", "competency")
    notes = "\n".join(f"{kind}: {' '.join(text.split())}" for kind in kinds for text in _parts(dose.lines, PER_REPLY))
    done(stage.app.services.debriefing.note(stage.actor(dose.mentee), name, notes[:60_000]))
    done(stage.app.services.debriefing.attest(stage.actor(dose.mentor), name, dose.lines[0]))
    told = [e.CompetencyReported(at=stage.now, actor=dose.mentee, text=f"I {text}") for text in dose.lines]
    _write(stage, name, *told, e.CompetencyAttested(at=stage.now, actor=dose.mentor, text=dose.all))


def _structured(notes: str, *_: object) -> Debrief:
    """An item a line, and every line once more as what was not covered."""
    lines = [line.partition(": ") for line in notes.splitlines()]
    items = tuple(Item(kind, text, f"{kind}: {text}", "mentee") for kind, _, text in lines if text)  # type: ignore[arg-type]
    return Debrief(items, tuple(text for _, _, text in lines))


def _write(stage: Stage, name: str, *events: e.Event) -> Request:
    return done(stage.app.services.ledger.run(name, lambda _: Plan(events)))


def _parts(strings: Sequence[str], size: int) -> list[str]:
    return ["\n\n".join(strings[at : at + size]) for at in range(0, len(strings), size)]
