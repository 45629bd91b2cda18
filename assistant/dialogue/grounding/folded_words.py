"""English words with offsets for the grounding checks, folded so that case, typography and hidden characters do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from retrieval.text import FUNCTION_WORDS
from retrieval.text import stem as snowball_stem

HIDDEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f\U000e0100-\U000e01ef"  # noqa: E501
_HIDDEN = re.compile(f"[{HIDDEN}]")
_QUOTES = str.maketrans({**dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4", "'"),
                         **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
                         **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")})  # fmt: skip
_RUN = rf"[^\W_]+(?:[\u0300-\u036f{HIDDEN}]+[^\W_]*)*"
_WORD = re.compile(rf"(?:(?<!\S)[-\u2212+](?=\d))?\d+(?:[.,:]\d+)*[^\W_]*|{_RUN}(?:['\u2019\u02bc]{_RUN})*|[%€$£]")

NEGATIONS = frozenset(
    "not no never none nobody nothing nowhere neither nor without cannot cant dont wont isnt hardly barely avoid refrain".split()
)
HEDGES = frozenset("might maybe perhaps possibly probably could would may likely unlikely seem seems guess suppose".split())
MODALS = frozenset("can could may might must shall should will would ought need needs needed".split())
QUANTITIES = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half third quarter once twice "
    "first second all every each some any few many most only least almost".split()
)
CONDITIONS = frozenset("if unless until before after when while although but instead".split())
DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december today tomorrow yesterday".split()
)
NUMERALS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "hundred": "100", "dozen": "12", "twice": "2"}
SHORT_FORMS = {
    "w/o": "without", "w/": "with", "b/c": "because", "bc": "because", "ppl": "people", "vid": "video", "tmrw": "tomorrow",
    "yr": "year", "yrs": "years", "wk": "week", "wks": "weeks", "wkend": "weekend", "wkends": "weekends", "hr": "hour",
    "hrs": "hours", "min": "minute", "mins": "minutes", "sec": "second", "secs": "seconds", "dept": "department",
    "mgr": "manager", "mgmt": "management", "info": "information", "docs": "documents", "doc": "document", "pc": "computer",
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday", "thurs": "thursday",
    "fri": "friday", "sat": "saturday", "sun": "sunday", "jan": "january", "feb": "february", "mar": "march", "apr": "april",
    "jun": "june", "jul": "july", "aug": "august", "sep": "september", "sept": "september", "oct": "october",
    "nov": "november", "dec": "december",
}  # fmt: skip
_SHORT = re.compile(rf"(?<![\w/])(?:{'|'.join(sorted(map(re.escape, SHORT_FORMS), key=len, reverse=True))})(?!\w)\.?", re.I)
_ADVERB_ENDING = re.compile(r"(?<=\w{3}[^aeiouyp])ly\Z")
_BASE_FORMS = {
    "sent": "send", "told": "tell", "said": "say", "kept": "keep", "held": "hold", "wrote": "write", "written": "write",
    "chosen": "choose", "chose": "choose", "spoken": "speak", "spoke": "speak", "people": "person", "shown": "show",
    "began": "begin", "begun": "begin", "built": "build", "found": "find", "lost": "lose", "met": "meet", "given": "give",
    "gave": "give", "taken": "take", "took": "take", "left": "leave", "paid": "pay", "ran": "run", "fallen": "fall",
    "fell": "fall", "broken": "break", "broke": "break", "came": "come", "went": "go", "gone": "go", "goes": "go",
    "saw": "see", "seen": "see", "known": "know", "knew": "know", "thought": "think", "understood": "understand",
    "men": "man", "women": "woman", "children": "child", "analyses": "analysis", "rose": "rise", "risen": "rise",
    "drawn": "draw", "drew": "draw", "brought": "bring", "bought": "buy", "sold": "sell", "led": "lead", "meant": "mean",
    "heard": "hear", "felt": "feel", "stood": "stand",
}  # fmt: skip


class Word(NamedTuple):
    """A folded word and its offsets in the text."""

    folded: str
    start: int
    end: int


def hidden_removed(text: str) -> str:
    return _HIDDEN.sub("", text)


def fold(text: str) -> str:
    """Normalises compatibility forms, quotation marks and dashes, removes hidden characters and lowers case."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return unicodedata.normalize("NFKC", _HIDDEN.sub("", text)).translate(_QUOTES).casefold()


@lru_cache(maxsize=64)
def located_words(text: str) -> tuple[Word, ...]:
    """All words, numbers, currency and per cent signs in order, with offsets."""
    folded = text.lower() if text.isascii() else text
    plain = text.isascii()
    return tuple(Word(match.group() if plain else fold(match.group()), *match.span()) for match in _WORD.finditer(folded))


def words(text: str) -> list[str]:
    return [word.folded for word in located_words(text)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Snowball stem of a folded word, of an irregular form that of its base; a word with digits stays as it is."""
    word = word.removesuffix("'s").removesuffix("'")
    return snowball_stem(_BASE_FORMS.get(word, _ADVERB_ENDING.sub("", word)))


def content(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, with repeats; numbers as digits."""
    return [
        stem(NUMERALS.get(word, word))
        for word in words(text)
        if word not in FUNCTION_WORDS and not (len(word) == 1 and word.isalpha())
    ]


def is_number(word: str) -> bool:
    return any(char.isdigit() for char in word)


def is_negative(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


def in_full(text: str) -> str:
    """Expands short forms ("w/o", "tmrw")."""
    return _SHORT.sub(lambda match: SHORT_FORMS[match.group().lower().rstrip(".")], text)
