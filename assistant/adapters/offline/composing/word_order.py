"""Turns an indirect question into a direct one: "whether I should call" becomes "should I call"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.adapters.offline.composing.frames import frame, part
from assistant.adapters.offline.composing.person import own
from assistant.adapters.offline.composing.plain_words import lowered, unled

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
_PRONOUN = r"(?P<s>i|we|you|he|she|it|they|people|others)"
_NOUNS = r"(?P<s>(?:the|my|our|your|his|her|their|this|that|these|those|a|an)(?: (?!(?:who|which|that|if|when)\b)[\w'-]+){1,5}?)"
_MANY = r"(?P<s>(?:the|my|our|your|his|her|their|these|those|other)(?: [\w'-]+){0,2}? [\w'-]*[^s\W]s|people|others)"
_NOT_A_VERB = (
    r"(?!(?:who|which|that|in|of|on|at|for|with|to|and|are|were|is|have|from|can't|cannot|don't|didn't|won't|couldn't|shouldn't|"
    r"wouldn't|haven't|have (?:been|had|done)|went|did|had|got|came|made|said|\w+ed|\w+ing)\b|\w+'[a-z])"
)
_QUESTION_WORD = re.compile(
    r"(?P<wh>(?:which ones?|how|what|which|who|where|when|why|whose)"
    r"(?: (?:much|many|long|often|far|soon|early|else|exactly|(?:kind|sort|type) of \w+))?) (?P<rest>.+)",
    re.IGNORECASE,
)
_TO_DO = re.compile(
    r"(?P<wh>how|what|where|who|when|which(?: (?!(?:has|have|is)\b)\w+){1,3}?|what(?: (?!(?:has|have|is|do|did)\b)\w+){1,2}?) "
    r"(?:best )?to (?P<rest>\S.*)",
    re.IGNORECASE,
)
_SAYING = re.compile(r"(?:say|put|write|answer|ask|call|expect)\b", re.IGNORECASE)
_IN_FULL = {"m": "am", "re": "are", "s": "is", "d": "would", "ll": "will"}


def asked_directly(line: str) -> str:
    """A direct question from one that begins with a question word, "whether", "if" or an auxiliary; "" if it is none."""
    low = lowered(line)
    if match := re.match(r"(?:whether|if) (?:or not )?(?P<rest>.+)", low, re.IGNORECASE):
        return whether(match["rest"])
    if frame("inverted").match(low):
        return _addressed(low)
    if re.match(rf"{part('BEFORE')} (?:{part('WH')})\b", low, re.IGNORECASE):
        return own(low)
    if not re.match(rf"(?:{part('WH')})\b", low, re.IGNORECASE):
        return ""
    if match := _TO_DO.match(low):
        verb = "do" if match["wh"].lower() == "how" or _SAYING.match(match["rest"]) else "should"
        return f"{match['wh'].lower()} {verb} I {own(match['rest'])}"
    return own(_inverted(low))


def whether(rest: str) -> str:
    """The question in "whether ..."; where its order cannot be turned, how to find it out."""
    found = _first(_whether_rules(), rest)
    return own(found) if found else f"how do I find out whether {own(rest)}"


def _inverted(low: str) -> str:
    """Question word order: "how I can know" becomes "how can I know", "what the order is" becomes "what is the order"."""
    match = _QUESTION_WORD.match(low)
    if not match or re.match(rf"(?:{part('AUX')})\b|'", match["rest"], re.IGNORECASE):
        return low
    found = _first(_ORDER, match["rest"]) or (_first(_NOUN_ORDER, match["rest"]) if " " not in match["wh"] else "")
    return f"{match['wh']} {found}" if found and not (match["wh"].lower() == "who" and found.startswith("do ")) else low


def _addressed(low: str) -> str:
    """A question to the reader, without "can you tell me"; "could you look at my plan" asks for somebody who could."""
    framed = frame("not_known", "want_to_know", "tell", "know", after=r"(?=\s)[\s,:-]*(?=\S)").match(low)
    if framed and (asked := asked_directly(unled(low[framed.end() :]))):
        return asked
    return _first(_TO_READER, low) or own(low)


def _first(rules: Sequence[Rule], text: str) -> str:
    """What the first rule that matches makes of the text; "" if none does."""
    for pattern, made in rules:
        match = pattern.match(text)
        if match:
            return made(match)
    return ""


def _rule(pattern: str, made: Callable[[re.Match[str]], str]) -> Rule:
    return re.compile(pattern, re.IGNORECASE), made


def _base(verb: str) -> str:
    """The plain form of a verb of the third person: "works", "goes", "tries"."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if re.search(r"(?:ch|sh|ss|x|o)es$", verb) else verb[:-1]


def _subject(match: re.Match[str]) -> str:
    """The subject as it stands inside a sentence; "I" stays a capital."""
    word = match["s"].strip()
    return "I" if word.lower() == "i" else lowered(word)


_PAST = (
    "grew/grow knew/know took/take became/become gave/give found/find felt/feel kept/keep began/begin built/build "
    "bought/buy taught/teach told/tell wrote/write won/win lost/lose ran/run saw/see spoke/speak chose/choose "
    "left/leave met/meet paid/pay sent/send went/go did/do had/have got/get came/come made/make said/say "
    "thought/think brought/bring dealt/deal sold/sell held/hold led/lead broke/break solved/solve handled/handle "
    "managed/manage used/use moved/move started/start learned/learn changed/change worked/work asked/ask "
    "decided/decide organised/organise set/set put/put"
)
_PRESENT = dict(pair.split("/") for pair in _PAST.split())
"""The present of verbs that are often told in the past, by their past."""
_ORDER: tuple[Rule, ...] = (
    _rule(rf"{_PRONOUN} have to (?P<r>.+)", lambda m: f"do {_subject(m)} have to {m['r']}"),
    _rule(rf"{_PRONOUN} has to (?P<r>.+)", lambda m: f"does {_subject(m)} have to {m['r']}"),
    _rule(
        rf"{_PRONOUN} (?P<aux>is|are|was|were|am|can|could|should|would|will|shall|may|might|must) (?P<r>.+)",
        lambda m: f"{m['aux'].lower()} {_subject(m)} {m['r']}",
    ),
    _rule(
        r"(?P<s>i|we|you|he|she|it|they)'(?P<aux>m|re|s|d|ll) (?P<r>.+)",
        lambda m: f"{_IN_FULL[m['aux'].lower()]} {_subject(m)} {m['r']}",
    ),
    _rule(
        r"(?P<s>he|she|it) (?P<v>(?!(?:is|was|has|does|'s)\b)[a-z]{2,}s)\b(?P<r>.*)",
        lambda m: f"does {_subject(m)} {_base(m['v'].lower())}{m['r']}",
    ),
    _rule(r"one (?P<v>can|could|should|would|must|may) (?P<r>.+)", lambda m: f"{m['v'].lower()} one {m['r']}"),
    _rule(
        r"one (?P<v>goe|doe|tell|put|make|find|get|say|write|ask|handle|keep|deal|show|know|give|take|start|set)s (?P<r>.+)",
        lambda m: f"does one {m['v'].removesuffix('e') if m['v'] in ('goe', 'doe') else m['v']} {m['r']}",
    ),
    _rule(
        rf"(?P<s>i|we|you|he|she|they|people|others) (?P<v>{'|'.join(_PRESENT)}) (?P<r>.+)",
        lambda m: f"did {_subject(m)} {_PRESENT[m['v'].lower()]} {m['r']}",
    ),
    _rule(rf"(?P<s>i|we|you|they|people|others) (?P<r>{_NOT_A_VERB}\w.*)", lambda m: f"do {_subject(m)} {m['r']}"),
)
_NOUN_ORDER: tuple[Rule, ...] = (
    _rule(rf"{_NOUNS} (?P<aux>is|are|was|were)(?P<r>$| .*)", lambda m: f"{m['aux'].lower()} {m['s']}{m['r']}"),
    _rule(rf"{_NOUNS} (?P<aux>can|could|should|would|will|must) (?P<r>.+)", lambda m: f"{m['aux'].lower()} {m['s']} {m['r']}"),
    _rule(rf"{_MANY} (?P<r>{_NOT_A_VERB}[a-z]{{2,}}\b.*)", lambda m: f"do {m['s']} {m['r']}"),
)
_TO_READER: tuple[Rule, ...] = (
    _rule(
        r"(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody)(?: (?:please|kindly|maybe|possibly|here))* "
        r"help (?:me|us)(?: to)? (?!with\b|on\b|in\b|out\b|about\b)(?P<r>[a-z].+)",
        lambda m: f"how do I {own(m['r'])}",
    ),
    _rule(
        r"(?P<r>(?:can|could|would|will) (?:someone|somebody|anyone|anybody) (?:who|that|with|from|in|else)\b.+)",
        lambda m: m["r"],
    ),
    _rule(
        r"would you (?!mind\b|be\b|have\b|please\b|kindly\b|like\b|know\b|think\b|say\b|recommend\b|suggest\b)(?P<r>.+)",
        lambda m: f"should I {own(m['r'])}",
    ),
    _rule(
        r"(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody)(?: (?:please|kindly|maybe|possibly|here))* (?P<r>.+)",
        lambda m: f"who can {m['r']}",
    ),
    _rule(r"(?:do|would) you (?:think|say|believe|recommend|suggest|reckon) (?:that )?(?P<r>.+)", lambda m: whether(m["r"])),
    _rule(
        r"(?:do|does|did|has|have) (?:you|anyone|anybody|someone|somebody)(?: (?:guys|here|maybe|by chance|ever))* "
        r"(?:have|got|know(?: of)?) (?P<r>(?:a|an|any|some|somebody|someone)\b.+)",
        lambda m: f"is there {m['r']}",
    ),
    _rule(r"(?P<r>(?:has|have|did|does|is) (?:anyone|anybody|someone|somebody)\b.+)", lambda m: m["r"]),
)


def _whether_rules() -> tuple[Rule, ...]:
    return (
        _rule(r"to (?P<r>.+)", lambda m: f"should I {m['r']}"),
        _rule(
            rf"(?P<s>(?:(?!(?:who|which|that|when|because)\b)[^\s,;]+ ){{1,5}}?)(?P<aux>{part('AUX')}) (?P<r>.+)",
            lambda m: f"{m['aux'].lower()} {_subject(m)} {m['r']}",
        ),
        _rule(r"(?P<s>i|we|you|they|people) (?P<r>.+)", lambda m: f"do {_subject(m)} {m['r']}"),
        _rule(
            r"(?P<s>it|this|that|he|she) (?P<v>make|work|help|need|take|matter|count|pay)s\b(?P<r>.*)",
            lambda m: f"does {_subject(m)} {m['v']}{m['r']}",
        ),
    )
