"""Finds the names of a directory's people in a text: full names anywhere, single names only if capitalised and used as names.

Many first and last names are also words ("Will", "May", "Mark", "Price"). Such a word counts only in a context for a person:
with a verb of saying after it, or a word such as "ask" or "with" before it in the middle of a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

_TOKEN = re.compile(r"\w[\w\u0300-\u036f]*")
_BETWEEN = re.compile(r"(?:[ \t\u00a0]{1,3}|[ \t]?\r?\n[ \t]?|\.[ ]?|,[ ]?|[-'\u2019\u2010\u2011])")
_PARTICLES = frozenset(
    "van von der den de del della di da do dos das du la le el al bin ibn abu af av zu zur zum y e i san st mc ter ten "
    "dr prof mr mrs ms miss jr sr ii iii iv phd".split()
)
_TITLES = {("dr",), ("prof",), ("mr",), ("mrs",), ("ms",), ("miss",)}
_WORDS = frozenset(
    """abbey ace akin alma amber angel april archer art ash august austin autumn bailey baker banks barber barn baron basil
    bay bean bear bell berry best bill bird bishop blank bliss block blue bond booth bow brand branch bridge brook brooks
    brown buck bull burns bush butler candy carpenter carter case cash chance charity chase chip christian church clay
    clear close cloud coach cole constant cook coral core cotton cross crystal curry dale dawn day dean dell destiny
    dollar dove drew duke earl early east eve faith fall farmer field fields fine finn fish fisher flint flower flowers
    ford forest foster fox frank freeman french frost gardener gem gene german gold golden good grace grant gray green
    grove guy hale hall harmony harper hazel heath heather hill holly hood hope house hunt hunter iris ivy jack jade
    jasmine jay jean jewel jolly josh joy jude judge july june keen key king knight lake lamb lance land lane lark law lee
    leigh less levy lily link little lock long lord love lucky luna major man march marina mark marks marsh marshall mason
    may mercy merit miles mill miller mills mo moon moore more morning nash new nick night noble noel north oak olive opal
    page paige paris park parker parks patience peace pearl penny pepper perry pierce pike pine piper pitt poet pole pond
    pool poppy porter potter power precious pride price prince prior pope queen quick ray read reed reid rich ridge river
    rivers rob robin rock rocky rod rose rosemary row royal ruby rush rusty sage sally salt sandy savage self service
    shade sharp shepherd short silver singer sky skip small smart smith snow song spring star steel stone storm story
    strong sue summer summers sun sunny swan tailor tanner taylor temple terry tip trinity trip true tucker turner vale
    valley vance violet wade walker wall walls ward ware warner waters way weaver webb wells west wheeler white will
    winter wise wolf wood woods work worth wright wren young""".split()
)
_MONTHS = frozenset("april august july june march may".split())
_BEFORE = frozenset(
    """ask asked asking tell told telling thank thanks dear hi hello hey with meet met meeting call called email emailed from
    by and know see saw contact message messaged invite invited introduce introduced named mentor colleague manager boss
    friend mr mrs ms miss dr prof because if whether that when than like about to for""".split()
)
_DATE_BEFORE = frozenset(
    "in by since until till from to before after of early late mid next last this for through and every".split()
)
_AFTER = frozenset(
    """said says say told tells asked asks thinks thought knows knew suggested suggests mentioned explained explains helped
    helps wants wanted wrote writes replied answered is was has had does did can could would should agreed offered showed
    taught gave recommended recommends works worked joined left sent called pointed""".split()
)
_NO_NAME_BEFORE = frozenset("the a an this that these those my our your his her its their no any some every each".split())
_AUXILIARY = frozenset("is was has had does did can could would should".split())


@dataclass(frozen=True)
class FoundName:
    """A name at `start` to `end` of a text; `people` are the numbers of all directory entries it may refer to."""

    start: int
    end: int
    words: tuple[str, ...]
    people: tuple[int, ...]


class NameFinder:
    """An index of a directory's names, built once for many texts."""

    def __init__(self, names: Collection[str]) -> None:
        self._forms: dict[str, dict[tuple[str, ...], tuple[int, ...]]] = {}
        for person, parts in enumerate(sorted({parts for name in names if (parts := _parts(name))})):
            for form in _forms(parts):
                known = self._forms.setdefault(form[0], {})
                known[form] = (*known.get(form, ()), person)
        self._longest = {first: max(map(len, forms)) for first, forms in self._forms.items()}

    def find(self, text: str) -> Iterator[FoundName]:
        """All names from left to right, the longest match first, without overlaps."""
        tokens = [(match.start(), match.end(), _folded(match[0])) for match in _TOKEN.finditer(text)]
        place = 0
        while place < len(tokens):
            found = self._at(text, tokens, place)
            if found:
                yield found
            place += len(found.words) if found else 1

    def _at(self, text: str, tokens: list[tuple[int, int, str]], place: int) -> FoundName | None:
        first = tokens[place][2]
        forms = self._forms.get(first)
        if not forms:
            return None
        run = _run(text, tokens, place, self._longest[first])
        for length in range(len(run), 0, -1):
            words = tuple(word for _, _, word in run[:length])
            people = forms.get(words)
            if people and _is_name(text, tokens, place, length):
                return FoundName(run[0][0], run[length - 1][1], words, people)
        return None


def _run(text: str, tokens: list[tuple[int, int, str]], place: int, most: int) -> list[tuple[int, int, str]]:
    """The following tokens that are joined as the words of one name."""
    run = [tokens[place]]
    for token in tokens[place + 1 : place + most]:
        if not _BETWEEN.fullmatch(text, run[-1][1], token[0]):
            break
        run.append(token)
    return run


def _is_name(text: str, tokens: list[tuple[int, int, str]], place: int, length: int) -> bool:
    """A full name counts unless all its words are ordinary and not capitalised; a single name must be capitalised."""
    mine = tokens[place : place + length]
    if length > 1:
        return any(word not in _WORDS for *_, word in mine) or all(_capital(text[start:end]) for start, end, _ in mine)
    start, end, word = mine[0]
    if not _capital(text[start:end]) or (len(word) < 3 and text[start:end].isupper() and word.isascii()):
        return False
    return word not in _WORDS or _used_as_name(text, tokens, place)


def _used_as_name(text: str, tokens: list[tuple[int, int, str]], place: int) -> bool:
    """Whether the context shows that a capitalised ordinary word is a person."""
    start, end, word = tokens[place]
    before = tokens[place - 1][2] if place else ""
    after = tokens[place + 1][2] if place + 1 < len(tokens) else ""
    opening = _opens(text, start)
    if word in _MONTHS and ((not opening and before in _DATE_BEFORE) or after.isdigit() or before.isdigit()):
        return False
    if not opening and before in _NO_NAME_BEFORE:
        return False
    if text[end : end + 1] in ("'", "\u2019") and after == "s":
        return True
    if after in _AFTER and text[end:].lstrip(" ").startswith(text[tokens[place + 1][0] : tokens[place + 1][1]]):
        return not (opening and word == "may" and after in _AUXILIARY)
    return not opening and before in _BEFORE


def _opens(text: str, start: int) -> bool:
    """Whether a sentence, a line or a quotation begins here."""
    ahead = text[max(0, start - 4) : start].rstrip(" \t")
    return start == 0 or not ahead or ahead[-1] in ".!?\n\r:;\"'\u201c\u2018(*-\u2022"


def _forms(parts: tuple[tuple[str, ...], ...]) -> set[tuple[str, ...]]:
    """The forms of a name: full, first and last, last before first, and distinctive single names.

    Parts are separated by spaces; "O'Neill" is one part of two words.
    """
    words = tuple(chain.from_iterable(parts))
    single = {(word,) for word in words if len(word) > 1 and word not in _PARTICLES}
    compound = {part for part in parts if len(part) > 1}
    if len(parts) == 1:
        return single | compound
    first, last = parts[0], parts[-1]
    return {words, first + last, last + first, (*last, *chain.from_iterable(parts[:-1])), *single, *compound}


def _parts(name: str) -> tuple[tuple[str, ...], ...]:
    """The parts of a name without titles, each as its words."""
    parts = [tuple(_folded(word) for word in _TOKEN.findall(part)) for part in name.split()]
    return tuple(part for part in parts if part and part not in _TITLES)


def _folded(word: str) -> str:
    """The word without case and accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


def _capital(word: str) -> bool:
    """Whether the word is capitalised, or in a script without case."""
    return word[0].isupper() or word[0].istitle() or word.lower() == word.upper()
