"""Puts words of a mentee as whole sentences: without a label in front, with a capital and a full stop.

Only marks, case and labels change. Every other word stays, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARK = re.compile(r"[ \t]*+(?:[-*\u2022>~#]++[ \t]++|\(?\d{1,2}[.)][ \t]++)")
_LABEL = re.compile(
    r"(?:what (?:i|we)(?:'ve| have)? (?:already |actually )?(?:did|done|tried|want|need|wanted)(?: already| so far)?|"
    r"(?:already |things i(?:'ve)? )?(?:tried|done)(?: so far| already)?|so far|"
    r"(?:my |the |our )?(?:main |short |quick )?(?:goal|aim|success|outcome|result|target|wish|background|context|situation|"
    r"setting|problem|issue|deadline|format|task|question|ask))(?: is| was)?[ \t]*+(?::|\u2013|\u2014|(?<=[ \t])-)[ \t]*+(?=\S)",
    re.IGNORECASE,
)
_JOINT = re.compile(r"(?:and|but|also|plus)\b,?[ \t]++(?=\w)(?!that\b)", re.IGNORECASE)
_BREAK = re.compile(r"(?<=\w{3}[.!?])(?<!\betc\.)(?<!prox\.)(?<!incl\.)(?<!resp\.)[ \t]+(?=[a-z])")
_PLAIN = re.compile(r"[a-z]+(?:'[a-z]+)?(?![\w@/.]*[\w@/])")
_I = re.compile(r"(?<![\w.'/-])i(?=(?:'(?:m|ve|d|ll))?(?:[ ,;:]|$))")
_END = ".!?\u2026"
_OPEN_END = " \t,;:-\u2013\u2014"


def whole_sentences(words: str) -> str:
    """The words on one line as sentences. Linear in their length; empty for words without a letter or digit."""
    found = (_sentence(line) for line in words.splitlines())
    return " ".join(sentence for sentence in found if re.search(r"\w", sentence))


def _sentence(line: str) -> str:
    line = _unlabelled(" ".join(line.split())).strip().rstrip(_OPEN_END)
    if not line:
        return ""
    parts = [raised(part) for part in _parts(_I.sub("I", line))]
    whole = " ".join(parts)
    return whole if whole[-1] in _END or (whole[-2:-1] in _END and whole[-1] in "\"'\u201d)") else f"{whole}."


def _unlabelled(line: str) -> str:
    for pattern in (_MARK, _LABEL, _JOINT):
        match = pattern.match(line)
        line = line[match.end() :] if match else line
    return line


def _parts(line: str) -> Iterator[str]:
    """The sentences of a line that begin with a small letter, apart."""
    start = 0
    for match in _BREAK.finditer(line):
        yield line[start : match.start()]
        start = match.end()
    yield line[start:]


def raised(sentence: str) -> str:
    """The sentence with a capital, unless its first word is an address, a file or a name with its own spelling."""
    return sentence[0].upper() + sentence[1:] if _PLAIN.match(sentence) else sentence
