"""Finds phrases for the format of help, such as "a 20 minute call" or "comments by email".

Used if the model is unsure about the format. The length of a deliverable ("a 5 minute talk") is not a format.
"""

from __future__ import annotations

import re

_LENGTH = r"(?:\d{1,3}[\s-]?min(?:ute)?s?|half\san\shour|(?:an|one|\d)\shours?|\d{1,3}\smin)"
_MEETING = r"(?:call|chat|review|session|meeting|screen\s?shar(?:e|ing)|slot|walk[\s-]?through|pairing|huddle)"
_END = r"(?<!\s)(?!\w)"
_PHRASE = re.compile(
    rf"""(?<!\w)(?:
    (?:an?\s)?(?:quick\s|short\s)?{_LENGTH}\s(?:video\s|phone\s|zoom\s|teams\s)?{_MEETING}\b(?:\swith\s(?!me\b)[^,.;!?\n]{{3,60}}{_END})?
  | (?:an?\s)?{_LENGTH}\s(?:with|on\sthe\sphone|of\s(?:somebody|someone|pairing)|at\smy\s(?:desk|screen))\b[^,.;!?\n]{{0,60}}
    {_END}
  | (?:an?\s)(?:quick\s|short\s)?(?:phone|video)?\s?{_MEETING}\b
  | (?:by|via|over)\s(?:phone|e-?mail|mail|video|chat|zoom|teams|slack)\b
  | (?:written\s)?(?:comments|feedback|answers?)\s(?:by\s(?:e-?mail|mail)|in\swriting|in\sthe\s(?:doc|file|margin))\b
  | written\s(?:comments|feedback|answers?)\b | {_LENGTH}(?=\s(?:before|by|on|this|next|tomorrow)\b)
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def phrases(text: str) -> list[tuple[int, int]]:
    """Spans of phrases (start, end), in order."""
    return [match.span() for match in _PHRASE.finditer(text)]
