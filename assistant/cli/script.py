"""Loads the script of `askwell demo`: who speaks and what they say, from `demo.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class DemoScript:
    """`answers` by slot name, or "part" for "which part?"; `brief` by brief field. {mentor} and {mentee} become names."""

    mentee: str
    opening: str
    answers: Mapping[str, str]
    brief: Mapping[str, str]
    notes: str
    competency: str


def load_script() -> DemoScript:
    source = (files("assistant.cli") / "demo.toml").read_text("utf-8")
    return DemoScript(**tomllib.loads(source))
