"""Classifies a mentee's phrase (question, action, clause, thing) by its first words; the word lists are in `grammar.toml`."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files


class PhraseShape(StrEnum):
    QUESTION = "question"
    EMBEDDED = "embedded"
    TO = "to"
    ACTION = "action"
    DOING = "doing"
    CLAUSE = "clause"
    ADVERBIAL = "adverbial"
    THING = "thing"


def shape(phrase: str) -> PhraseShape:
    """The shape of the phrase, by its first words and by whether a finite verb follows a subject."""
    low = phrase.lower().strip()
    if _direct(low):
        return PhraseShape.QUESTION
    found = next((kind for kind, pattern in _rules() if pattern.match(low)), PhraseShape.THING)
    return PhraseShape.CLAUSE if found is PhraseShape.THING and _asserts(low) else found


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
def _rules() -> tuple[tuple[PhraseShape, re.Pattern[str]], ...]:
    pronoun, verbs = _words("pronoun"), f"{_words('finite')}|{_words('active')}"
    sure = r"the|an?|my|our|your|his|her|their|its|this|these|which|what|how|who|when|\d"
    doubtful = rf"(?!(?:{_words('either')})\b(?! (?:{sure})\b))"
    nouns = "during|regarding|pricing|training|meeting|building|missing"
    between = r"(?:\w+ly |just |only |always |never |often |also |both |now |do not |don't )?"
    patterns = (
        (PhraseShape.EMBEDDED, r"(?:what|which|how|why|where|when|who|whether)\b"),
        (PhraseShape.TO, r"to \w+"),
        (PhraseShape.ACTION, rf"{doubtful}(?:{_words('base')})\b(?!(?: \w+)? (?:is|are|was|has)\b)(?! of\b)(?=.* )(?!,)"),
        (PhraseShape.DOING, rf"(?!(?:{nouns})\b)\w{{2,}}ing (?!(?:of|is|are|was|in|for)\b)\w"),
        (PhraseShape.CLAUSE, rf"(?:{pronoun})'(?:m|re|ve|s|d|ll)\b|(?:{pronoun}) {between}(?:{verbs}|\w+ed)\b"),
        (PhraseShape.ADVERBIAL, rf"(?!so that)(?:{_words('preposition')})\b"),
    )
    return tuple((kind, re.compile(pattern)) for kind, pattern in patterns)


@cache
def _words(name: str) -> str:
    """A word list of `grammar.toml` as regex alternatives."""
    lists = tomllib.loads((files("assistant.adapters.offline") / "data" / "grammar.toml").read_text("utf-8"))
    return "|".join(re.escape(word) for word in lists[name])
