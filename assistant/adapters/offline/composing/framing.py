"""Strips words left over from the sentence around a phrase: connectives, "please", "I want", a broken-off end.

Words are only removed, except that "get" may replace a wish: "I need a review" becomes "get a review".
"""

from __future__ import annotations

import re

_JOINED = re.compile(
    r"\A(?:(?:(?:and|but|because|also|well|okay|ok|anyway|honestly|basically)\b|so\b(?! (?:that|far|many|much)\b))[ ,]+)+(?=\S)",
    re.IGNORECASE,
)
_POLITE = re.compile(r"\A(?:(?:please|kindly)\b[ ,]+)+(?=\S)", re.IGNORECASE)
_I = r"(?:(?:i|we)(?:'d| would| really| just| also| still| now)* )"
_TO_DO = re.compile(
    rf"{_I}(?:must|should)(?: now| really)? (?=\w)|{_I}?(?:need|want|have|hope|plan|try|like|am trying|are trying) to (?=\w)|"
    r"(?:i'm|we're) (?:trying|hoping|planning|supposed) to (?=\w)",
    re.IGNORECASE,
)
_TO_GET = re.compile(rf"{_I}?(?:need|want)(?: now)? (?!to\b|not\b|for\b|of\b)(?=\w)", re.IGNORECASE)
_ENDS = frozenset("and or but the a an my our their his i we because if while when before".split())
_AS_EVER = frozenset("than ever never".split())
"""Words after which a final "before" is kept: "better than before"."""
_WHEN = re.compile(r"\b(?:before|by|until|on)\b", re.IGNORECASE)
_ASIDE = re.compile(r"(?<!\s)\s++[-\u2013\u2014]\s*+(?:well|so|anyway|i mean|you know)$", re.IGNORECASE)
_COPULA = re.compile(
    r"\A(?:(?:it|that)(?:'s| is)|is|are|was|falls|comes) (?=(?:on|by|at|in|before|due|next|this|tomorrow)\b)", re.IGNORECASE
)


def alone(phrase: str) -> str:
    """Strips leading connectives and a broken-off end."""
    words = _ASIDE.sub("", _JOINED.sub("", phrase, count=1)).split()
    while len(words) > 1 and words[-1].lower() in _ENDS:
        if words[-1].lower() == "before" and words[-2].lower() in _AS_EVER:
            break
        words.pop()
    return " ".join(words).rstrip(" ,")


def wish(task: str) -> str:
    """The action or object of a wish, without "I want to"."""
    plain = _POLITE.sub("", alone(task), count=1)
    if found := _TO_DO.match(plain):
        return f"to {plain[found.end() :]}"
    found = _TO_GET.match(plain)
    return f"get {plain[found.end() :]}" if found else plain


def aim(outcome: str) -> str:
    """The goal without "I want", which the question expresses by "aiming for"."""
    plain = alone(outcome)
    found = _TO_GET.match(plain)
    return plain[found.end() :] if found and re.match(r"(?:i|we)\b", plain, re.IGNORECASE) else plain


def day(deadline: str, said: str) -> str:
    """The time phrase without its verb ("is on 2 December") and without repeated words before it."""
    phrase = _COPULA.sub("", alone(deadline), count=1)
    when = _WHEN.search(phrase)
    before = set(phrase[: when.start()].lower().split()) if when else set()
    return phrase[when.start() :] if when and before and before <= set(said.lower().split()) else phrase


def apart(first: str, second: str) -> str:
    """Removes the end of the first phrase if the second begins with the same two or more words."""
    mine = first.split()
    shared = _overlap([word.lower() for word in mine], second.lower().split())
    return " ".join(mine[:-shared]).rstrip(" ,") if shared > 1 else first


def _overlap(ending: list[str], beginning: list[str]) -> int:
    """Length of the longest proper suffix of one word list that is a prefix of the other (Knuth-Morris-Pratt)."""
    most = min(len(ending) - 1, len(beginning))
    words: list[str | None] = [*beginning[: max(0, most)], None, *ending[len(ending) - max(0, most) :]]
    lengths = [0] * len(words)
    for place in range(1, len(words)):
        length = lengths[place - 1]
        while length and words[place] != words[length]:
            length = lengths[length - 1]
        lengths[place] = length + (words[place] == words[length])
    return lengths[-1]
