"""Cleans one clause of a message for a question: chat spelling, list marks, fillers and politeness at its edges.

Only spelling, marks and words that say nothing change; names, numbers and negations stay.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_OTHER_SIGNS = re.compile(r"[^\w\s.,;:!?'\"()/+\-\u2013\u2014%&@#*=€$£<>°§\[\]^~|{}\\]")
_TOKEN = re.compile(r"(?<![\w@/.#-])([A-Za-z][A-Za-z'/]*)(?![\w@#]|[./]\w)")
LOUD = 0.7
"""Share of capitals from which a line is taken for shouted and written in small letters."""
_LIST_MARK = re.compile(r"^\s*(?:[-*\u2022>]+|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)])\s+(?=\S)")
_MARKDOWN = re.compile(r"\*\*|__|`")
_YOU_ARE = re.compile(
    r"\bur\b(?= (?:not|going|gonna|the|a|an|so|too|very|always|just|in|on|still|allowed|supposed|\w+ing|\w+ed)\b)", re.IGNORECASE
)
_ENDS = " \t\r\n,.;:!?-\u2013\u2014*\u2022>|/_~"


def cleaned(clause: str) -> str:
    """One line in ordinary spelling without labels, fillers and marks at the edges; may be empty. Linear in its length."""
    line = _straight(clause)
    line = _OTHER_SIGNS.sub(" ", _MARKDOWN.sub("", line))
    line = " ".join(line.split())[:600]
    line = _LIST_MARK.sub("", line)
    if sum(map(str.isupper, line)) > LOUD * sum(map(str.isalpha, line)) and len(line.split()) > 4:
        line = line.lower()
    line = _label().sub("", line, count=1)
    line = _YOU_ARE.sub("you're", line)
    line = _TOKEN.sub(_respelt, line)
    line = re.sub(r"\.{2,}|\u2026", ",", line)
    line = " ".join(line.split())
    line = unled(line)
    return untrailed(line)


def unled(line: str) -> str:
    """Without the fillers and connectives at its beginning."""
    line = line.lstrip(_ENDS)
    for _ in range(8):
        match = None if _edge("kept").match(line) else _edge("leading").match(line)
        if not match:
            break
        line = line[match.end() :].lstrip(_ENDS)
    return line


def untrailed(line: str) -> str:
    """Without marks, thanks and fillers at its end, and without half of a pair of brackets or quote marks."""
    line = line.rstrip(_ENDS)
    shorter = _trailing().sub("", line[-80:])
    line = (line[:-80] + shorter if len(line) > 80 else shorter).rstrip(_ENDS)
    if line.startswith("(") and line.endswith(")") and line.count("(") == 1:
        line = line[1:-1]
    for opening, closing in ("()", "[]"):
        if line.count(opening) != line.count(closing):
            line = line.replace(opening, "").replace(closing, "")
    return (line.replace('"', "") if line.count('"') % 2 else line).strip()


def lowered(phrase: str) -> str:
    """The first letter in lower case, unless its word is a name, "I" or an abbreviation as far as its form can tell."""
    first = re.match(r"[\w'-]+", phrase)
    if not first or re.match(r"I\b", phrase) or any(c.isupper() or c.isdigit() for c in first[0][1:]):
        return phrase
    return (
        phrase[0].lower() + phrase[1:]
        if first[0].lower().partition("'")[0] in _common() or re.search(r"(?:ing|ed|ly|tion)$", first[0])
        else phrase
    )


def raised(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


@cache
def _label() -> re.Pattern[str]:
    lead = r"^\W{0,4}(?:(?:my |the )?(?:main |real |actual |one |big |short )?"
    colon = r"\W{0,3}(?::|\?|-|\u2013|\u2014)\W{0,3}(?=\w)"
    return re.compile(
        rf"{lead}(?:{_listed('labels')})(?: (?:is|was|here|now|today|to you|for you))*){colon}",
        re.IGNORECASE,
    )


@cache
def _edge(name: str) -> re.Pattern[str]:
    after = r"(?:(?=[\s,.:;!\-\u2013\u2014])[\s,.:;!\-\u2013\u2014]+|(?=\s)\s+)(?=\S)" if name == "leading" else ""
    return re.compile(rf"^(?:{_listed(name)}){after}", re.IGNORECASE)


@cache
def _trailing() -> re.Pattern[str]:
    anywhere, apart = _listed("trailing"), _listed("trailing_apart")
    marks = r",.;:!\-\u2013\u2014"
    return re.compile(rf"(?:[\s{marks}]+(?:{anywhere})|[{marks}]+\s*(?:{apart}))+\W*$", re.IGNORECASE)


def _listed(name: str) -> str:
    return "|".join(_tables()["edges"][name])


def _respelt(match: re.Match[str]) -> str:
    word = match[1]
    plain = _spelling().get(word.lower())
    if plain is None or (word.isupper() and len(word) > 1 and word.lower() not in ("im", "dont", "cant")):
        return word
    return raised(plain) if word[0].isupper() and plain[:1].islower() and len(word) > 1 else plain


@cache
def _spelling() -> dict[str, str]:
    table: dict[str, str] = _tables()["spelling"]
    return table


@cache
def _common() -> frozenset[str]:
    return frozenset(_tables()["common"]["words"].split())


@cache
def _tables() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((files("assistant.adapters.offline") / "data" / "wording.toml").read_text("utf-8"))
    return found


def _straight(text: str) -> str:
    return text.translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"', 0xAB: '"', 0xBB: '"', 0xA0: " "})
