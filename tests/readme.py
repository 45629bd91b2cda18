"""The generated parts of the README: `python -m tests.readme` writes them, and a test says when they are stale."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant.domain.transitions import diagram
from assistant.settings import Settings

README = Path(__file__).resolve().parent.parent / "README.md"
LLM_RESULTS = README.parent / "tests" / "evals" / "llm.json"
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


def figures() -> str:
    """What the last measurement of the release gave, a table a set: `make figures` measures and writes it."""
    stored = json.loads((files("assistant.evaluation") / "data" / "baseline.json").read_text("utf-8"))
    on = stored["made"]
    parts = [f"Measured by `make figures` on {on['date']} with {on['machine']}, version {on['version']}."]
    for one in stored["sets"]:
        rows = ["| measure | value | 95% | of | wanted |", "|---|---|---|---|---|"]
        rows += [_figure(figure) for figure in one["figures"]]
        parts.append(f"**{one['name']}** ({one['source']})\n\n" + "\n".join(rows))
    return "\n\n".join(parts)


def bench() -> str:
    """What the last `make bench` gave, kept beside it."""
    found = json.loads((README.parent / "tests" / "bench" / "search" / "results.json").read_text("utf-8"))
    on = found["machine"]
    parts = [f"Measured by `make bench` on {found['date']}: {on['cores']} cores, {on['memory_gb']} GB, Python {on['python']}."]
    heads = ["p50 ms", "p95 ms", "nDCG@5", "start s", "memory MB", "disk MB", "index texts/s"]
    keys = ("p50_ms", "p95_ms", "ndcg5", "start_s", "peak_mb", "disk_mb", "texts_per_s")
    for size, systems in found["sizes"].items():
        rows = [f"| {int(size):,} passages | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
        for name, one in systems.items():
            cells = [one["failed"]] if "failed" in one else [_shown(one[key], key) for key in keys]
            rows.append(f"| {name} | {' | '.join(cells)} |")
        parts.append("\n".join(rows))
    goals = [f"| {g['goal']} | {g['wanted']:.3g} | {_found(g['found'])} |" for g in found["goals"]]
    parts += [found["note"]] if "note" in found else []
    parts += [_million(found["million"])] if found.get("million") else []
    parts.append("\n".join(["| goal | wanted | found |", "|---|---|---|", *goals]))
    return "\n\n".join(parts)


def llm() -> str:
    """What the last `make eval-llm` with `--write` gave, kept beside it."""
    from tests.llm.report import page

    return page(json.loads(LLM_RESULTS.read_text("utf-8")))


def _found(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3g}"


def _million(far: dict[str, float]) -> str:
    room = f"{far['peak_mb'] / 1000:.1f} GB of memory, {far['disk_mb'] / 1000:.1f} GB of disk"
    hours = f"{far['embed_hours']:.0f} hours of embedding on two cores"
    return f"A million passages, carried on from the two largest sizes: about {far['p95_ms']:.0f} ms p95, {room}, {hours}."


def _shown(value: float | None, key: str) -> str:
    return (
        "-"
        if value is None
        else f"{value:.{3 if key == 'ndcg5' else 2 if key == 'start_s' else 1 if key.endswith('_ms') else 0}f}"
    )


def _figure(figure: dict[str, Any]) -> str:
    def number(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") if value != int(value) else f"{value:.0f}"

    sure = "" if figure["low"] is None else f"{number(figure['low'])} to {number(figure['high'])}"
    wish = figure["wanted"]
    wanted = "" if wish is None else f"{wish['sense']} {wish['limit']:g}: {'met' if figure['met'] else 'missed'}"
    return f"| {figure['name']} | {number(figure['value'])} | {sure} | {figure['count']} | {wanted} |"


GENERATED = {"stages": stages, "settings": settings, "commands": commands, "measured": figures, "bench": bench, "eval-llm": llm}


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
