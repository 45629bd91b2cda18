"""The generated parts of the README: `python -m tests.readme` writes them, and a test says when they are stale."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.domain.transitions import diagram
from assistant.settings import Settings

README = Path(__file__).resolve().parent.parent / "README.md"
SESSIONS = README.parent / "tests" / "SESSIONS.md"


def stages() -> str:
    return f"```mermaid\n{diagram()}\n```"


def settings() -> str:
    """One row a setting: its variable, its default, what it is."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        given = f"`{shown}`" if shown not in (None, "") else "empty"
        rows.append(f"| `ASKWELL_{name.upper()}` | {given} | {field.description} |")
    return "\n".join(rows)


def commands() -> str:
    """One row a command of `askwell`."""
    from typer.main import get_command

    from assistant.cli.app import app

    group = get_command(app)
    rows = ["| command | what it does |", "|---|---|"]
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        first = " ".join((command.help or "").split("\n\n")[0].split())
        rows.append(f"| `askwell {name}` | {first} |")
    return "\n".join(rows)


GENERATED = {"stages": stages, "settings": settings, "commands": commands}


def block(name: str) -> str:
    """What stands between the markers of a name now."""
    match = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", README.read_text("utf-8"), re.DOTALL)
    assert match, f"README.md has no block {name}"
    return match[1].strip()


def put(name: str, text: str, page: Path = README) -> None:
    """Replaces what stands between the markers of a name on a page."""
    old = page.read_text("utf-8")
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, tail = old.split(start)[0], old.split(end)[1]
    page.write_text(f"{head}{start}\n{text}\n{end}{tail}", "utf-8")


if __name__ == "__main__":
    for name, make in GENERATED.items():
        put(name, make())
