"""Makes a direct question of one clause, whatever form its author gave it: a question, a wish, a request, a complaint.

The words stay the author's own. Only the frame changes: "I'd like to know whether I should call" becomes "should I call", "I need
to get the bay unlocked" becomes "how do I get the bay unlocked", "nobody reads it" becomes "what can I do when nobody reads it".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.adapters.offline.composing.frames import frame, part
from assistant.adapters.offline.composing.person import own
from assistant.adapters.offline.composing.phrase_shape import PhraseShape, shape
from assistant.adapters.offline.composing.plain_words import cleaned, lowered, unled, untrailed
from assistant.adapters.offline.composing.word_order import asked_directly


class Form(StrEnum):
    """How a question came about, from the surest to the least sure."""

    ASKED = "asked"
    EMBEDDED = "embedded"
    WISHED = "wished"
    PERSON = "person"
    TITLE = "title"
    WHOLE = "whole"
    """The sentence as it stands, since it begins with what it is about."""
    TOLD = "told"
    WRITTEN = "written"


@dataclass(frozen=True)
class Direct:
    """A question in lower case without its mark."""

    text: str
    form: Form


_ASKING = ("not_known", "want_to_know", "tell", "know")
_HELP_DO = re.compile(
    r"(?:please |can you |could you |can someone |could someone |could somebody |would you )*(?:please )?help (?:me|us)(?: to)? "
    r"(?!with\b|on\b|in\b|out\b|about\b|understand\b|decide\b|find out\b|figure\b|see\b|know\b)(?=[a-z])",
    re.IGNORECASE,
)
_TO_KNOW = re.compile(r"^(?:know|understand|find out|figure out|work out|decide|learn|see|ask|check) ", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:on|about|with|for|of|in|regarding|around) ", re.IGNORECASE)
_TO_BE_SO = re.compile(
    r"(?:what (?:i|we)(?:'d| would)?(?: really| most)? (?:want|love|like|wish|need|dream of|hope for) is|"
    r"(?:my|our) (?:wish|goal|dream|aim|hope) is|"
    r"(?:i|we)(?:'d| would)?(?: really| just)? (?:want|love|like|wish|need)) that (?=\w+ \w+)",
    re.IGNORECASE,
)
_A_WAY = re.compile(
    r"(?:(?:i|we)(?:'m| am|'re| are|'d| would| really| actually| just| only)* (?:need|want|like|looking for|after) )?"
    r"(?:a|some|any) (?:\w+ )?way to (?=[a-z]{2})",
    re.IGNORECASE,
)
_PLURAL_TITLE = re.compile(
    r"(?:the )?\w+(?: \w+){0,2} (?:ways|methods|words|tools|practices|steps|books|sources)\b", re.IGNORECASE
)
_DEFINITE_TITLE = re.compile(
    r"(?:best|right|proper|correct|usual|easiest|quickest|fastest|cheapest|smartest|most|least)", re.IGNORECASE
)
WHOLE = 22
"""Words up to which a question that stands at the beginning is not looked into for a second one."""
LEAST_WORDS = 3
_HOW_TO = re.compile(r"\b(?:how|what|where|when|which \w+) to (?=[a-z]{2})", re.IGNORECASE)
_INNER = re.compile(
    r"\b(?:how|what|where|why|when|which(?: \w+)?) (?:do|can|could|should|would|must|did) (?:i|we|you|they|one|people)\b",
    re.IGNORECASE,
)
_BORDER = re.compile(r"(?:[,;:\u2013\u2014?!]\s+|\s-\s+|\s(?=so\s|and\s|but\s))(?:(?:and|so|but|now|then)\s+)*", re.IGNORECASE)
LEAST_WORDS = 3


def direct(clause: str) -> list[Direct]:
    """The questions that a clause can stand for, the likeliest first; empty if it holds no words. Linear in its length."""
    line = cleaned(clause)
    if not re.search(r"[^\W\d_]{2}", line):
        return []
    mark = "?" if clause.rstrip().endswith("?") else ""
    found: dict[str, Direct] = {}
    surely: Direct | None = None
    for piece in (line, *_tails(line, mark)):
        for question in _forms(piece, mark):
            found.setdefault(question.text, question)
        surely = next(iter(found.values()), None)
        if piece is line and surely and surely.form is Form.ASKED and len(line.split()) <= WHOLE:
            break
    if (
        found
        and surely
        and not _opens(line)
        and (mark or surely.form is Form.ASKED)
        and surely.form in (Form.ASKED, Form.EMBEDDED)
    ):
        whole = own(lowered(line))
        found.setdefault(whole, Direct(whole, Form.WHOLE))
    if not found and "?" in clause[-4:] and len(line.split()) > LEAST_WORDS:
        return [Direct(own(lowered(line)), Form.WHOLE)]
    questions = list(found.values())
    return questions if questions and questions[0].form in (Form.ASKED, Form.EMBEDDED) else [*questions, *told(line)]


def told(line: str) -> list[Direct]:
    """Questions about a clause that only tells how things are."""
    clause = lowered(re.sub(rf"^{frame('told').pattern}", "", untrailed(unled(line)), count=1, flags=re.IGNORECASE))
    if _opens(clause) or frame("no_subject").match(clause) or len(clause.split()) < LEAST_WORDS:
        return []
    if shape(clause) is PhraseShape.CLAUSE or frame("verb").search(clause):
        return [Direct(f"what can I do when {clause}", Form.TOLD)]
    return [Direct(clause, Form.WHOLE)]


def _tails(line: str, mark: str) -> list[str]:
    """Later parts of a long clause that begin like a question of their own."""
    pieces = []
    for border in _BORDER.finditer(line):
        rest = unled(line[border.end() :])
        opens = _opens(rest) or _framed(rest) or _to_do(rest)
        if len(rest.split()) >= LEAST_WORDS and opens and (mark or not frame("relative").match(rest)):
            pieces.append(rest)
    for inner in (_HOW_TO.search(line), _INNER.search(line, 1)):
        if inner:
            pieces.append(line[inner.start() :])
    return list(dict.fromkeys(pieces))[:3]


def _forms(line: str, mark: str) -> list[Direct]:
    """The question that one line is, by the frame at its beginning; `mark` is the question mark that ended it, or empty."""
    line = untrailed(unled(line))
    for pattern, question in ((_A_WAY, "how do I"), (_TO_BE_SO, "how can I make sure that")):
        if wish := pattern.match(line):
            return [Direct(f"{question} {own(lowered(line[wish.end() :]))}", Form.WISHED)]
    if not mark and not _framed(line) and (frame("relative").match(line) or frame("not_inverted").match(line)):
        return []
    if helped := _HELP_DO.match(line):
        return [Direct(f"how do I {own(line[helped.end() :])}", Form.WISHED)]
    return _about_person(line) or _asked_about(line) or _wished(line) or _plainly(line, mark)


def _about_person(line: str) -> list[Direct]:
    """A wish to talk, or to find somebody."""
    if talk := frame("talk", after="$").match(line):
        wish = talk["talk"] or f"have {talk['minutes']}"
        return [Direct(f"could I {own(wish)}", Form.PERSON)]
    person = frame("person").match(line)
    return [Direct(_who(line[person.end() :]), Form.PERSON)] if person else []


def _asked_about(line: str) -> list[Direct]:
    """What follows "I would like to know", "does anyone know", "any advice on" and their like."""
    framed = _framed(line)
    if not framed:
        return []
    rest = unled(line[framed.end() :])
    if again := _framed(rest):
        rest = unled(rest[again.end() :])
    if asked := asked_directly(rest):
        return [Direct(asked, Form.EMBEDDED)]
    return _topic(rest, line) if rest else []


def _wished(line: str) -> list[Direct]:
    """What somebody wants or has to do, or wants to be so."""
    if do := _to_do(line):
        rest = line[do.end() :]
        if asked := asked_directly(_TO_KNOW.sub("", rest)):
            return [Direct(asked, Form.EMBEDDED)]
        return [Direct(f"how do I {own(re.sub(r'^be able to ', '', lowered(rest)))}", Form.WISHED)]
    get = frame("get").match(line)
    return [Direct(f"how do I get {own(lowered(line[get.end() :]))}", Form.WISHED)] if get else []


def _plainly(line: str, mark: str) -> list[Direct]:
    """A question as it stands, or a heading."""
    if asked := asked_directly(line + mark):
        return [Direct(asked.rstrip("?"), Form.ASKED)]
    if not frame("title").match(line):
        return []
    plural, named = _PLURAL_TITLE.match(line), line.lower().startswith("the ")
    article = "" if named or (plural and not _DEFINITE_TITLE.match(line)) else "the " if _DEFINITE_TITLE.match(line) else "a "
    return [Direct(f"what {'are' if plural else 'is'} {article}{own(lowered(line))}", Form.TITLE)]


def _opens(line: str) -> bool:
    """Whether a line begins like a direct question."""
    return bool(re.match(rf"(?:(?:{part('BEFORE')} )?(?:{part('WH')})\b|(?:{part('AUX')}) )", line, re.IGNORECASE))


def _framed(line: str) -> re.Match[str] | None:
    return frame(*_ASKING, after=r"(?=\s)[\s,:-]*(?=\S)").match(line)


def _to_do(line: str) -> re.Match[str] | None:
    return frame("do", after=r" (?!be able to know)(?=[a-z])").match(line)


def _topic(rest: str, line: str) -> list[Direct]:
    """Questions about a topic for which help was asked."""
    lead, rest = line[: len(line) - len(rest)], _ABOUT.sub("", rest)
    if match := re.match(r"(?:how )?to (?P<do>[a-z].+)", rest, re.IGNORECASE):
        return [Direct(f"how do I {own(match['do'])}", Form.WISHED)]
    thing = own(lowered(rest))
    if re.match(r"\w{3,}ing\b (?!is\b|are\b|of\b)", rest):
        return [Direct(f"how do I go about {thing}", Form.WISHED)]
    if re.search(r"\b(?:feedback|opinion|comments?|view)\b", lead, re.IGNORECASE):
        return [Direct(f"could I get feedback on {thing}", Form.PERSON)]
    if re.search(r"\bwalk (?:me|us)\b", lead, re.IGNORECASE):
        return [Direct(f"who can walk me through {thing}", Form.PERSON)]
    if re.search(r"\b(?:teach|show|explain)\b", lead, re.IGNORECASE):
        return [Direct(f"who can explain {thing}{' to me' if len(rest.split()) < 9 else ''}", Form.WISHED)]
    return [Direct(f"what should I know about {thing}", Form.WISHED), Direct(f"where do I start with {thing}", Form.WISHED)]


def _who(rest: str) -> str:
    """What a person looked for can do or has: "who ...", "to ...", "with ..."."""
    for begins, question in (
        ("whoever|(?:some|any)(?:one|body) (?:who|that)|who|that", "who"),
        ("to", "who could"),
        ("with", "who has"),
    ):
        if match := re.match(rf"(?:{begins}) (?P<rest>.+)", rest, re.IGNORECASE):
            return f"{question} {own(match['rest'])}"
    return f"could I talk to somebody {own(rest)}"
