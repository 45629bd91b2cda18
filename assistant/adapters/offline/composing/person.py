"""Turns a question that addresses the reader into the author's own: "how do you" becomes "how do I"."""

from __future__ import annotations

import re

_AUX = r"do|does|did|can|could|should|would|will|shall|may|might|must|have|had|were"
_BEFORE_OBJECT = (
    "to|for|with|from|at|by|on|of|about|against|behind|between|like|than|tells?|gives?|lets?|makes?|helps?|shows?|asks?|stops?|sends?|"
    "costs?|gets?|keeps?|treats?|wants?|expects?|allows?"
)
_AFTER_OBJECT = "to|for|with|in|on|at|and|or|about|into|from|that|when|if|as|out|down|back|off"
_OPINION = "think|reckon|recommend|suggest|advise|prefer"
"""What only the reader can do: whoever asks for an opinion does not ask for their own."""
_READER = "\x01"
_QUOTED = re.compile(r"\"[^\"]*\"")
_PAIRS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\b(?:which|who|any|some|one)(?: one)? of you(?: (?:guys|folks|lot|all))?\b", "who"),
        (rf"\b({_AUX}) (?:you|ya)(?: (?:guys|folks|all|people|lot))?(?= (?:{_OPINION})\b)", f"\\1 {_READER}"),
        (r"\bare you\b", "am I"),
        (r"\bwere you\b", "was I"),
        (rf"\b({_AUX})(n't)? (?:you|ya)(?: (?:guys|folks|all|people|lot))?\b", r"\1\2 I"),
        (r"\byou are\b", "I am"),
        (r"\byou're\b", "I'm"),
        (r"\byou've\b", "I've"),
        (r"\byou'd\b", "I'd"),
        (r"\byou'll\b", "I'll"),
        (r"\byou were\b", "I was"),
        (r"\byourself\b", "myself"),
        (r"\byours\b", "mine"),
        (r"\byour\b", "my"),
        (rf"\b({_BEFORE_OBJECT}) you\b", r"\1 me"),
        (rf"\byou(?=\s*(?:$|[,.;:?!)]|(?:{_AFTER_OBJECT})\b))", "me"),
        (r"\byou\b", "I"),
        (_READER, "you"),
    )
)  # fmt: skip


def own(question: str) -> str:
    """The question in the first person; what stands in quote marks keeps its words."""
    kept: list[str] = []

    def put_away(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    line = _QUOTED.sub(put_away, question)
    for pattern, plain in _PAIRS:
        line = pattern.sub(plain, line)
    return re.sub("\x00(\\d+)\x00", lambda match: kept[int(match[1])], line)
