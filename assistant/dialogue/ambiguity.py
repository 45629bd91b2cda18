"""Extracts features of ambiguity from the wording of a request, before any search.

The features follow the kinds of ambiguity in the literature on clarifying questions: missing who, what, when or where; words
with several meanings; pronouns without a referent; superlatives without a measure; false premises. Each is a deterministic
number from 0 to about 1. Their weights are learnt from labelled requests and belong to the adapter that uses them.
"""

from __future__ import annotations

import re
from math import log

from retrieval.text import SMALL_WORDS, sentence_ends

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_OPENERS = re.compile(
    r"^\W*(?:please |can you |could you |i want to |i'd like to |i would like to )*(?:tell me (?:more )?about|tell me|"
    r"(?:find|give|show)(?: me)?(?: some| more)?(?: information| info| tips| pictures)?(?: on| about| of)?|"
    r"i(?:'m| am) (?:looking for|interested in)(?: information| info)?(?: on| about)?|"
    r"i need(?: help| information)?(?: with| on| about)?|"
    r"(?:know|learn|read)(?: something)?(?: more)? about|what (?:is|are|was|were)(?: there)?|help (?:me )?with)\b\s*",
    re.IGNORECASE,
)
_ASKS = {
    "who": r"\bwho(?:se|m)?\b",
    "when": r"\bwhen\b|\bwhat (?:time|year|date|day)\b",
    "where": r"\bwhere\b",
    "how_many": r"\bhow (?:many|much|old|tall|long|far|fast|big|high)\b",
    "how_to": r"\bhow (?:do|can|to|should|does|did)\b",
    "why": r"\bwhy\b",
    "what": r"\bwhat\b",
    "which": r"\bwhich\b",
}
_ABOUT = re.compile(
    r"\b(?:tell me|information|info|looking for|interested in|learn|know) (?:more )?(?:about|on|for)?", re.IGNORECASE
)
_PRONOUN = re.compile(
    r"\b(?:it|he|she|they|him|her|them|his|their|this|that thing|that|these|those|one|things?|something)\b", re.IGNORECASE
)
_DEFINITE = re.compile(
    r"\b(?:the|our|my) (?:[a-z]+ )?[a-z]+\s*(?:[?.!,]|$|\b(?:and|is|was|are|were|come|end|start|open|begin)\b)"
)
_SUPERLATIVE = re.compile(
    r"\b(?:best|worst|most|least|greatest|top|first|last|latest|next|current|\w{3,}(?<!for)(?<!inter)est)\b", re.IGNORECASE
)
_VAGUE = re.compile(
    r"\b(?:good|better|nice|cheap|great|some|thing|things|stuff|improve|problem|problems|issue|wrong|broken|slow|help|advice|safe|worth)\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"\b(?:in|of|for|from|at|on|with|without|by|between|during|after|before|under|over|to|into|near|against|through)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b(?:no|never|nobody|none|only|all|every|empty|closed|cancelled|without|neither|nothing|given that)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|am|be|been|do|does|did|have|has|had|can|could|should|would|will|may|must|need|want|make|made|get|find|"
    r"give|show|tell|help|write|read|use|work|keep|go|come|look|know|learn|say|said|\w{3,}(?:ed|ing|ise|ize))\b",
    re.IGNORECASE,
)
_SEVERAL_MEANINGS = frozenset(
    """amber apple appeal bank bar bark bass bat battery bear board bolt bond bow bowl box branch bridge bug cabinet
    calf case cast cell change charge chip club coach code column conductor court crane cricket current date deck delta
    diamond draft eclipse echo engine express fall fan file fire flat fly focus foil fork form frame game gear general
    grade hamlet hand head interest iron jaguar java jet jordan key keys kite leaf letter light line lock log map mark
    match maverick mean mercury mine mint model mole monitor mouse mustang nail net note notebook novel oracle orange
    order orion palm park party pen phoenix pipe pit pitch plane plant plate play point pool port post pound press
    python race rail record ring river rock root rose saturn scale school screen seal season secretary shell ship skate
    sole spring square staff stamp star state station stock storm table tank terminal tie titan tower track train trunk
    turkey volume wall watch wave well will window windows yard""".split()
)
_SMALL = SMALL_WORDS | frozenset("is are was were i me my you your do does did it this that with from be".split())
"""Not the stop words of search: the weights were learnt from counts without exactly these."""


def signs(text: str) -> dict[str, float]:
    """The features by name."""
    words = _WORD.findall(text)
    lower = [word.casefold() for word in words]
    rest = _WORD.findall(_OPENERS.sub("", text))
    content = [word for word in rest if word.casefold() not in _SMALL]
    names = [word for word in words[1:] if word[:1].isupper() and word != "I" and not word.startswith("I'")]
    several = any(after < len(text.rstrip()) for _, after in sentence_ends(text.rstrip()))
    found = {f"asks_{name}": float(bool(re.search(pattern, text, re.IGNORECASE))) for name, pattern in _ASKS.items()}
    return found | {
        "length": log(1 + len(words)) / 3,
        "content": log(1 + len(content)) / 2,
        "bare": float(len(content) <= 1),
        "two_words": float(len(content) == 2),
        "long": float(len(words) >= 14),
        "about": float(bool(_ABOUT.search(text))),
        "no_verb": float(not _VERB.search(text)),
        "pronoun": min(2, len(_PRONOUN.findall(text))) / 2,
        "definite": float(bool(_DEFINITE.search(text.casefold()))),
        "definite_unnamed": float(bool(_DEFINITE.search(text.casefold())) and not names),
        "superlative": float(bool(_SUPERLATIVE.search(text))),
        "superlative_unbound": float(bool(_SUPERLATIVE.search(text)) and not names and not _number(text)),
        "vague_word": min(2, len(_VAGUE.findall(text))) / 2,
        "bounds": min(4, len(_BOUND.findall(text))) / 4,
        "unbound": float(not _BOUND.search(_OPENERS.sub("", text))),
        "number": float(_number(text)),
        "year": float(bool(re.search(r"\b(?:1[0-9]|20)\d\d\b", text))),
        "quoted": float(bool(re.search(r"[\"\u201c][^\"\u201c\u201d]+[\"\u201d]", text))),
        "names": min(3, len(names)) / 3,
        "nameless": float(not names),
        "short_meanings": float(len(content) <= 3 and any(word.casefold() in _SEVERAL_MEANINGS for word in content)),
        "meanings": float(any(word in _SEVERAL_MEANINGS for word in lower)),
        "premise": float(several),
        "premise_denied": float(several and bool(_NONE.search(text))),
        "instruction": float(not found["asks_what"] and not text.strip().endswith("?")),
    }


def _number(text: str) -> bool:
    return any(character.isdigit() for character in text)
