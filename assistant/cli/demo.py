"""`askwell demo`: plays one whole request with sample people, from a vague message to the debrief, with the real services.

Works in a temporary folder on a copy of the content, with a clock that can be moved to the time of the session. The people's
messages come from the script; all answers come from Askwell.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.bootstrap import App, build
from assistant.cli.approval import ASKED_FOR
from assistant.cli.command_context import granted, opened, settings
from assistant.cli.command_errors import Refused
from assistant.cli.copying import copy_content
from assistant.cli.progress import shown
from assistant.cli.screen import Screen
from assistant.cli.script import DemoScript, load_script
from assistant.domain import stages as s
from assistant.domain.brief import FieldName, approval_hash, checklist
from assistant.domain.reply import Asks, Reply
from assistant.domain.request import Request
from assistant.first_start import prepare
from assistant.ports import Notification
from assistant.services.accounts.access import Actor
from assistant.services.conversing.status_text import say, when

if TYPE_CHECKING:
    from assistant.settings import Settings

MOST_TURNS = 6


class DemoClock:
    """Implements `ports.Clock`; begins now and is moved forward by the demo."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        self._now = max(self._now, moment)


class DemoNotifier:
    """Implements `ports.Notifier`; shows each notification on the screen with the name of its recipient."""

    def __init__(self, screen: Screen, name_of: Callable[[str], str]) -> None:
        self._screen, self._name_of = screen, name_of

    def deliver(self, note: Notification) -> None:
        self._screen.quiet(say("cli.note", name=self._name_of(note.to), text=note.body))


def run() -> None:
    """Plays the demo once. Raises Refused if a step is refused, which is a fault of the installation."""
    with tempfile.TemporaryDirectory(prefix="askwell-demo-") as folder:
        script, clock = load_script(), DemoClock()
        copied = _copy_installation(settings(), Path(folder), script.mentee)
        with _opened(copied, clock) as app:
            Demo(app, clock, script).play()


def _copy_installation(chosen: Settings, folder: Path, sample: str) -> Settings:
    """Copies the content and the sample people into `folder`; returns the settings for it."""
    with opened(chosen) as app:
        known = app.accounts.get(sample) is not None
    source = chosen if known else _in(chosen, chosen.data / "demo", knowledge=None)
    if not known:
        with opened(source):
            pass
    copy_content(source, folder, sample)
    return _in(source, folder)


def _in(chosen: Settings, folder: Path, **changes: object) -> Settings:
    """The same settings in demo mode, with everything in another folder."""
    return chosen.model_copy(update={"data": folder, "database_url": "", "demo": True, **changes})


@contextmanager
def _opened(copied: Settings, clock: DemoClock) -> Iterator[App]:
    screen = Screen("UTC")
    app = build(copied, clock=clock, notifier=DemoNotifier(screen, lambda to: _recipient_name(app, to)))
    try:
        with shown(say("cli.preparing")) as progress:
            prepare(app, progress)
        yield app
    finally:
        app.close()


def _recipient_name(app: App, to: str) -> str:
    kind, _, mentor = to.partition(":")
    if kind == "mentor":
        return app.services.wording.name(mentor)
    account = app.accounts.get(to)
    return account.name if account else to


class Demo:
    """The scenes in order. Every printed line comes from a service or from the script."""

    def __init__(self, app: App, clock: DemoClock, script: DemoScript) -> None:
        self._app, self._clock, self._script = app, clock, script
        self._mentee = _actor(app, script.mentee)
        self._screen = Screen(self._mentee.time_zone)
        self._id = ""
        self._turns = 0

    def play(self) -> None:
        self._sharpen()
        mentor = self._choose()
        self._send()
        slot_end = self._accept(mentor)
        self._meet(mentor, slot_end)
        self._debrief(mentor)
        self._close(mentor)

    def _sharpen(self) -> None:
        """Sends the vague message and answers questions until a sharp question is proposed, then confirms it."""
        self._scene("sharpen")
        self._id = granted(self._app.services.conversation.open(self._mentee)).id
        reply = self._send_message(self._script.opening)
        while reply.asks and self._turns < MOST_TURNS:
            reply = self._send_message(self._answer(reply.asks, reply.options))
        self._screen.speaks(self._mentee.name, say("cli.words_confirm"), "bold")
        granted(self._app.services.conversation.confirm(self._mentee, self._id))
        self._screen.askwell(say("confirmed.question"))

    def _choose(self) -> Actor:
        """Chooses the first suggested mentor; returns their account as an actor."""
        self._scene("choose")
        self._send_message("1")
        stage = self._request().stage
        assert isinstance(stage, s.Briefing)
        first = stage.recipients[0]
        account = next((a for a in self._app.accounts.all() if a.mentor == first), None)
        return Actor.of(account) if account else Actor(first, frozenset({"mentor"}), first, name=first)

    def _send(self) -> None:
        """Completes the checklist, shows the brief, approves it, and shows the receipt."""
        self._scene("brief")
        for name in self._missing():
            words = self._script.brief[name]
            self._screen.speaks(self._mentee.name, f"{say(f'brief.{name}')}: {words}", "bold")
            granted(self._app.services.briefing.edit(self._mentee, self._id, name, words))
        self._screen.askwell(say("cli.ready_to_note"))
        self._screen.speaks(self._mentee.name, say("cli.words_yes"), "bold")
        stage = granted(self._app.services.briefing.ready_to_note(self._mentee, self._id)).stage
        assert isinstance(stage, s.Briefing)
        names = [self._app.services.wording.name(mentor) for mentor in stage.recipients]
        self._screen.brief(stage.draft, names[0])
        self._screen.recipients(names)
        self._screen.speaks(self._mentee.name, say("cli.words_approve"), "bold")
        self._scene("receipt")
        granted(self._app.services.briefing.approve(self._mentee, self._id, approval_hash(stage.draft, stage.recipients)))
        self._show_progress()

    def _accept(self, mentor: Actor) -> datetime:
        """The mentor reads the brief and accepts the first free slot; returns its end."""
        self._scene("accept", name=mentor.name)
        offer = granted(self._app.services.request_views.offer(mentor, self._id))
        self._screen.speaks(mentor.name, offer.brief.field("question").text, "bold")
        self._screen.quiet(say("cli.demo_reads", minutes=offer.brief.minutes, zone=mentor.time_zone))
        free = granted(self._app.services.handoff.free(mentor, self._id))
        times = ((str(n), when(slot.start, mentor.time_zone)) for n, slot in enumerate(free[:3], 1))
        self._screen.rows(times)
        granted(self._app.services.handoff.accept(mentor, self._id, free[0].start))
        self._show_progress()
        self._scene("calendar")
        invitation = granted(self._app.services.sessions.invitation(self._mentee, self._id)).decode("utf-8")
        self._screen.quiet(invitation.replace("\r\n", "\n").strip())
        return free[0].end

    def _meet(self, mentor: Actor, end: datetime) -> None:
        self._clock.move_to(end + timedelta(minutes=5))
        self._scene("held", when=when(self._clock.now(), self._mentee.time_zone))
        granted(self._app.services.sessions.held(mentor, self._id))
        self._show_progress()

    def _debrief(self, mentor: Actor) -> None:
        """Structures the mentee's notes; both people confirm them."""
        self._scene("debrief")
        notes = self._script.notes.strip().replace("{mentor}", _first(mentor)).replace("{mentee}", _first(self._mentee))
        self._screen.speaks(self._mentee.name, notes, "bold")
        granted(self._app.services.debriefing.note(self._mentee, self._id, notes))
        self._app.services.due_jobs.deliver()
        for person in (self._mentee, mentor):
            granted(self._app.services.debriefing.confirm(person, self._id))
        self._minutes(mentor)

    def _close(self, mentor: Actor) -> None:
        """The mentor attests a competency; the mentee closes the request."""
        self._scene("close")
        listed = granted(self._app.services.debriefing.read(mentor, self._id)).competencies
        granted(self._app.services.debriefing.attest(mentor, self._id, listed[0].text if listed else self._script.competency))
        for competency in granted(self._app.services.debriefing.read(self._mentee, self._id)).competencies:
            self._screen.speaks(mentor.name, f"{competency.text} ({competency.attestation})", "bold")
        granted(self._app.services.debriefing.finish(self._mentee, self._id))
        self._show_progress()

    def _send_message(self, words: str) -> Reply:
        """Sends one message of the mentee and shows the answer."""
        self._turns += 1
        self._screen.speaks(self._mentee.name, words, "bold")
        message = f"demo-{self._turns}"
        answered = granted(self._app.services.conversation.say(self._mentee, self._id, message, words))
        reply = answered.reply_to(message) or Reply((), self._app.services.request_views.silence(answered))
        self._screen.reply(reply)
        return reply

    def _answer(self, asks: Asks, options: tuple[str, ...]) -> str:
        return self._script.answers.get(asks.name) or options[0]

    def _missing(self) -> list[FieldName]:
        """The brief fields that the checklist still misses."""
        stage = self._request().stage
        assert isinstance(stage, s.Briefing)
        return [ASKED_FOR[c.name] for c in checklist(stage.draft) if not c.passed and c.name in ASKED_FOR]

    def _minutes(self, mentor: Actor) -> None:
        names = {person.id: person.name for person in (self._mentee, mentor)}
        self._screen.minutes(granted(self._app.services.debriefing.read(self._mentee, self._id)), names)

    def _show_progress(self) -> None:
        """Shows the next step and delivers notifications."""
        self._screen.line(self._app.services.request_views.next_step(self._request(), self._mentee))
        self._app.services.due_jobs.deliver()

    def _request(self) -> Request:
        return granted(self._app.services.request_views.read(self._mentee, self._id))

    def _scene(self, name: str, /, **values: object) -> None:
        self._screen.scene(say(f"demo.{name}", **values))


def _actor(app: App, login: str) -> Actor:
    actor = app.actor(login)
    if actor is None:
        raise Refused(say("refuse.unknown_person", login=login))
    return actor


def _first(person: Actor) -> str:
    return person.name.split()[0]
