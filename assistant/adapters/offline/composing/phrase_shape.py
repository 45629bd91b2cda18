"""Classifies a mentee's phrase (question, action, clause, thing) and normalises its spelling for the question grammar.

Only marks, case and chat spelling change; content words are never added or replaced. The word lists are in `grammar.toml`.
"""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files

SPELLING = {"i": "I", "im": "I'm", "ive": "I've", "u": "you", "ur": "your", "pls": "", "plz": "", "w/": "with", "b4": "before",
            "thx": "", "btw": "", "lol": "", "&": "and", "n": "and", "r": "are"}  # fmt: skip
"""Chat spellings and their replacements; an empty one removes the word."""

_JOINTS = frozenset(
    "and or but the a an of in on at to for with by from that which my our their is are was so because as into than if when i it "
    "we not be i'm your his her its this no".split()
)


class Shape(StrEnum):
    QUESTION = "question"
    EMBEDDED = "embedded"
    TO = "to"
    ACTION = "action"
    DOING = "doing"
    CLAUSE = "clause"
    ADVERBIAL = "adverbial"
    THING = "thing"


def shape(phrase: str) -> Shape:
    """The shape of the phrase, by its first words and by whether a finite verb follows a subject."""
    low = phrase.lower().strip()
    if _direct(low):
        return Shape.QUESTION
    found = next((kind for kind, pattern in _rules() if pattern.match(low)), Shape.THING)
    return Shape.CLAUSE if found is Shape.THING and _asserts(low) else found


def repaired(phrase: str) -> str:
    """One line without emoji, list marks and chat spelling; a first capital is lowered where that is safe."""
    line = re.sub(r"[^\w\s.,;:!?'\"()/+\-\u2013\u2014%&@#*=€$£<>°§]", " ", _straight(phrase))
    line = re.sub(r"(?<!\s)\s*\n+\s*(?:[-*]\s+)?", ", ", line.strip())
    line = re.sub(r"(?<![.!?;])[.!?;]++\s++(?=\S)", ", ", line)
    line = re.sub(r"[?!]+", "", line)
    line = line.replace('"', "") if line.count('"') % 2 else line
    words = [SPELLING.get(word, SPELLING[word.lower()] if word.lower() in ("im", "ive") else word) for word in line.split()]
    line = re.sub(r"(?:\s*,){2,}", ",", " ".join(word for word in words if word)).strip(" ,.;:-\u2013\u2014*")
    return lowered(_balanced(line))


def lowered(phrase: str) -> str:
    """Lowers the first letter unless the first word looks like a name, "I" or an abbreviation."""
    first = re.sub(r"(?<!\W)\W++$", "", phrase.split(" ", 1)[0])
    other = len(first) > 1 and any(c.isupper() or c.isdigit() for c in first[1:])
    if other or not first[:1].isupper() or not _common().fullmatch(first.lower()) or re.match(r"I\b", phrase):
        return phrase
    return phrase[0].lower() + phrase[1:]


def shortened(phrase: str, words: int) -> str:
    """At most `words` words: cut at a late comma if there is one, never after a connective or article."""
    parts = phrase.split()
    if len(parts) <= words:
        return phrase
    kept = parts[: max(1, words)]
    comma = max((n for n, word in enumerate(kept) if word.endswith((",", ":")) and n >= words // 2), default=-1)
    kept = kept[: comma + 1] if comma >= 0 else kept
    while len(kept) > 1 and kept[-1].lower().strip(",:;(") in _JOINTS:
        kept.pop()
    return _balanced(" ".join(kept)).strip(" ,.;:-\u2013\u2014")


def _direct(low: str) -> bool:
    """Whether the phrase is a direct question, not an indirect one after "find out"."""
    opens = re.match(rf"(?:{_words('asking')})\b", low)
    inverted = re.match(rf"\S+(?: \w+){{0,3}}? (?:{_words('modal')})\b|(?:{_words('modal')}) ", low)
    plain = rf"(?: (?!(?:{_words('modal')})\b)\w+)? (?:{_words('pronoun')})\b"
    hanging = re.match(rf"how to|whether|(?:what|how|which|where|who|when|why){plain}", low)
    return bool(opens and (low.endswith("?") or (inverted and not hanging)))


def _asserts(low: str) -> bool:
    """Whether a subject that starts the phrase is followed by its own finite verb, not by one of a relative clause."""
    words = [word.strip(',:;()"') for word in low.split()]
    finite, pronoun = re.compile(_words("finite")), re.compile(_words("pronoun"))
    for n, word in enumerate(words[1:9], start=1):
        if words[n - 1] in ("that", "which", "who", "to", "where", "when", "if") or pronoun.fullmatch(words[n - 1]):
            return n == 1 and bool(pronoun.fullmatch(words[0]))
        if finite.fullmatch(word):
            return n < len(words) - 1 or word in ("failed", "survives", "converges", "fails")
        if word == "works" and n == len(words) - 1:
            return True
        if word in ("starts", "start", "ends", "opens", "leaves", "meets", "runs", "closes", "drops") and n < len(words) - 1:
            return True
    return False


@cache
def _rules() -> tuple[tuple[Shape, re.Pattern[str]], ...]:
    pronoun, verbs = _words("pronoun"), f"{_words('finite')}|{_words('active')}"
    sure = r"the|an?|my|our|your|his|her|their|its|this|these|which|what|how|who|when|\d"
    doubtful = rf"(?!(?:{_words('either')})\b(?! (?:{sure})\b))"
    nouns = "during|regarding|pricing|training|meeting|building|missing"
    between = r"(?:\w+ly |just |only |always |never |often |also |both |now |do not |don't )?"
    patterns = (
        (Shape.EMBEDDED, r"(?:what|which|how|why|where|when|who|whether)\b"),
        (Shape.TO, r"to \w+"),
        (Shape.ACTION, rf"{doubtful}(?:{_words('base')})\b(?!(?: \w+)? (?:is|are|was|has)\b)(?! of\b)(?=.* )(?!,)"),
        (Shape.DOING, rf"(?!(?:{nouns})\b)\w{{2,}}ing (?!(?:of|is|are|was|in|for)\b)\w"),
        (Shape.CLAUSE, rf"(?:{pronoun})'(?:m|re|ve|s|d|ll)\b|(?:{pronoun}) {between}(?:{verbs}|\w+ed)\b"),
        (Shape.ADVERBIAL, rf"(?!so that)(?:{_words('preposition')})\b"),
    )
    return tuple((kind, re.compile(pattern)) for kind, pattern in patterns)


@cache
def _common() -> re.Pattern[str]:
    """Words that are not names even with a capital first letter."""
    small = r"the|a|an|my|our|your|his|her|its|their|one|two|no|some|any|each|every|all|whether|both|half|less|more|fewer|enough"
    lists = "|".join(_words(name) for name in ("asking", "pronoun", "preposition", "base"))
    return re.compile(rf"{small}|{lists}|\w+ing|\w+s|\w+ed|\w+tion|under|below|above")


@cache
def _words(name: str) -> str:
    """A word list of `grammar.toml` as regex alternatives."""
    lists = tomllib.loads((files("assistant.adapters.offline") / "data" / "grammar.toml").read_text("utf-8"))
    return "|".join(re.escape(word) for word in lists[name])


def _straight(text: str) -> str:
    return text.replace("\u2019", "'").replace("\u2018", "'").replace("\u201c", '"').replace("\u201d", '"')


def _balanced(line: str) -> str:
    """Removes unbalanced brackets."""
    if line.count("(") > line.count(")"):
        line = line[: line.rindex("(")] if line.rindex("(") > len(line) // 2 else line.replace("(", "", 1)
    return line.replace(")", "") if line.count(")") > line.count("(") else line
