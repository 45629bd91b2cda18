"""The documents say what the code is: the generated parts are fresh, what they name is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from assistant.evaluation.sets import Seen
from tests.readme import GENERATED, README, SESSIONS, block
from tests.results import RESULTS, page, stored

ROOT = README.parent
TEXT = "".join(path.read_text("utf-8") for path in (README, SESSIONS, RESULTS))


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_part_is_fresh(name: str) -> None:
    assert block(name) == GENERATED[name](), "run: python -m tests.readme"


def test_the_page_of_figures_is_fresh_and_shows_unseen_data_first() -> None:
    shown = RESULTS.read_text("utf-8")
    assert shown == page(), "run: python -m tests.results"
    sections = re.findall(r"^## (.+)$", shown, re.MULTILINE)
    figures = [name for name in sections if name.endswith(("data", "seen", "figures")) and name != "What others reach"]
    assert figures[0] == "Figures on unseen data"


def test_every_figure_says_whether_its_data_was_seen() -> None:
    kinds = {figure["data"] for one in stored() for figure in one["figures"]}
    assert kinds <= set(get_args(Seen))
    assert all(one["figures"] for one in stored())


def test_every_command_it_shows_exists() -> None:
    known = set(re.findall(r"^\| `askwell ([a-z-]+)` \|", GENERATED["commands"](), re.MULTILINE))
    shown = set(re.findall(r"\baskwell ([a-z][a-z-]*)", re.sub(r"[a-z-]+\.db|`askwell`", "", TEXT)))
    assert known
    assert shown <= known


def test_every_make_target_it_shows_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", TEXT, re.MULTILINE)) <= targets


def test_every_setting_it_shows_exists() -> None:
    known = set(re.findall(r"ASKWELL_[A-Z_]+", GENERATED["settings"]()))
    assert set(re.findall(r"ASKWELL_[A-Z_]+", TEXT)) - {"ASKWELL_AS"} <= known


def test_every_file_it_links_to_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#:]+)\)", TEXT) if "://" not in link]
    named = re.findall(r"`((?:assistant|retrieval|prompts|knowledge_base|ui|tests)/[\w./-]+\.\w+)`", TEXT)
    assert [path for path in (*links, *named) if not (ROOT / path).exists()] == []


def test_it_is_no_longer_than_a_person_reads() -> None:
    assert Path(README).stat().st_size < 60_000
