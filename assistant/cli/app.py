"""Declares all commands: names, arguments and help. The implementations are imported when a command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from assistant.cli.options import As, Count, Json, Out, RequestId, Words

app = typer.Typer(
    name="askwell",
    help="A conversational micro-mentor assistant with human handoff.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password as one line of standard input instead of asking.")
]
user = typer.Typer(help="Add and list accounts, set passwords.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def chat(
    as_: As = None,
    request: Annotated[str | None, typer.Option("--request", metavar="ID", help="Go on with this request.")] = None,
    as_json: Json = False,
) -> None:
    """Talk to Askwell, or let a program talk."""
    from assistant.cli import talk

    talk.run(as_, request, as_json)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to bind.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port to bind.", show_default="7860")] = None,
    public_url: Annotated[
        str | None, typer.Option("--public-url", metavar="URL", help="Address that people use.", show_default=False)
    ] = None,
) -> None:
    """Serve the pages in the browser."""
    from assistant.cli import serve as web

    web.run(host, port, public_url)


@app.command()
def demo() -> None:
    """Play one whole request with sample people."""
    from assistant.cli import demo as demonstration

    demonstration.run()


@app.command()
def requests(as_: As = None) -> None:
    """List your requests and their next steps."""
    from assistant.cli import request_commands

    request_commands.mine(as_)


@app.command()
def news(as_: As = None) -> None:
    """List what is new for you, and mark it as seen."""
    from assistant.cli import notifications

    notifications.run(as_)


@app.command()
def show(request: RequestId, as_: As = None) -> None:
    """Show a request, its brief and what came of it."""
    from assistant.cli import request_commands

    request_commands.show(as_, request)


@app.command()
def withdraw(request: RequestId, as_: As = None) -> None:
    """Stop a request; a booked time is freed."""
    from assistant.cli import request_commands

    request_commands.withdraw(as_, request)


@app.command()
def ics(request: RequestId, out: Out = None, as_: As = None) -> None:
    """Write the calendar file of a booking."""
    from assistant.cli import request_commands

    request_commands.ics(as_, request, out)


@app.command()
def offers(as_: As = None) -> None:
    """List the requests that a mentor holds, by deadline."""
    from assistant.cli import mentor_commands

    mentor_commands.offers(as_)


@app.command()
def accept(
    request: RequestId,
    slot: Annotated[int | None, typer.Option("--slot", metavar="N", min=1, help="Book the N-th free time.")] = None,
    written: Annotated[bool, typer.Option("--written", help="Answer in writing instead.")] = False,
    as_: As = None,
) -> None:
    """Accept an offer, or list your free times."""
    from assistant.cli import mentor_commands

    mentor_commands.accept(as_, request, slot, written)


@app.command(name="pass")
def pass_on(
    request: RequestId,
    to: Annotated[str | None, typer.Option("--to", metavar="MENTOR", help="Somebody the mentee approved.")] = None,
    note: Annotated[str, typer.Option("--note", help="Why somebody else is better.")] = "",
    as_: As = None,
) -> None:
    """Pass an offer on to somebody better."""
    from assistant.cli import mentor_commands

    mentor_commands.pass_on(as_, request, to, note)


@app.command()
def ask(request: RequestId, words: Words, as_: As = None) -> None:
    """Ask the mentee one more thing before you decide."""
    from assistant.cli import mentor_commands

    mentor_commands.ask(as_, request, words)


@app.command()
def write(request: RequestId, words: Words, as_: As = None) -> None:
    """Write into the thread of a written exchange."""
    from assistant.cli import mentor_commands

    mentor_commands.write(as_, request, words)


@app.command(name="hand-back")
def hand_back(request: RequestId, as_: As = None) -> None:
    """End a written exchange."""
    from assistant.cli import mentor_commands

    mentor_commands.hand_back(as_, request)


@app.command()
def held(request: RequestId, as_: As = None) -> None:
    """Say that the booked session took place."""
    from assistant.cli import mentor_commands

    mentor_commands.held(as_, request)


@app.command()
def debrief(
    request: RequestId,
    notes: Annotated[
        str | None, typer.Argument(metavar="FILE|-", help="Notes or a transcript; - reads standard input.", show_default=False)
    ] = None,
    attest: Annotated[
        str | None, typer.Option("--attest", metavar="WORDS|N", help="Mentor: what the mentee can do, or its number.")
    ] = None,
    report: Annotated[str | None, typer.Option("--report", metavar="WORDS", help="Mentee: what you can now do.")] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Agree with the debrief as it stands.")] = False,
    finish: Annotated[bool, typer.Option("--finish", help="Mentee: the objective is met; close the request.")] = False,
    as_: As = None,
) -> None:
    """Note, confirm, attest and finish a session."""
    from assistant.cli import debrief_commands

    debrief_commands.run(as_, request, debrief_commands.Steps(notes, attest, report, confirm, finish))


@app.command()
def thanks(request: RequestId, as_: As = None) -> None:
    """Draft a note of thanks for a closed request."""
    from assistant.cli import closing_drafts

    closing_drafts.thanks(as_, request)


@app.command()
def article(request: RequestId, out: Out = None, as_: As = None) -> None:
    """Draft an article without names out of a closed request."""
    from assistant.cli import closing_drafts

    closing_drafts.article(as_, request, out)


@app.command()
def search(question: Words, count: Count = 5, as_: As = None) -> None:
    """Search the knowledge base as a mentee would."""
    from assistant.cli import knowledge_commands

    knowledge_commands.search(as_, question, count)


@app.command()
def experts(question: Words, count: Count = 5, as_: As = None) -> None:
    """Find people with evidence on a question."""
    from assistant.cli import knowledge_commands

    knowledge_commands.experts(as_, question, count)


@app.command()
def ingest(
    path: Annotated[
        Path, typer.Argument(exists=True, readable=True, help="Articles (.md), mentors (.csv, .jsonl), or a folder.")
    ],
    as_: As = None,
) -> None:
    """Bring articles and mentors in."""
    from assistant.cli import knowledge_commands

    knowledge_commands.ingest(as_, path)


@app.command()
def reindex(
    embedder: Annotated[
        Literal["minilm", "wordllama", "openai"] | None,
        typer.Option("--embedder", help="Change to this embedder; the old one answers until the new indexes are complete."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before texts are sent to a paid endpoint.")] = False,
    as_: As = None,
) -> None:
    """Rebuild the search indexes from the database."""
    from assistant.cli import knowledge_commands

    knowledge_commands.reindex(as_, embedder, yes)


@app.command(name="eval")
def evaluate(
    name: Annotated[str, typer.Argument(help="What to measure, such as know, or all.")],
    folder: Annotated[
        Path | None, typer.Option("--set", metavar="DIR", exists=True, file_okay=False, help="Folder of the data.")
    ] = None,
    part: Annotated[str, typer.Option("--part", help="Which part of the data.")] = "dev",
    as_json: Json = False,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="The JSON of an earlier run, to stand beside.")
    ] = None,
    protocol: Annotated[
        Literal["plain", "rolling"],
        typer.Option("--protocol", help="rolling: who answered earlier questions of the set counts, after 14 days."),
    ] = "plain",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where pictures go.")] = None,
) -> None:
    """Measure what is found, what is said to be known, matching, debriefs and redaction on sets of cases."""
    from assistant.cli import admin

    admin.evaluate(name, folder, part, as_json, baseline, protocol, out)


@user.command("add")
def add_user(
    login: Annotated[str, typer.Argument(help="Letters, digits, dots and hyphens.")],
    name: Annotated[str, typer.Option("--name", help="Display name.")],
    role: Annotated[list[str], typer.Option("--role", help="mentee, mentor, curator or admin; may be repeated.")],
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone.")] = "UTC",
    mentor: Annotated[str | None, typer.Option("--mentor", metavar="ID", help="The mentor profile of this person.")] = None,
    department: Annotated[str, typer.Option("--department")] = "",
    password_stdin: PasswordStdin = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Leave the password as it is; a new account has none.")
    ] = False,
    as_: As = None,
) -> None:
    """Add an account, or change the one with this login; the first of all needs no --as."""
    from assistant.cli import admin

    new = admin.NewAccount(login, name, tuple(role), zone, mentor, department)
    admin.add_user(as_, new, password_stdin, no_password)


@user.command("password")
def set_password(
    login: Annotated[str, typer.Argument(help="Whose password; your own, or anybody's as an administrator.")],
    password_stdin: PasswordStdin = False,
    as_: As = None,
) -> None:
    """Set a password, and sign this person out everywhere."""
    from assistant.cli import admin

    admin.set_password(as_, login, password_stdin)


@user.command("list")
def list_users(as_: As = None) -> None:
    """List all accounts."""
    from assistant.cli import admin

    admin.list_users(as_)


@app.command()
def model(
    state: Annotated[
        Literal["on", "off"] | None, typer.Argument(help="Whether it may be used for you.", show_default=False)
    ] = None,
    as_: As = None,
) -> None:
    """Say whether a language model may be used for you."""
    from assistant.cli import model_commands

    model_commands.switch(as_, state)


@app.command()
def usage(as_: As = None, as_json: Json = False) -> None:
    """Show what the language model did and cost."""
    from assistant.cli import model_commands

    model_commands.usage(as_, as_json)


@app.command()
def export(out: Out = None, as_: As = None) -> None:
    """Take your own data along, as JSON."""
    from assistant.cli import admin

    admin.export(as_, out)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Look at everything that can be wrong here, and say what to do; leaves with 1 when there is a fault."""
    from assistant.cli import doctor as checks

    checks.run(as_json)


@app.command()
def tick() -> None:
    """Do what is due: expire, recover, deliver."""
    from assistant.cli import admin

    admin.tick()


app.add_typer(user, name="user")
