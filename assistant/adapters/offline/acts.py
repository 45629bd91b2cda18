"""Dialogue acts by a lexicon that is data: what a message does, beside what it says.

The rules want to be right rather than complete; `language` lets the model add an act only where it is very sure.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.dialogue.understanding import Act

EMPTY = frozenset({Act.GREETING, Act.THANKS, Act.SKIP, Act.NOT_SURE, Act.STOP, Act.CONFIRM, Act.SOLVED})
"""Acts whose messages fill no slot."""

_ORDER = (Act.GREETING, Act.THANKS, Act.CONFIRM, Act.SKIP, Act.STOP, Act.NOT_SURE, Act.WANTS_PERSON, Act.SOLVED,
          Act.NOT_SOLVED, Act.CORRECTION, Act.NEGATION)  # fmt: skip
_ALONE = {Act.GREETING, Act.THANKS, Act.CONFIRM, Act.SKIP, Act.STOP}


@dataclass(frozen=True)
class _Rule:
    words: int
    whole: re.Pattern[str] | None
    part: re.Pattern[str] | None
    never: re.Pattern[str] | None


def acts(text: str, asked: str = "") -> frozenset[Act]:
    """The acts of one message; `asked` is the name of the slot just asked for, or empty."""
    folded = fold(text)
    found: set[Act] = set()
    for act in _ORDER:
        if act is Act.NOT_SOLVED and asked:
            continue
        if _holds(_rules()[act], folded):
            found.add(act)
            if act in _ALONE:
                break
    return frozenset(found)


def said_before(text: str) -> bool:
    """Whether the message only points back at what was said ("I already told you")."""
    core = bare(fold(text))
    return any(re.fullmatch(pattern, core) for pattern in lexicon()["said_before"]["whole"])


def fold(text: str) -> str:
    """Lower case, straight apostrophes, no emoji, one space between words."""
    plain = text.replace("\u2019", "'").replace("\u2018", "'").lower()
    plain = re.sub(r"[^\w\s.,;:!?'\"()/+\-\u2013\u2014%&@#*]", " ", plain)
    return " ".join(plain.split())


def bare(folded: str) -> str:
    """The folded text without the fillers and the punctuation around it."""
    start, end = _fillers()
    before = None
    core = folded
    while core != before:
        before = core
        core = end.sub("", start.sub("", core).strip()).strip(" \t.,;:!?()\"'")
    return core or folded.strip(" .,;:!?")


def _holds(rule: _Rule, folded: str) -> bool:
    if len(folded.split()) > rule.words or (rule.never and rule.never.search(folded)):
        return False
    stripped = folded.strip(" .,;:!?()\"'")
    if rule.whole and any(rule.whole.fullmatch(form) for form in {folded, stripped, bare(folded)} if form):
        return True
    return bool(rule.part and rule.part.search(folded))


@cache
def lexicon() -> dict[str, Any]:
    """The content of `lexicon.toml`."""
    return tomllib.loads((files("assistant.adapters.offline") / "data" / "lexicon.toml").read_text("utf-8"))


@cache
def _rules() -> dict[Act, _Rule]:
    table = lexicon()["acts"]
    return {
        act: _Rule(int(row["words"]), _union(row["whole"]), _union(row["part"]), _union(row["never"]))
        for act, row in ((act, table[act.value]) for act in _ORDER)
    }


def _union(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) if patterns else None


@cache
def _fillers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = lexicon()["fillers"]
    start = "|".join(f"(?:{p})" for p in table["start"])
    end = "|".join(f"(?:{p})" for p in table["end"])
    return re.compile(rf"^(?:{start})\b[\s,.;:!?\-\u2013\u2014]*"), re.compile(rf"[\s,.;:!?\-\u2013\u2014]+(?:{end})\W*$")
