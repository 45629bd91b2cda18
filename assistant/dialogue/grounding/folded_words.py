"""Words as the checks see them: folded, so that case, type and hidden characters make no difference, and with their places.

Everything here is pure and English. A fold never invents a word: what it drops has no shape on a page.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

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
PERSONS = frozenset("i you he she we they me him her us them my your his our their".split())
DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december today tomorrow yesterday".split()
)
FUNCTION = frozenset(
    """a about above across after again all along also although always am among an and another any are around as at away be
    because been before being below beside between both but by can could did do does doing done down during each either else
    enough etc even ever every everybody everyone everything few for from further had has have having he hence her here hers
    herself him himself his how however i if in instead into is it its itself just least less let like made make makes making
    many may maybe me might mine more most much must my myself need needs neither nor not now of off often on once one ones only
    onto or other others otherwise ought our ours out over own per perhaps quite rather really same shall she should since so
    some somebody someone something sometimes soon still such than that the their theirs them themselves then there therefore
    these they thing things this those though through thus to together too toward towards under unless until up upon us use used
    using very via was way we well were what whatever when whenever where whether which while who whoever whole whom whose why
    will with within without would yes yet you your yours yourself cannot never no none nobody nothing
    am's it's that's there's here's what's who's let's i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's
    she'd she'll we're we've we'd we'll they're they've they'd they'll don't doesn't didn't isn't aren't wasn't weren't hasn't
    haven't hadn't won't wouldn't can't couldn't shouldn't mustn't needn't""".split()
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
_ENDINGS = (
    ("iveness", "ive"), ("fulness", "ful"), ("ization", "ise"), ("isation", "ise"), ("izing", "ise"), ("ized", "ise"),
    ("izes", "ise"), ("ize", "ise"), ("ations", "ate"), ("ation", "ate"), ("ating", "ate"), ("ated", "ate"), ("ision", "id"),
    ("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ments", ""), ("ment", ""), ("nesses", ""), ("ness", ""), ("ings", ""),
    ("ing", ""),
    ("ers", ""), ("ions", ""), ("ion", ""), ("ed", ""), ("es", ""), ("er", ""), ("or", ""), ("ly", ""), ("al", ""), ("s", ""),
)  # fmt: skip
_IRREGULAR = {
    "sent": "send", "told": "tell", "said": "say", "kept": "keep", "held": "hold", "wrote": "writ", "written": "writ",
    "chosen": "choos", "chose": "choos", "spoken": "speak", "spoke": "speak", "people": "person", "shown": "show",
    "began": "begin", "begun": "begin", "built": "build", "found": "find", "lost": "los", "lose": "los", "met": "meet",
    "given": "giv", "gave": "giv", "taken": "tak", "took": "tak", "left": "leav", "leave": "leav", "paid": "pay", "ran": "run",
    "fallen": "fall", "fell": "fall", "broken": "break", "broke": "break", "came": "com", "come": "com", "went": "go",
    "gone": "go", "goes": "go", "saw": "see", "seen": "see", "known": "know", "knew": "know", "thought": "think",
    "understood": "understand", "men": "man", "women": "woman", "children": "child", "analyses": "analys", "analysis": "analys",
    "rose": "ris", "risen": "ris", "drawn": "draw", "drew": "draw", "brought": "bring", "bought": "buy", "sold": "sell",
    "led": "lead", "meant": "mean", "heard": "hear", "read": "read", "felt": "feel", "stood": "stand", "stopped": "stop",
}  # fmt: skip


class Word(NamedTuple):
    """One word of a text: how it compares, and where it stands."""

    folded: str
    start: int
    end: int


def hidden_removed(text: str) -> str:
    return _HIDDEN.sub("", text)


def fold(text: str) -> str:
    """The text in one shape: compatibility forms, quotation marks and dashes alike, nothing hidden, lower case."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return unicodedata.normalize("NFKC", _HIDDEN.sub("", text)).translate(_QUOTES).casefold()


@lru_cache(maxsize=64)
def located_words(text: str) -> tuple[Word, ...]:
    """All words and numbers in order; marks between them are none, signs of money and per cent are."""
    folded = text.lower() if text.isascii() else text
    plain = text.isascii()
    return tuple(Word(match.group() if plain else fold(match.group()), *match.span()) for match in _WORD.finditer(folded))


def words(text: str) -> list[str]:
    return [word.folded for word in located_words(text)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light stem of a folded word: enough to let "presenting" meet "presented"; digits stay as they are."""
    word = word.removesuffix("'s").removesuffix("'")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or any(char.isdigit() for char in word):
        return word
    for ending, put in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(put) >= 3 and not (ending == "s" and word.endswith("ss")):
            word = word[: len(word) - len(ending)] + put
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeious":
        word = word[:-1]
    if word.endswith("y") and len(word) > 3:
        word = word[:-1] + "i"
    return word.removesuffix("e") if len(word) > 3 else word


def content(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, with repeats; numbers as digits."""
    return [
        stem(NUMERALS.get(word, word)) for word in words(text) if word not in FUNCTION and not (len(word) == 1 and word.isalpha())
    ]


def is_number(word: str) -> bool:
    return any(char.isdigit() for char in word)


def is_negative(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


def in_full(text: str) -> str:
    """With short forms written out."""
    return _SHORT.sub(lambda match: SHORT_FORMS[match.group().lower().rstrip(".")], text)
