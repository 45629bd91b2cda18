"""Finds e-mail addresses and phone numbers, and not the dates, versions, prices and ticket numbers that resemble them.

A run of digits is a phone number by its format (a plus, an area code, the usual groups) or by a word next to it, unless a word
next to it marks it as something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LABEL = r"\w(?:[\w-]{0,61}\w)?"
_DOT = r"(?:\.|[ ]?[(\[][ ]?dot[ ]?[)\]][ ]?)"
_MAIL = re.compile(
    r"(?<![\w.+%-])\w[\w.+%'\u2019-]{0,80}(?:@|[ ]?[(\[][ ]?at[ ]?[)\]][ ]?)"
    rf"{_LABEL}(?>(?:{_DOT}{_LABEL}){{1,10}})(?<=[^\W\d_]{{2}})(?!\w)",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"(?<![\w#/=+])(?<!\w-)(?<![0-9][:.,])(?:\+[ ]?)?\(?[0-9]"
    r"(?>(?:(?:[ \t\u00a0\u2009]?[-./\u2010-\u2013()][ \t\u00a0]?|[ \t\u00a0\u2009]|\)[ ]?\(?|[ ]\()?[0-9])*)"
)
_GOES_ON = re.compile(r"[0-9]|[^\W_]|_|[.,:][0-9]")
"""Follows a run of digits that is part of a longer token; matched separately, so that no run is scanned twice."""
_EXTENSION = re.compile(r"[ ,]{0,2}(?:ext\.?|extension|x)[ ]?[0-9]{1,6}(?!\w)", re.IGNORECASE)
_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:(?:19|20)[0-9]{2}|[0-9]{2})"
_DATE = re.compile(
    rf"(?:(?:19|20)[0-9]{{2}}[-./ ]{_MONTH}[-./ ]{_DAY}|{_DAY}[-./ ]{_MONTH}[-./ ]{_YEAR}|{_MONTH}[-./ ]{_DAY}[-./ ]{_YEAR})"
    r"(?:[ ][0-9]{1,4})?"
)
_YEARS = re.compile(r"(?:(?:19|20)[0-9]{2}\W*)+")
_SOCIAL = re.compile(r"[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{5}-[0-9]{4}")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[ .\u00a0\u2009][0-9]{3})+")
_GROUPS = re.compile(r"\(?[0-9]{3}\)?[-. ]?[0-9]{3}[-. ][0-9]{4}")
_AREA = re.compile(r"\([0-9]{2,5}\)[ ]?[0-9]")
_PAIRS = re.compile(r"0[0-9](?:\.[0-9]{2}){4}")
_CALLED = re.compile(
    r"\b(?:phone|phones|tel|telephone|mobile|cell|cellphone|fax|call|calls|called|ring|dial|whatsapp|signal|sms|text|message|"
    r"landline|handy|hotline|office|reach|my number)\b[^0-9]{0,24}\Z",
    re.IGNORECASE,
)
_CALLED_AFTER = re.compile(r"[ \t,(]{0,2}(?:office|mobile|fax|cell|phone|home|landline|work)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"(?:\b(?:ticket|issue|case|order|invoice|version|release|build|id|account|acct|iban|card|ref|reference|po|isbn|iso|rfc|error|"
    r"code|serial|sku|ssn|security|licen[cs]e|passport|zip|room|article|bug|pr|request|incident|contract|policy|patent|revision|"
    r"rev|chapter|about|roughly|approximately|costs?|budget|worth|price|revenue|sales)\b"
    r"(?:[ ](?:no|nr|number|num|is|was|of|with)\b){0,2}[ .:#]{0,3}|[$\u20ac\u00a3\u00a5][ ]?)\Z",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"[ \u00a0]?(?:[%$\u20ac\u00a3\u00a5]|(?:eur|euros?|usd|gbp|chf|dollars?|pounds?|kr|k|m|million|thousand|people|users|"
    r"customers|rows|records|units|hours|days|tokens|lines|times|requests|items)\b)",
    re.IGNORECASE,
)


def mails(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each e-mail address, from left to right."""
    return (match.span() for match in _MAIL.finditer(text))


def phones(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each phone number, from left to right."""
    for run in _RUN.finditer(text):
        start, end = run.span()
        if not _GOES_ON.match(text, end) and _is_phone(text, start, end):
            more = _EXTENSION.match(text, end)
            yield start, more.end() if more else end


def _is_phone(text: str, start: int, end: int) -> bool:
    written = text[start:end]
    digits = sum(character.isdigit() for character in written)
    if written.startswith("+"):
        return 7 <= digits <= 16
    if not 7 <= digits <= (15 if written.startswith("00") else 12):
        return False
    if _DATE.fullmatch(written) or _YEARS.fullmatch(written) or _AMOUNT.match(text, end):
        return False
    before = text[max(0, start - 48) : start]
    if _OTHER.search(before):
        return False
    return bool(_CALLED.search(before) or _CALLED_AFTER.match(text, end)) or _shaped(written, digits)


def _shaped(written: str, digits: int) -> bool:
    """Whether the grouping of its digits alone marks a phone number."""
    if _SOCIAL.fullmatch(written) or _THOUSANDS.fullmatch(written):
        return False
    if _GROUPS.fullmatch(written) or _AREA.match(written) or _PAIRS.fullmatch(written):
        return True
    return written.startswith("0") and digits >= 9 and "." not in written
