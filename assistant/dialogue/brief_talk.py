"""Recognises what a message typed at the brief asks for: an edit of a field, another person, or how it goes on.

Only set phrases count, in short messages. Everything else is read like any other message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.domain.brief import FieldName
from assistant.domain.mentor import Match

Topic = Literal["send", "who", "next", "why", "new", "other"]
LONGEST = 300
"""Characters of a message without new text for a field."""
_FIELDS: dict[FieldName, str] = {
    "question": r"question",
    "also": r"(?:also asked|other questions?|second question)",
    "background": r"(?:background|situation|context)",
    "tried": r"(?:tried|what (?:i|we)(?:'ve| have)? tried|attempts?)",
    "success": r"(?:success|goal|outcome|aim|what success looks like)",
    "deadline": r"(?:deadline|due date|date|by when)",
    "materials": r"(?:materials?|files?|links?|attachments?)",
    "format": r"(?:format|length)",
}
_START = (
    r"(?:(?:please|ok(?:ay)?|hm+|well|actually|sorry|wait|no|oh|and|so)\b[ ,.!:-]*+)*+"
    r"(?:(?:can|could|would|will) (?:you|we|i)(?: please)? )?"
)
_IN_BRIEF = r"(?: (?:of|in|from|for) (?:the|my) brief)?"
_THE = r"(?:(?:the|my|our|that|this|field) )?"
_ANY = "|".join(f"(?P<{name}>{words})" for name, words in _FIELDS.items())
_SETS = re.compile(
    rf"{_START}(?:(?:change|set|edit|rewrite|update|replace|make) {_THE}(?:{_ANY}){_IN_BRIEF}(?: field)?"
    rf"(?:[ ]?[:=\u2013-]+[ ]?| (?:to|into|as|with|by)\b[ ]?:?[ ]?(?:say |read )?))(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_SHOULD = re.compile(
    rf"{_START}{_THE}(?:{_ANY}){_IN_BRIEF} (?:should|must|ought to) (?:be|say|read)\b[ ]?:?[ ]?(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_IS = re.compile(
    rf"{_START}(?:my|the) (?:real |actual |main |first )?(?P<question>question) is(?: really| actually|"
    rf" rather)?\b[ ]?:?[ ]?(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_MOVED = re.compile(
    rf"{_START}{_THE}(?P<deadline>{_FIELDS['deadline']})(?: (?:is|was|has|has been))?(?: (?:now|actually))?"
    r" (?:moved|changed|shifted|postponed|brought forward)(?: back| forward)? to (?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_ADDS = re.compile(
    rf"{_START}(?:also )?(?:add|append|include|mention|note|say|"
    rf"write) (?:(?:this )?to {_THE}(?:{_ANY}){_IN_BRIEF}[ ]?[:\u2013-]?|(?:that|this|also)?:?)[ ]?(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_CLEARS = re.compile(
    rf"{_START}(?:remove|delete|drop|clear|empty|leave out|take out|cut|strike) {_THE}(?:{_ANY}){_IN_BRIEF}"
    r"(?: (?:field|out|please|again|completely|entirely))*",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"{_START}(?:(?:let's |i'd (?:like|prefer) |i (?:want|need) |rather |only |just )?(?:make (?:it|that|this)|do|have|"
    rf"take|change it to|"
    r"book|have it in|it in)?)[ ]?(?:a |an |for )?(?P<format>(?:\d{2}[- ]?min(?:ute)?s?|half an hour|an hour|one hour|1 hour)"
    r"(?: call| session| talk| meeting)?)(?: (?:instead|please|long|rather|is enough|would do))*",
    re.IGNORECASE,
)
_WAY = re.compile(
    rf"{_START}(?:(?:i'd|i would) (?:rather|prefer|like)(?: to have)?|rather|better|do|have)?[ ]?(?:it |this |that )?(?:do )?"
    r"(?P<format>in writing|written comments|by (?:e-?mail|mail|phone|video)|(?:as |over )?a (?:phone |video )?call|"
    r"on the phone|side by side)"
    r"(?: (?:instead|please|rather|would be better|then))*",
    re.IGNORECASE,
)
_ELSE = re.compile(
    rf"{_START}(?:(?:i'd|i would) (?:rather|prefer)(?: to)?(?: (?:have|talk to|ask|see))?|i (?:want|need)|is there|"
    rf"are there|do you have|"
    r"show me|find me|get me|give me|talk to|speak (?:to|with)|ask|have|choose|pick|suggest)?[ ]?"
    r"(?:with |to )?(?:(?:some|any)(?:body|one) else|other (?:people|mentors|persons|names|options)|"
    r"(?:an?)?other (?:person|mentor|one|colleague)|a different (?:person|mentor|one|colleague))"
    r"(?: (?:instead|please|then|who .{3,60}))*",
    re.IGNORECASE,
)
_NOT_THEM = re.compile(
    rf"{_START}(?:please )?not (?:with )?(?:him|her|them|this (?:one|person|mentor)|that (?:one|person|mentor))\b.{{0,80}}",
    re.IGNORECASE,
)
_NOT_QUITE = re.compile(
    r"(?:no\W+)?(?:not (?:really|quite)|(?:that|this|it|they|he|she)(?:'s| is| did| does| do| was)?(?: not|"
    r"n't) (?:really |quite )?"
    r"(?:solve|help|fix|answer|fit|it|the right (?:one|person)|what i (?:need|meant))(?:ed)?(?: (?:it|me|that|my question))?)"
    r"(?:[ ,.]+(?:please )?show me (?:a|another) person who can help)?",
    re.IGNORECASE,
)
_TOPICS: dict[Topic, re.Pattern[str]] = {
    "send": re.compile(
        rf"{_START}(?:(?:(?:that|this|it)(?:'s| is| looks)? )?(?:looks )?(?:good|fine|right|ok|great|"
        rf"perfect)[ ,.]+)?(?:(?:now )?(?:please )?"
        r"(?:send|approve|submit|forward)(?: (?:it|this|the brief|that))?(?: off| now| to (?:him|her|them|"
        r"\w+))?)(?: (?:please|now))*|"
        r"how do i (?:send|approve|submit) (?:it|this|the brief)",
        re.IGNORECASE,
    ),
    "who": re.compile(
        rf"{_START}(?:and )?(?:who(?: else)? (?:will|can|does|is going to|gets to|would)? ?(?:see|read|get|"
        rf"receive)s? .{{0,40}}|"
        r"(?:will|can|does|do|would) (?:my|the|our) (?:boss|manager|lead|team|director|colleagues?|hr) .{0,20}(?:see|read|"
        r"get|know|find out)\b.{0,30}|"
        r"who gets (?:it|this|the brief)|(?:is|will) (?:this|it) (?:be )?(?:stay )?(?:confidential|private|"
        r"anonymous)\b.{0,20})",
        re.IGNORECASE,
    ),
    "next": re.compile(
        rf"{_START}(?:and )?(?:what(?:'s| is| happens| comes| do i do| now)? ?(?:next|now|then)|what happens (?:now|next|"
        rf"then|after(?:wards)?)\b.{{0,30}}|"
        r"(?:when|how (?:fast|soon|quickly|long)) (?:will|does|do|would|can|must|is|until) .{0,30}"
        r"(?:answer|reply|respond|hear|call|know|take|meet|accept)\b.{0,30}|and now)",
        re.IGNORECASE,
    ),
    "why": re.compile(
        rf"{_START}why (?:(?:this|that) (?:person|mentor|one|name)|him|her|them|(?:did you (?:choose|pick|"
        rf"suggest)) .{{2,40}}|is (?:he|she) .{{2,40}})",
        re.IGNORECASE,
    ),
    "new": re.compile(
        rf"{_START}(?:(?:i(?:'ve| have)?(?: got)?|there(?:'s| is)) )?(?:another|a (?:new|different|second|"
        rf"completely different)|one more) "
        r"(?:question|topic|problem|request|thing to ask)\b.*|start (?:over|again|from scratch|a new request)|new request",
        re.IGNORECASE | re.DOTALL,
    ),
}
_OF_OTHERS = re.compile(
    r"(?:\bnot|n't|\binstead of|\brather than|\bthan|\bexcept|\bwithout)\b(?:(?!\bbut\b)[^,.;])*$", re.IGNORECASE
)
_QUESTION = re.compile(
    r"(?:and |but |so |hm+ |also )*(?:is|are|was|were|will|would|can|could|should|do|does|did|may|must|what|who|whom|when|"
    r"where|why|"
    r"how|which)\b.*\?\s*",
    re.IGNORECASE | re.DOTALL,
)
_CHOOSING = re.compile(
    r"\b(?:instead|rather|prefer|choose|take|pick|switch|change|talk|speak|send it|go with|want|please|but|then|with)\b",
    re.IGNORECASE,
)
_LONGEST_CHOICE = 80


@dataclass(frozen=True)
class FieldEdit:
    """New text for a field of the brief; `adds` appends it, and an empty text clears the field."""

    field: FieldName
    words: str = ""
    adds: bool = False


@dataclass(frozen=True)
class WantsOthers:
    """The mentee wants to see other people."""


@dataclass(frozen=True)
class AsksAbout:
    """A question about the brief's way, or a wish that has a button."""

    topic: Topic


BriefWish = FieldEdit | WantsOthers | AsksAbout


def brief_wish(text: str) -> BriefWish | None:
    """What the message asks for; None if it is no set phrase."""
    said = " ".join(text.replace("\u2019", "'").split()).rstrip(" .!?")
    edit = _edit(said)
    if edit or len(said) > LONGEST:
        return edit
    if _NOT_QUITE.fullmatch(said) or _ELSE.fullmatch(said) or _NOT_THEM.fullmatch(said):
        return WantsOthers()
    topic = next((topic for topic, pattern in _TOPICS.items() if pattern.fullmatch(said)), None)
    if topic is None and _QUESTION.fullmatch(text):
        topic = "other"
    return AsksAbout(topic) if topic else None


def not_quite(text: str) -> bool:
    """Whether the message only says that what was shown does not fit."""
    return bool(_NOT_QUITE.fullmatch(" ".join(text.replace("\u2019", "'").split()).rstrip(" .!?")))


def named(text: str, matches: Sequence[Match]) -> str | None:
    """The id of the one person whom a short message names by a part of the name, as in "Marek instead"; None if unsure."""
    if len(text) > _LONGEST_CHOICE:
        return None
    chosen = {mentor for mentor, start in _namings(text, matches) if not _OF_OTHERS.search(text[:start])}
    alone = len(text.split()) <= 3
    return next(iter(chosen)) if len(chosen) == 1 and (alone or _CHOOSING.search(text)) else None


def _namings(text: str, matches: Sequence[Match]) -> Iterator[tuple[str, int]]:
    """Each place at which a part of a person's name stands, with a capital."""
    for match in matches:
        for part in re.findall(r"[^\W\d_]{3,}(?:[-'][^\W\d_]+)*", match.name):
            yield from ((match.mentor, found.start()) for found in re.finditer(rf"\b{re.escape(part)}\b", text))


def _edit(said: str) -> FieldEdit | None:
    for pattern, adds in (
        (_SETS, False),
        (_SHOULD, False),
        (_IS, False),
        (_MOVED, False),
        (_ADDS, True),
        (_LENGTH, False),
        (_WAY, False),
    ):
        match = pattern.fullmatch(said)
        if match:
            return _filled(match, adds)
    match = _CLEARS.fullmatch(said)
    return FieldEdit(_field(match)) if match else None


def _filled(match: re.Match[str], adds: bool) -> FieldEdit:
    groups = match.groupdict()
    words = (groups.get("words") or groups["format"] or "").strip().strip("\"'\u201c\u201d").strip()
    return FieldEdit(_field(match), words, adds)


def _field(match: re.Match[str]) -> FieldName:
    """The field that the phrase names; what is added without a name belongs to the background."""
    groups = match.groupdict()
    return next((name for name in _FIELDS if groups.get(name)), "background")
