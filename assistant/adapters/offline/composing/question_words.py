"""How words are compared for the question writer, and how a question is put together from copied and new words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.adapters.offline.composing.plain_words import lowered
from assistant.adapters.offline.reading.word_states import Place, places

_CLOSES = frozenset(".,;:!?)]}\u201d\u2026")
_OPENS = frozenset("([{\u201c\u2018")
_ENDS = frozenset(".!?:\u2026")
_FIRST_PERSON = re.compile(r"\Ai(?=\Z|')")
_MOST_PLACES = 12
_NEXT, _JUMP, _NEW, _ASKED = 1.0, -0.3, -0.4, 0.2


def folded(word: str) -> str:
    """A word as it is compared with others."""
    return word.casefold().replace("\u2019", "'")


def question_words(question: str) -> list[str]:
    """The folded words and marks of a question without the marks at its end."""
    words = [folded(question[a:b]) for a, b in places(question)]
    while words and words[-1] in "?.!":
        words.pop()
    return words


def written(text: str, at: Sequence[Place], steps: Iterable[tuple[str, int]]) -> str:
    """A wording of `steps`: each a word, and the number of the place in `text` that it was copied from, or -1 if it is new.

    Copied words keep their letters, except the capital of a sentence that now stands inside another; words copied one after
    another keep the space between them.
    """
    out, before = "", -1
    for word, place in steps:
        piece = text[slice(*at[place])] if place >= 0 else _FIRST_PERSON.sub("I", word)
        if out and place >= 0 and (place == 0 or text[at[place][0] - 1] == "\n" or text[slice(*at[place - 1])] in _ENDS):
            piece = lowered(piece)
        if place >= 0 and before >= 0 and place == before + 1:
            out += " " if text[at[before][1] : at[place][0]] else ""
        elif out and piece not in _CLOSES and out[-1] not in _OPENS:
            out += " "
        out += piece
        before = place
    return out


def aligned(words: Iterable[str], where: Mapping[str, Sequence[int]], asked: Sequence[float]) -> list[int]:
    """For each word of a question the place in the message that it was most likely copied from, or -1.

    `where` has the places of each word, `asked` for each place the probability that the question is built on its unit. Of all
    ways the one with the longest runs is taken, rather within the ask (dynamic programming over the place copied last).
    """
    best: dict[int, tuple[float, tuple[int, ...]]] = {-2: (0.0, ())}
    for word in words:
        grown: dict[int, tuple[float, tuple[int, ...]]] = {}
        found = where.get(word, ())[:_MOST_PLACES]
        for last, (value, path) in best.items():
            for place in found or (-1,):
                end = place if place >= 0 else last
                gain = (
                    _NEW if place < 0 else (_NEXT if place == last + 1 else _JUMP if last >= 0 else 0.0) + _ASKED * asked[place]
                )
                if end not in grown or value + gain > grown[end][0]:
                    grown[end] = (value + gain, (*path, place))
        best = grown
    return list(max(best.values())[1])


def _copying(place: int, last: int) -> float:
    if place == last + 1:
        return _NEXT
    return _JUMP if last >= 0 else 0.0
