"""Records the journeys of `docs/SESSIONS.md`: `python -m tests.record` runs each on a fresh data folder and writes it down.

The commands are the real ones, run inside this process so that the clock can be set: a session a week ahead is held at once.
A step is a list of words for `askwell`, a conversation (the lines that are typed), or a jump of the clock. `{id}` stands for the
request that was opened last, `{mentor}` for the login of the person who holds it.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import assistant.cli.command_context as context
from assistant.bootstrap import App, build
from assistant.cli import main
from assistant.first_start import prepare
from assistant.settings import Settings
from tests.fakes import SettableClock
from tests.readme import SESSIONS, put

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WIDTH = "100"


@dataclass(frozen=True)
class Typed:
    """A conversation: who types, and what."""

    login: str
    lines: tuple[str, ...]
    resume: bool = False


@dataclass(frozen=True)
class Later:
    """The clock moves on; `to_session` moves it to the end of the booked session."""

    by: timedelta = timedelta()
    to_session: bool = False


Step = Typed | Later | tuple[str, ...]
PART, SUCCESS = "getting everybody to agree on one plan", "one plan that all nine of us believe in"
TO_THE_OFFER = (PART, SUCCESS, "confirm", "1", "approve", "y", "y")
VAGUE = "my project started 3 weeks ago with no kickoff and now everybody does something different"
NOTES = (
    "Takeaway: stop the work nobody asked for before planning new work.\n"
    "We agreed to hold the restart without slides.\n"
    "I will send the one-page plan to the nine people by Friday.\n"
    "Ingunn will share her restart checklist.\n"
    "I might invite the sponsor.\n"
    "I drafted the decision list myself while she watched.\n"
)
JOURNEYS: dict[str, tuple[Step, ...]] = {
    "Self-served": (Typed("lena", ("which chart for survey results on a 5-point scale?", "2", "skip", "that solved it")),),
    "Matched, briefed, accepted, booked, debriefed, attested, closed": (
        Typed("lena", (VAGUE, *TO_THE_OFFER)),
        ("offers", "--as", "{mentor}"),
        ("show", "{id}", "--as", "{mentor}"),
        ("accept", "{id}", "--slot", "1", "--as", "{mentor}"),
        ("requests", "--as", "lena"),
        Later(to_session=True),
        ("debrief", "{id}", "{notes}", "--as", "lena"),
        ("debrief", "{id}", "--confirm", "--as", "lena"),
        ("debrief", "{id}", "--confirm", "--attest", "Drafts a decision list for a restart meeting", "--as", "{mentor}"),
        ("debrief", "{id}", "--finish", "--as", "lena"),
    ),
    "Passed on and re-routed": (
        Typed("lena", (VAGUE, *TO_THE_OFFER)),
        ("pass", "{id}", "--note", "I have only restarted sales teams", "--as", "{mentor}"),
        ("offers", "--as", "{mentor}"),
        ("requests", "--as", "lena"),
    ),
    "Expired": (
        Typed("lena", (VAGUE, *TO_THE_OFFER)),
        Later(by=timedelta(hours=49)),
        ("tick",),
        ("requests", "--as", "lena"),
    ),
    "Just a person": (
        Typed("joao", ("can I just talk to someone about panel moderation?", "1", "in person", "in person", "approve", "y", "y")),
        ("accept", "{id}", "--written", "--as", "{mentor}"),
        ("write", "{id}", "Of course. How many people are on your panel, and who talks most?", "--as", "{mentor}"),
        ("write", "{id}", "Four, and the second one never stops.", "--as", "joao"),
        ("hand-back", "{id}", "--as", "{mentor}"),
    ),
    "One more thing": (
        Typed("lena", (VAGUE, *TO_THE_OFFER)),
        ("ask", "{id}", "Who is the sponsor, and does she know?", "--as", "{mentor}"),
        Typed("lena", ("The head of logistics; she knows and is annoyed.", "approve", "y"), resume=True),
        ("show", "{id}", "--as", "{mentor}"),
    ),
    "Sensitive": (Typed("amara", ("my lead keeps putting his hand on my back and I do not know who to tell",)),),
}


class Recorder:
    """One fresh installation, copied from a prepared one, and the transcript of what was done with it."""

    def __init__(self, prepared: Path, folder: Path, told: set[Typed]) -> None:
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
        self.clock = SettableClock(START)
        self.request, self.lines = "", [""]
        self.told = told
        self.folder = folder
        os.environ["ASKWELL_DATA"] = str(folder)
        context.build = partial(build, clock=self.clock)  # type: ignore[attr-defined]

    def run(self, step: Step) -> None:
        match step:
            case Typed():
                self._converse(step)
            case Later():
                self._move(step)
            case _:
                words = tuple(self._filled(word) for word in step)
                self._shell(words, "")

    def transcript(self) -> str:
        return "\n".join(self.lines).strip()

    def _converse(self, typed: Typed) -> None:
        words = ("chat", "--as", typed.login, *(("--request", self.request) if typed.resume else ()))
        before = len(self.lines)
        self._shell(words, "\n".join(typed.lines) + "\n")
        if typed in self.told:
            self.lines[before:] = [f"$ askwell {' '.join(words)}\n(the same conversation as above, up to the receipt)\n"]
        self.told.add(typed)
        if not typed.resume:
            with self._app() as app:
                actor = app.actor(typed.login)
                assert actor
                rows = app.services.request_views.mine(actor)
                self.request = rows[0].id if isinstance(rows, tuple) and rows else ""

    def _move(self, later: Later) -> None:
        with self._app() as app:
            row = next(r for r in app.services.index.of_mentee("lena") if r.id == self.request)
        if later.to_session and row.due:
            self.clock.set(row.due)
            self.lines.append("(the session takes place)\n")
            self._shell(("tick",), "")
        else:
            self.clock.set(self.clock.now() + later.by)
            self.lines.append(f"({later.by.total_seconds() / 3600:.0f} hours later)\n")

    def _filled(self, word: str) -> str:
        if word == "{notes}":
            path = self.folder / "notes.txt"
            path.write_text(NOTES, "utf-8")
            return str(path)
        if "{mentor}" not in word:
            return word.replace("{id}", self.request)
        with self._app() as app:
            row = next(r for r in app.services.index.of_mentee(self._mentee()) if r.id == self.request)
            return next(a.login for a in app.accounts.all() if a.mentor == row.mentor)

    def _mentee(self) -> str:
        with self._app() as app:
            return app.services.ledger.load(self.request).mentee

    def _app(self) -> _Opened:
        return _Opened(build(Settings(), clock=self.clock))

    def _shell(self, words: tuple[str, ...], typed: str) -> None:
        shown = " ".join(f'"{w}"' if " " in w else w for w in words).replace(str(self.folder) + os.sep, "")
        out = _Echo(typed)
        with redirect_stdout(out), redirect_stderr(out):
            stdin, sys.stdin = sys.stdin, out.source
            try:
                main(list(words))
            except SystemExit:
                pass
            finally:
                sys.stdin = stdin
        self.lines.append(f"$ askwell {shown}\n{out.getvalue().strip()}\n")


class _Opened:
    def __init__(self, app: App) -> None:
        self._app = app

    def __enter__(self) -> App:
        return self._app

    def __exit__(self, *_: object) -> None:
        self._app.close()


class _Echo(io.StringIO):
    """What the terminal shows, with each typed line where it was read."""

    def __init__(self, typed: str) -> None:
        super().__init__()
        self.source = _Typist(typed, self)


class _Typist(io.StringIO):
    def __init__(self, typed: str, screen: io.StringIO) -> None:
        super().__init__(typed)
        self._screen = screen

    def readline(self, size: int | None = -1, /) -> str:
        line = super().readline(-1)
        if line:
            self._screen.write(line)
        return line


def record() -> dict[str, str]:
    """Every journey by title, as the terminal showed it."""
    os.environ.update({"COLUMNS": WIDTH, "NO_COLOR": "1", "TERM": "dumb"})
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place:
        prepared = Path(place) / "prepared"
        app = build(Settings(data=prepared))
        prepare(app)
        app.close()
        told: set[Typed] = set()
        for n, (title, steps) in enumerate(JOURNEYS.items()):
            recorder = Recorder(prepared, Path(place) / str(n), told)
            for step in steps:
                recorder.run(step)
            found[title] = recorder.transcript()
    return found


def as_markdown(sessions: dict[str, str]) -> str:
    blocks = [
        f"<details><summary>{title}</summary>\n\n```console\n{_tidy(text)}\n```\n\n</details>" for title, text in sessions.items()
    ]
    return "\n\n".join(blocks)


def _tidy(text: str) -> str:
    """Without colours and trailing blanks; a panel that was shown before is named instead of shown again."""
    plain = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines())
    seen: set[str] = set()

    def once(panel: re.Match[str]) -> str:
        again, title = panel[0] in seen, panel[1]
        seen.add(panel[0])
        return f"  ({title}, the same as above)" if again else panel[0]

    return re.sub(r"^╭─ ([^─]+?) ─+╮\n(?:│.*│\n)+╰─.*╯$", once, plain, flags=re.MULTILINE)


if __name__ == "__main__":
    put("sessions", as_markdown(record()), SESSIONS)
