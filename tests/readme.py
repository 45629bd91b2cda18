"""Writes the generated blocks of README.md and docs/: `python -m tests.readme`; a test fails when one is stale.

A block stands between `<!-- NAME -->` and `<!-- /NAME -->`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.domain.transitions import diagram
from assistant.settings import Settings
from tests.results import stored

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
OPERATING = ROOT / "docs" / "OPERATING.md"
SESSIONS = ROOT / "docs" / "SESSIONS.md"
CHANGELOG = ROOT / "CHANGELOG.md"
PAGES = (README, CHANGELOG, *sorted((ROOT / "docs").glob("*.md")))
NOTES = tuple(
    sorted(
        note
        for folder in ("assistant", "retrieval", "knowledge_base", "tests")
        for note in (ROOT / folder).rglob("README.md")
        if "node_modules" not in note.parts
    )
)
"""What stands beside the data: its origin, its labels and its licence."""
HEADLINES: Mapping[str, tuple[str, ...]] = {
    "know": ("claims that are true", "answerable questions with a true claim", "foreign questions with a claim"),
    "retrieval": ("nDCG@10", "Hit@5"),
    "abstain": ("MCC",),
    "experts": ("MRR", "Hit@5"),
}
"""The figures on unseen data that the README repeats from docs/RESULTS.md, by set."""


def stages() -> str:
    """The transition table as a diagram."""
    return f"```mermaid\n{diagram()}\n```"


def figures() -> str:
    """One row a headline figure on unseen data, with its 95% interval and the number of cases."""
    rows = ["| set | measure | value | 95% | cases |", "|---|---|---|---|---|"]
    for one in stored():
        for figure in one["figures"]:
            if figure["data"] == "unseen" and figure["name"] in HEADLINES.get(one["name"], ()):
                low, high = figure["low"], figure["high"]
                rows.append(
                    f"| {one['name']} | {figure['name']} | {figure['value']:.2f} | {low:.2f} to {high:.2f} | {figure['count']} |"
                )
    return "\n".join(rows)


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


BLOCKS: Mapping[Path, Mapping[str, Callable[[], str]]] = {
    README: {"stages": stages, "figures": figures},
    OPERATING: {"commands": commands, "settings": settings},
}


def block(name: str, page: Path) -> str:
    """What stands between the markers of a block now."""
    match = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", page.read_text("utf-8"), re.DOTALL)
    assert match, f"{page.name} has no block {name}"
    return match[1].strip()


def put(name: str, text: str, page: Path) -> None:
    """Replaces what stands between the markers of a block."""
    old = page.read_text("utf-8")
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, tail = old.split(start)[0], old.split(end)[1]
    page.write_text(f"{head}{start}\n{text}\n{end}{tail}", "utf-8")


def write() -> None:
    """Writes every generated block anew."""
    for page, made in BLOCKS.items():
        for name, make in made.items():
            put(name, make(), page)


if __name__ == "__main__":
    write()
