"""Accounts and passwords from the command line: who may, where a password comes from, and that it shows up nowhere."""

from __future__ import annotations

import io
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import logs
from assistant.bootstrap import App, build
from assistant.cli import admin
from assistant.first_start import prepare
from assistant.services.accounts.sign_in import SignInToken
from assistant.services.conversing.status_text import say
from assistant.settings import Settings
from assistant.starter import STARTER
from tests.commands import Outcome, Run, outcome_of
from tests.fakes import done, refused

PASSWORD = "a plain long sentence"
ROOT = ("user", "add", "root", "--name", "Root Oak", "--role", "admin")
NOOR = ("user", "add", "noor", "--name", "Noor Haddad", "--role", "mentee", "--as", "root")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation without demo, with one article, two mentors and no account."""
    root = tmp_path_factory.mktemp("askwell")
    for folder, name in (("articles", "comparing-supplier-quotes.md"), ("mentors", "mentors.csv"), (".", "organisation.toml")):
        (root / "knowledge" / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(STARTER / folder / name, root / "knowledge" / folder)
    table = root / "knowledge" / "mentors" / "mentors.csv"
    table.write_text("\n".join(table.read_text("utf-8").splitlines()[:3]) + "\n", "utf-8")
    app = build(settings_of(root))
    prepare(app)
    app.close()
    return root


def settings_of(root: Path, knowledge: Path | None = None) -> Settings:
    folder = (knowledge or root) / "knowledge"
    return Settings(data=root / "data", knowledge=folder, database_url="", demo=False, embedder="wordllama")


@pytest.fixture
def root(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the installation for one test, and the environment that points at it."""
    shutil.copytree(prepared / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    values = {"DATA": str(tmp_path / "data"), "KNOWLEDGE": str(prepared / "knowledge"), "DEMO": "false", "EMBEDDER": "wordllama"}
    for name in ("AS", "DATABASE_URL"):
        monkeypatch.delenv(f"ASKWELL_{name}", raising=False)
    for name, value in values.items():
        monkeypatch.setenv(f"ASKWELL_{name}", value)
    return tmp_path


@pytest.fixture
def run(root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """One command in this process, with these bytes on its standard input."""

    def command(*arguments: str, typed: bytes = b"") -> Outcome:
        return outcome_of(arguments, io.TextIOWrapper(io.BytesIO(typed)), capfd, monkeypatch)

    yield command
    logs.stop()


@pytest.fixture
def terminal(root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """One command at a terminal, where these lines are typed without being shown; every prompt is on standard error."""

    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    def command(*arguments: str, typed: tuple[str, ...] = ()) -> Outcome:
        lines = list(typed)

        def hidden(prompt: str) -> str:
            print(prompt, file=sys.stderr)
            return lines.pop(0)

        monkeypatch.setattr(admin, "getpass", hidden)
        outcome = outcome_of(arguments, Keyboard(), capfd, monkeypatch)
        assert lines == []
        return outcome

    yield command
    logs.stop()


@pytest.fixture
def installed(root: Path, prepared: Path) -> Iterator[App]:
    """The same installation, seen as the web server sees it."""
    app = build(settings_of(root, prepared))
    yield app
    app.close()


def comes_in(app: App, login: str, password: str) -> bool:
    outcome = app.sign_in_service.sign_in(login, password, "192.0.2.1")
    if not isinstance(outcome, SignInToken):
        refused(outcome, "sign_in")
    return isinstance(outcome, SignInToken)


def logins(run: Run) -> list[str]:
    return [line.split()[0] for line in run("user", "list", "--as", "root").out.splitlines()]


def test_the_first_account_is_an_administrator_and_needs_nobody(run: Run, installed: App) -> None:
    added = run(*ROOT, "--password-stdin", typed=f"{PASSWORD}\n".encode())
    assert (added.code, added.out.strip()) == (0, say("cli.user_added", login="root", roles="admin"))
    assert comes_in(installed, "root", PASSWORD)
    second = run("user", "add", "eve", "--name", "Eve", "--role", "admin", "--no-password")
    assert (second.code, second.err.strip()) == (2, say("password_prompt.who"))
    assert logins(run) == ["root"]


def test_nobody_else_is_the_first(run: Run) -> None:
    for role in ("mentee", "mentor", "curator"):
        assert run("user", "add", "eve", "--name", "Eve", "--role", role, "--no-password").code == 2
    assert run(*ROOT, "--no-password", "--as", "root").err.strip() == say("refuse.unknown_person", login="root")
    assert run("user", "add", "bad login", "--name", "Eve", "--role", "admin", "--no-password").code == 1
    assert run(*ROOT, "--no-password").code == 0
    assert logins(run) == ["root"]


def test_a_password_is_typed_twice(run: Run, terminal: Run, installed: App) -> None:
    run(*ROOT, "--no-password")
    added = terminal(*NOOR, typed=(PASSWORD, PASSWORD))
    assert added.code == 0
    assert say("password_prompt.password", login="noor") in added.err
    assert say("password_prompt.password_again") in added.err
    assert comes_in(installed, "noor", PASSWORD)


def test_two_different_passwords_change_nothing(run: Run, terminal: Run) -> None:
    run(*ROOT, "--no-password")
    added = terminal(*NOOR, typed=(PASSWORD, PASSWORD + "s"))
    assert added.code == 1
    assert say("password_prompt.differs") in added.err
    assert logins(run) == ["root"]


def test_a_bad_password_changes_nothing_and_is_not_asked_for_again(run: Run, terminal: Run) -> None:
    run(*ROOT, "--no-password")
    sentence = say("refuse.bad_password", least=12, most=200)
    assert sentence in terminal(*NOOR, typed=("short",)).err
    assert run(*NOOR, "--password-stdin", typed=b"short\n").err.strip() == sentence
    assert run(*NOOR, "--password-stdin", typed=b"x" * 5000).err.strip() == sentence
    for nothing in (b"", b"\n", b"\r\n", b"\xff\xfe not UTF-8 at all\n"):
        assert run(*NOOR, "--password-stdin", typed=nothing).err.strip() == say("password_prompt.no_line")
    assert logins(run) == ["root"]


def test_it_must_be_said_where_the_password_comes_from(run: Run) -> None:
    run(*ROOT, "--no-password")
    assert (run(*NOOR).code, run(*NOOR).err.strip()) == (2, say("password_prompt.how"))
    both = run(*NOOR, "--no-password", "--password-stdin", typed=PASSWORD.encode())
    assert (both.code, both.err.strip()) == (2, say("password_prompt.one_way"))
    assert logins(run) == ["root"]


def test_without_a_password_nobody_comes_in_and_none_is_lost(run: Run, installed: App) -> None:
    run(*ROOT, "--no-password")
    run(*NOOR, "--no-password")
    assert not comes_in(installed, "noor", "")
    run("user", "password", "noor", "--as", "root", "--password-stdin", typed=PASSWORD.encode())
    run(*NOOR, "--role", "curator", "--no-password")
    ticket = done(installed.sign_in_service.sign_in("noor", PASSWORD, "192.0.2.1"))
    assert ticket.account.roles == {"mentee", "curator"}


@pytest.mark.parametrize("line", [f"{PASSWORD}\n", f"{PASSWORD}\r\n", PASSWORD, f"{PASSWORD}\nanother line\n"])
def test_one_line_of_standard_input_is_the_password(run: Run, installed: App, line: str) -> None:
    run(*ROOT, "--password-stdin", typed=line.encode())
    assert comes_in(installed, "root", PASSWORD)


def test_a_new_password_puts_the_old_one_out(run: Run, terminal: Run, installed: App) -> None:
    run(*ROOT, "--password-stdin", typed=PASSWORD.encode())
    ticket = done(installed.sign_in_service.sign_in("root", PASSWORD, "192.0.2.1"))
    changed = terminal("user", "password", "root", "--as", "root", typed=("another long sentence",) * 2)
    assert changed.out.strip() == say("password_prompt.password_set", login="root")
    assert installed.sign_in_service.who(ticket.token) is None
    assert not comes_in(installed, "root", PASSWORD)
    assert comes_in(installed, "root", "another long sentence")


def test_a_password_is_set_by_its_person_or_an_administrator(run: Run, installed: App) -> None:
    run(*ROOT, "--no-password")
    run(*NOOR, "--no-password")

    def change(whose: str, by: str) -> int:
        return run("user", "password", whose, "--as", by, "--password-stdin", typed=f"{PASSWORD} of {by}\n".encode()).code

    assert change("noor", "root") == 0
    assert change("noor", "noor") == 0
    assert change("root", "noor") == 1
    assert change("ghost", "root") == 1
    assert run("user", "password", "noor", "--password-stdin", typed=PASSWORD.encode()).code == 2
    assert comes_in(installed, "noor", f"{PASSWORD} of noor")
    assert not comes_in(installed, "root", f"{PASSWORD} of noor")


def test_a_password_shows_up_nowhere(run: Run, terminal: Run, root: Path) -> None:
    outcomes = [
        run(*ROOT, "--password-stdin", typed=PASSWORD.encode()),
        run("user", "password", "root", "--as", "ghost", "--password-stdin", typed=PASSWORD.encode()),
        terminal(*NOOR, typed=(PASSWORD, PASSWORD)),
        terminal(*NOOR, typed=(PASSWORD, PASSWORD + "s")),
    ]
    assert [outcome.code for outcome in outcomes] == [0, 1, 0, 1]
    assert PASSWORD not in repr(outcomes)
    with sqlite3.connect(root / "data" / "askwell.db") as db:
        entries = db.execute("SELECT actor, operation, subject FROM audit ORDER BY id").fetchall()
    db.close()
    assert entries == [
        (who, what, whom) for whom in ("root", "noor") for who, what in (("root", "account.put"), ("root", "password.set"))
    ]
    for path in root.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path


def test_the_last_administrator_cannot_demote_themselves(run: Run) -> None:
    run(*ROOT, "--no-password")
    for roles in (("--role", "mentee"), ("--role", "mentor", "--role", "curator")):
        answer = run("user", "add", "root", "--name", "Root Oak", *roles, "--as", "root", "--no-password")
        assert (answer.code, answer.err.splitlines()[-1]) == (1, say("refuse.last_admin", login="root"))
    assert run("user", "add", "noor", "--name", "Noor", "--role", "admin", "--as", "root", "--no-password").code == 0
    assert run("user", "add", "root", "--name", "Root Oak", "--role", "mentee", "--as", "root", "--no-password").code == 0
    assert run("user", "add", "noor", "--name", "Noor", "--role", "mentee", "--as", "noor", "--no-password").code == 1
