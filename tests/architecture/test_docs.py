"""The documents match the code: generated blocks are fresh, and what a page names or links to exists."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import get_args

import pytest

from assistant.evaluation.sets import LAYOUTS, Seen
from assistant.settings import Settings
from tests.evals.lab.measures import MEASURES
from tests.pictures.__main__ import COMMITTED, SHOWN
from tests.readme import BLOCKS, CHANGELOG, NOTES, OPERATING, PAGES, README, ROOT, block, commands
from tests.results import RESULTS, page, stored

MOST_BYTES, MOST_PICTURES = 14_000, 12
TEXTS = {path: path.read_text("utf-8") for path in (*PAGES, *NOTES)}
BLOCK_NAMES = [(path, name) for path, made in BLOCKS.items() for name in made]
FOLDERS = "assistant|retrieval|prompts|knowledge_base|ui|tests|docs"
each_page = pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.mark.parametrize(("path", "name"), BLOCK_NAMES, ids=lambda one: getattr(one, "name", one))
def test_a_generated_block_is_fresh(path: Path, name: str) -> None:
    assert block(name, path) == BLOCKS[path][name](), "run: python -m tests.readme"


def test_the_readme_is_short() -> None:
    assert README.stat().st_size <= MOST_BYTES


def test_results_are_fresh_and_show_unseen_data_first() -> None:
    shown = RESULTS.read_text("utf-8")
    assert shown == page(), "run: python -m tests.results"
    sections = re.findall(r"^## (.+)$", shown, re.MULTILINE)
    figures = [name for name in sections if name.endswith(("data", "seen", "figures")) and name != "What others reach"]
    assert figures[0] == "Figures on unseen data"


def test_every_figure_says_whether_its_data_was_seen() -> None:
    kinds = {figure["data"] for one in stored() for figure in one["figures"]}
    assert kinds <= set(get_args(Seen))
    assert all(one["figures"] for one in stored())


@each_page
def test_every_command_it_shows_exists(path: Path) -> None:
    known = set(re.findall(r"^\| `askwell ([a-z-]+)` \|", commands(), re.MULTILINE))
    assert known
    assert set(re.findall(r"(?:`|\$ |^)askwell ([a-z][a-z-]*)", TEXTS[path], re.MULTILINE)) <= known


@pytest.mark.parametrize("path", [path for path in TEXTS if path != CHANGELOG], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_measure_it_shows_is_measured_there(path: Path) -> None:
    installed = set(re.findall(r"askwell eval ([a-z_]+)", TEXTS[path]))
    laboratory = set(re.findall(r"tests\.evals\.lab ([a-z_]+)", TEXTS[path]))
    assert installed <= {*LAYOUTS, "all"}
    assert laboratory <= {*MEASURES, "all"}


@each_page
def test_every_make_target_it_shows_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", TEXTS[path], re.MULTILINE)) <= targets


@each_page
def test_every_setting_it_shows_exists(path: Path) -> None:
    known = {f"ASKWELL_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"ASKWELL_[A-Z_]+", TEXTS[path])) - {"ASKWELL_AS"} <= known


def test_every_setting_and_command_is_in_the_operating_page() -> None:
    operating = TEXTS[OPERATING]
    rows = [f"| `ASKWELL_{name.upper()}` |" for name in Settings.model_fields]
    assert [row for row in (*rows, *commands().splitlines()) if row not in operating] == []


@each_page
def test_every_link_leads_somewhere(path: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", TEXTS[path]) if "://" not in link]
    assert [link for link in links if not _leads_somewhere(path, link)] == []


@each_page
def test_every_file_it_names_exists(path: Path) -> None:
    names = re.findall(rf"`((?:{FOLDERS})/[\w./-]+)`", TEXTS[path])
    modules = [name.replace(".", "/") for name in re.findall(r"python -m ((?:tests|retrieval)[\w.]*\w)", TEXTS[path])]
    assert [name for name in names if not (ROOT / name).exists()] == []
    assert [name for name in modules if not ((ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file())] == []


@each_page
def test_every_module_an_example_imports_has_the_name(path: Path) -> None:
    for module, name in re.findall(r"^from ([\w.]+) import (\w+)$", TEXTS[path], re.MULTILINE):
        assert hasattr(__import__(module, fromlist=[name]), name)


def test_the_committed_pictures_are_the_ones_the_documents_show() -> None:
    shown = {name for text in TEXTS.values() for name in re.findall(r"pictures/([\w-]+)\.png\)", text)}
    found = [picture for folder in FOLDERS.split("|") for picture in (ROOT / folder).rglob("*.png")]
    committed = {picture.stem for picture in found if "node_modules" not in picture.parts}
    assert committed == shown == SHOWN
    assert len(committed) <= MOST_PICTURES
    for picture in COMMITTED.glob("*.png"):
        assert struct.unpack(">I", picture.read_bytes()[16:20])[0] == (390 if "-phone-" in picture.stem else 1280)


def _leads_somewhere(path: Path, link: str) -> bool:
    """Whether the file exists, and the heading in it where the link has one."""
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    return target.exists() and (not anchor or anchor in _anchors(target))


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
