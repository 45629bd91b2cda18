"""The README says what the code is: its generated parts are fresh, what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.readme import GENERATED, README, SESSIONS, block

ROOT = README.parent
TEXT = README.read_text("utf-8") + SESSIONS.read_text("utf-8")


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_part_is_fresh(name: str) -> None:
    assert block(name) == GENERATED[name](), "run: python -m tests.readme"


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
