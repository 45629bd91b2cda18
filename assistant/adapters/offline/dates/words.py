"""The words of English dates: numbers, months and weekdays, as patterns and as what they count."""

from __future__ import annotations

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = tuple(f"{n}teenth" for n in ("thir", "four", "fif", "six", "seven", "eigh", "nine"))
_ORDINALS = (*_UNITS, "tenth", "eleventh", "twelfth", *_TEENS, "twentieth", *(f"twenty {unit}" for unit in _UNITS),
             "thirtieth", *(f"thirty {unit}" for unit in _UNITS))  # fmt: skip
_NUMBERS = {"a": 1, "an": 1, "couple of": 2, "a couple of": 2} | {
    word: number for words in (CARDINALS, _ORDINALS) for number, word in enumerate(words, 1)
}

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
DAY = r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:(?:ur|er)day)?|sun(?:day)?)(?!'s)\b"
SPELT = rf"(?:{'|'.join(sorted(_ORDINALS, reverse=True)).replace(' ', '[- ]')})"
NTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{SPELT})\b"
NUMBER = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\b|{SPELT}\b)"
COUNT = rf"(?P<n>\d{{1,2}}|an?|{'|'.join(CARDINALS)}|(?:a )?couple of)"


def number(words: str) -> int:
    """The number of a cardinal or an ordinal, in figures or words."""
    plain = " ".join(words.lower().replace("-", " ").split())
    return int(plain.rstrip("stndrh")) if plain[:1].isdigit() else _NUMBERS[plain]


def month(words: str) -> int:
    """1 for January."""
    return _MONTHS.index(words[:3].lower()) + 1


def weekday(words: str) -> int:
    """0 for Monday."""
    return _DAYS.index(words[:3].lower())
