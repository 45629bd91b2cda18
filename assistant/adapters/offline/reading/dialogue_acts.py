"""Recognises dialogue acts (greeting, thanks, correction, ...) with the patterns of `lexicon.toml`.

The patterns favour precision; `offline_language` adds an act of the model only above a high threshold.
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
_LETTERS_A_WORD = 40
"""A message with more letters per word than this (addresses, one endless word) gets no act by rule."""
_RUN_OF_MARKS = re.compile(r"([^\w\s]{8})[^\w\s]+")
_EDGE = " \t.,;:!?()\"'"
_SEPARATORS = " \t\n.,;:!?-\u2013\u2014"
_LONGEST_FILLER = 30
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
    """Whether the message only refers to an earlier one ("I already told you")."""
    core = bare(fold(text))
    return any(re.fullmatch(pattern, core) for pattern in lexicon()["said_before"]["whole"])


def fold(text: str) -> str:
    """Lower case, straight apostrophes, no emoji, one space between words, at most eight marks side by side."""
    plain = text.replace("\u2019", "'").replace("\u2018", "'").lower()
    plain = re.sub(r"[^\w\s.,;:!?'\"()/+\-\u2013\u2014%&@#*]", " ", plain)
    return _RUN_OF_MARKS.sub(r"\1", " ".join(plain.split()))


def bare(folded: str) -> str:
    """The folded text without the fillers and the punctuation around it. Linear in its length."""
    start, low, high = _fillers()[0], -1, len(folded)
    new_low, new_high = _inner(folded, 0, high)
    while (new_low, new_high) != (low, high):
        low, high = new_low, new_high
        filler = start.match(folded, low, high)
        new_low = filler.end() if filler else low
        new_low, new_high = _inner(folded, new_low, _without_last_filler(folded, new_low, high))
    return folded[low:high] or folded.strip(" .,;:!?")


def _inner(text: str, low: int, high: int) -> tuple[int, int]:
    """The bounds without punctuation at the edges."""
    while low < high and text[low] in _EDGE:
        low += 1
    while high > low and text[high - 1] in _EDGE:
        high -= 1
    return low, high


def _without_last_filler(text: str, low: int, high: int) -> int:
    """Where text[low:high] ends without one filler at its end and the separators before that."""
    end = high
    while end > low and not (text[end - 1].isalnum() or text[end - 1] == "_"):
        end -= 1
    filler = _fillers()[1].search(text, max(low, end - _LONGEST_FILLER), end)
    if not filler:
        return high
    at = filler.start()
    while at > low and text[at - 1] in _SEPARATORS:
        at -= 1
    return at


def _holds(rule: _Rule, folded: str) -> bool:
    if len(folded) > rule.words * _LETTERS_A_WORD or len(folded.split()) > rule.words:
        return False
    if rule.never and rule.never.search(folded):
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
    return re.compile(rf"(?:{start})\b[\s,.;:!?\-\u2013\u2014]*"), re.compile(rf"(?<=[\s,.;:!?\-\u2013\u2014])(?:{end})\Z")
