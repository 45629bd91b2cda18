"""Asking for help loads nothing heavy: a command imports what it needs when it runs."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "rich", "pydantic", "pydantic_settings", "sqlalchemy", "alembic", "numpy", "onnxruntime", "tokenizers", "chromadb", "tantivy",
    "dateutil", "icalendar", "langchain", "langchain_core", "openai", "gradio", "fastapi", "retrieval",
    "assistant.bootstrap", "assistant.services", "assistant.adapters",
)  # fmt: skip
COMMANDS = frozenset(
    """accept article ask chat debrief demo doctor eval experts export hand-back held ics ingest model news offers pass
    reindex requests search serve show thanks tick usage user withdraw write""".split()
)
HELP = """
import sys
from assistant.cli import main
try:
    main(["--help"])
except SystemExit as left:
    assert not left.code, left.code
print("LOADED", *sorted(sys.modules))
"""


def test_help_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.partition("LOADED")[2].split())
    assert "typer" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_every_command_explains_itself() -> None:
    import typer

    from assistant.cli.app import app

    command = typer.main.get_command(app)
    assert set(command.commands) == COMMANDS  # type: ignore[attr-defined]
    assert all(one.help for one in command.commands.values())  # type: ignore[attr-defined]
