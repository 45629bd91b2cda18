"""Finds corrections (new and replaced words) and negations ("this is not about ...") in a message."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.adapters.offline.reading.spans import Span, trimmed, unfilled

_OLD = r"[^,.;!?\n]{1,70}?"
_NEW = r"[^.;!?\n]{1,160}?"
_DASH = r"\u2013\u2014-"
_SEPARATORS = ",.\u2013\u2014-"
_OLDER_WORDS, _OLDER = 4, 200
"""Longest replaced value in words, and characters searched before the correction."""
_LEAD = (
    r"(?:(?>(?:no|nope|sorry|wait|hmm*|oops|actually|well|ah|oh|correction|my bad|wrong word|typo|hang on|in fact|better put|"
    r"not that|let me (?:rephrase|correct(?: myself)?)|scratch that|(?:wait,? )?i got that wrong|i take back [^,]{0,50}|"
    r"i mixed (?:it|that) up|i expressed \w+ badly|wrong file|you misunderstood|that's (?:wrong|outdated)|please amend)\b"
    rf"[\s,.:;{_DASH}]*+))*"
)
_MEANT = (
    r"(?:(?:what )?i (?:actually |really )?(?:meant|mean)(?: to (?:say|write))?(?: is| was)?|meant to (?:say|write)|"
    r"it should (?:say|read|be)|i should have (?:said|written)|(?:please )?make (?:that|it)|replace that with:?|"
    r"change (?:it|that|the \w+) to|i'm talking about|it's|it is|it was|that's|i need|i want)"
)
_END = r"(?=\s{0,20}(?:[.;!?\n]|$|,? (?:sorry|please|lol|my mistake|my bad|thanks)\b))"
_PAIRS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{_LEAD}not (?:for |by |in |on )?(?P<old>{_OLD})(?:,| but|;) (?P<new>{_NEW}){_END}",
        rf"\bit was not (?P<old>{_OLD}) but (?P<new>{_NEW}){_END}",
        rf"(?:change|replace) (?P<old>(?!that\b){_OLD}) (?:to|with|by) (?P<new>{_NEW}){_END}",
        rf"\bi (?:said|wrote) (?P<old>{_OLD}),? but (?:it's |it is |the \w+ is (?:in )?|meant )?(?P<new>{_NEW}){_END}",
        rf"\bi should have (?:said|written) (?P<new>{_NEW}) instead of (?P<old>{_OLD}){_END}",
        rf"^{_LEAD}(?:{_MEANT} )?(?P<new>{_NEW}),? (?:i )?wrote (?P<old>{_OLD}){_END}",
        rf"you'?ve written (?P<old>{_OLD}), it should (?:read|say|be) (?P<new>{_NEW}){_END}",
        r"^(?P<old>\"[^\"]+\") is wrong\W+(?P<new>\"[^\"]+\") is what",
        rf"^{_LEAD}(?:{_MEANT} )?(?:rather )?(?P<new>{_NEW}),? (?:not|instead of|rather than|than) (?:for |by |in |on )?"
        rf"(?P<old>{_OLD}){_END}",
        rf"^{_LEAD}(?:the )?(?:deadline|date|time|format|length)(?: is|'s)? (?:now )?(?P<new>{_NEW}){_END}",
    )
)
_ALONE = re.compile(rf"^{_LEAD}(?:{_MEANT}\s+)?(?P<new>.+)$", re.IGNORECASE | re.DOTALL)
_NEGATED = re.compile(
    r"(?:(?:\bit|\bthis|\bthat)(?:'s| is|'re)? ?(?:not|n't) (?:really |just |only )?about|\b(?:is|was)(?: not|n't) about|"
    r"\bnothing to do with|\bnot (?:looking|asking) (?:for|about|how)|\bi said nothing about|\bi never said i wanted|"
    r"\bi (?:don't|do not|didn't|did not) (?:need|want|mean|search|ask for|look for)|\bthere(?:'s| is) no|^no,? not|^not|"
    r", not about)\s++(?P<old>(?!quite\b)[^,.;!?\n]{2,80}?)(?=\s{0,20}(?:[,.;!?\n\u2013\u2014]|$| but\b| it's\b| what\b))"
    r"|^(?:no,? )?(?P<subject>(?!that\b|this\b|it\b)(?:the |a |an |my |our )?[\w-]+(?: [\w-]+){0,3}) "
    r"(?:is|was)(?: not|n't| never) (?:the|an|my) (?:issue|problem|point|question|goal)"
    r"|\b(?:drop|remove|take out|leave out|forget) (?P<dropped>(?:the|that|my|our) [\w -]{2,40}?)"
    r"(?=\s{0,20}(?:[,.;!?]|$| out\b))",
    re.IGNORECASE,
)
_SUPERSEDES = re.compile(
    rf"(?<=[\s,.{_DASH}])(?:no,? wait|wait,? no|scratch that|correction|"
    r"sorry,? i mean(?:t)?|no,? sorry|i mean|oops|or rather|make that|"
    rf"sorry, that was [^,]{{2,20}}, it's)\b[\s,:;{_DASH}]*(?P<new>[^,.;!?\n]{{2,60}})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Change:
    """`new` is the corrected value (an empty span if there is none), `old` the replaced one, if it is named."""

    new: Span
    old: Span | None = None


def change(text: str) -> Change:
    """The new and the old words of a message that is known to be a correction."""
    plain = text.replace("\u2019", "'")
    for pattern in _PAIRS:
        match = pattern.search(plain)
        if match and re.search(r"\w", match["new"]):
            old = match.groupdict().get("old")
            taken = trimmed(text, Span(*match.span("old"))) if old else None
            return Change(unfilled(text, Span(*match.span("new"))), taken)
    alone = _ALONE.match(plain)
    span = Span(*alone.span("new")) if alone else Span(0, len(text))
    return Change(unfilled(text, span))


def negated(text: str) -> list[Span]:
    """Spans of what the message says it is not about, in order."""
    plain = text.replace("\u2019", "'")
    found = [next(Span(*m.span(g)) for g in ("old", "subject", "dropped") if m[g]) for m in _NEGATED.finditer(plain)]
    return [trimmed(text, span) for span in found]


def superseded(text: str) -> list[Span]:
    """Values that the same message corrects ("Friday, no wait, Monday"): from the old value up to the new one."""
    plain = text.replace("\u2019", "'")
    found: list[Span] = []
    low = 0
    for match in _SUPERSEDES.finditer(plain):
        start = _words_before(plain, low, match.start())
        if start is not None:
            found.append(Span(start, match.start("new")))
            low = match.end()
    return found


def _words_before(text: str, low: int, end: int) -> int | None:
    """Start of the up to four words before the separators that end at `end`; None if there are no words."""
    at = end
    while at > low and (text[at - 1].isspace() or text[at - 1] in _SEPARATORS):
        at -= 1
    begin = None
    for _ in range(_OLDER_WORDS):
        word = at
        while word > max(low, end - _OLDER) and not (text[word - 1].isspace() or text[word - 1] in ",.;!?"):
            word -= 1
        if word == at:
            break
        begin = word
        if word <= low or not text[word - 1].isspace():
            break
        at = word - 1
    return begin
