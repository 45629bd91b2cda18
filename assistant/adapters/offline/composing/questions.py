"""Makes a direct question of one clause, whatever form its author gave it: a question, a wish, a request, a complaint.

The words stay the author's own. Only the frame changes: "I'd like to know whether I should call" becomes "should I call", "I need
to get the bay unlocked" becomes "how do I get the bay unlocked", "nobody reads it" becomes "what can I do when nobody reads it".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.adapters.offline.composing.person import own
from assistant.adapters.offline.composing.phrase_shape import Shape, shape
from assistant.adapters.offline.composing.plain_words import cleaned, lowered, unled, untrailed


class Form(StrEnum):
    """How a question came about, from the surest to the least sure."""

    ASKED = "asked"
    EMBEDDED = "embedded"
    WISHED = "wished"
    PERSON = "person"
    TITLE = "title"
    TOLD = "told"


@dataclass(frozen=True)
class Direct:
    """A question in lower case without its mark."""

    text: str
    form: Form


_WH = r"how|what|what's|whats|which|who|who's|whom|whose|where|when|why|how's|where's"
_AUX = r"is|are|was|were|am|do|does|did|can|could|should|would|will|shall|may|might|must|has|have|had|isn't|aren't|don't|doesn't|didn't|can't|couldn't|shouldn't|wouldn't|won't"
_SUBJECT = r"i|we|you|he|she|it|they|one|people|someone|somebody|anyone|others|there|this|that"
_I = r"(?:i|we|i'm|we're|i am|we are)"
_NOT_KNOWN = (
    r"(?:(?:i|we) (?:really |just |still |honestly |simply |also |actually )*(?:do not|don't|did not|didn't|can't|cannot|could not|couldn't|never|no longer)"
    r"(?: really| even| quite| yet| fully)? (?:know|understand|see|get|figure out|work out|find out|tell|decide|grasp|make out|remember|say|think of|agree on|find)(?: yet| anymore| any more)?|"
    r"(?:i'm|i am|we're|we are|am) (?:really |still |just |also |a bit |quite )*(?:not (?:sure|clear|certain)|unsure|uncertain|unclear|confused|lost|wondering|torn|curious|puzzled|stuck)"
    r"(?: (?:about|on|as to|of|with))?|(?:i |we )?(?:have |got |ve got |'ve got )?(?:absolutely |really |still )?(?:no|not the faintest|not the slightest) (?:idea|clue|notion|sense)"
    r"(?: (?:about|of|on))?|i haven't (?:a|any|the faintest|the slightest) (?:clue|idea)(?: (?:about|of))?|(?:it's|it is) (?:not clear|unclear)(?: to (?:me|us))?|(?:i am|i'm|we are|we're) (?:[\w ,']{0,30}?)at a loss(?: (?:as to|about))?|"
    r"(?:no one|nobody|noone) (?:here |really |could |can )*(?:knows|tells? (?:me|us)|explains?|explained|told (?:me|us)|say|says))"
)
_WANT_KNOW = (
    r"(?:(?:i|we)(?:'d| would| just| only| really| also| mainly)*(?: (?:like|love|want|need|have|wish|hope|try|am trying|was hoping|prefer)| am)? to "
    r"(?:know|learn|understand|find out|hear|see|ask|figure out|work out|check|clarify|be told|be sure|decide|judge|ask you)(?: from (?:someone|somebody|you))?|"
    r"(?:i|we) (?:was|were|am|keep|have been|'m)? ?(?:also |just )?(?:wondering|wonder|asking myself|ask myself|ask)|what (?!happens\b)(?:i|we)(?:'d| would)?(?: really| actually| just)? "
    r"(?:like|want|need|wonder|would like)(?: to (?:know|understand|find out|ask|learn|hear))? (?:is|was|about is)|(?:my|the|our) (?:main |real |only |big |actual )?(?:question|doubt|problem|"
    r"worry|concern|dilemma|issue)(?: (?:now|here|today|then|really|for you))* (?:is|was|would be)|i (?:wanted|want|would like|'d like) to ask(?: you)?|interested in|i'm interested in|curious)"
)
_TELL = (
    r"(?:(?:if |whether )?(?:you|someone|somebody|anyone) (?:could|can|would|might)(?: (?:please|kindly|maybe))?|(?:could|can|would|will|might|may) (?:you|someone|somebody|anyone|anybody|one of you|any of you|any one)(?: (?:please|kindly|maybe|possibly|perhaps|here|there|who \w+(?: \w+){0,4}))*|"
    r"please|kindly|just|someone|somebody|(?:i|we) (?:need|want|would like|'d like) (?:someone|somebody|you|a person|anyone) to)? ?"
    r"(?:tell|teach|show|explain|advise|guide|inform|help|enlighten|walk|remind|clarify|suggest|describe)(?: to)?(?: (?:me|us|him|her|them))?(?: (?:please|through|a bit|"
    r"to (?:understand|find out|figure out|decide|see|know|work out|think through)|understand|find out|figure out|decide|see|know|work out|think through))?(?: on| about| in| with)?"
)
_KNOW = (
    r"(?:(?:do|does|did|would) (?:you|anyone|anybody|someone|somebody|any of you|one of you)(?: (?:here|guys|else|happen to|by chance|maybe|perhaps))* (?:know|remember|understand|have (?:an|any) "
    r"(?:idea|clue|experience|tips?|advice|thoughts)(?: (?:of|on|about|for))?)(?: (?:of|about))?|any(?:one|body)(?: (?:here|else))? (?:know|knows|got an idea|have an idea)|"
    r"(?:any|some) (?:idea|ideas|clue|tips?|advice|suggestions?|thoughts|hints?|guidance|pointers?|experience|help|input|recommendations?)(?: (?:on|about|for|of|as to|regarding|with))?|"
    r"(?:might|may|could|can) i (?:trouble|ask|bother|beg|request)(?: you)? for (?:some |your |a little |a bit of )?(?:advice|guidance|help|tips?|support|assistance|input)(?: (?:on|about|with|concerning|regarding|as to))?|"
    r"(?:tips?|advice|suggestions?|thoughts|guidance|pointers?|ideas) (?:on|about|for|as to|regarding|please on)|happy (?:for|about) (?:any )?(?:tips?|advice|ideas?) (?:on|about)|"
    r"(?:need|want|looking for|searching for|(?:i|we)(?:'m| am|'re| are)?(?: (?:looking|searching|asking))? ?(?:need|want|for|would (?:like|love|appreciate|need)|'d (?:like|love|appreciate|need)|could use|could do with)) "
    r"(?:some |a |any |your |an |a bit of |a little |a few )?(?:advice|help|tips?|guidance|ideas?|input|support|pointers?|hints?|suggestions?|recommendations?|clarity|insight|orientation|opinion|second opinion|steer|nudge|view)"
    r"(?: (?:on|about|for|with|in|as to|regarding|from (?:someone|somebody) (?:on|about)|to (?:decide|understand|find out|figure out)))?)"
)
_FRAMES = re.compile(rf"^(?:{_NOT_KNOWN}|{_WANT_KNOW}|{_TELL}|{_KNOW})(?=\s)[\s,:-]*(?=\S)", re.IGNORECASE)
_DO = re.compile(
    rf"^(?:(?:{_I}|i have|we have)(?:'ve(?! got to the)|'d| would| will| just| really| now| also| still| only| first| mainly| have|'ll)* ?(?:need|want|have|got|wish|like|love|try|trying|hope|hoping|plan|planning|prefer|"
    rf"supposed|meant|struggle|struggling|looking|about|going|expected|asked|must|should|(?:'m|'re|am|are) (?:supposed|meant|trying|struggling|hoping|planning|looking|about|going|expected|asked|told))"
    r"(?: to|(?<=must)|(?<=should))|(?:i|we) (?:must|should|ought to|gotta|'ve got to|have got to)|(?:need|want|trying|looking|hoping|have|got|wish|would like|would love) to|"
    r"(?:please |can you |could you |can someone |could someone |could somebody |would you |can anyone |could anyone )*(?:please )?help (?:me|us)(?: to)?|my (?:task|job|goal|aim|wish|plan) is(?: now)? to|"
    r"(?:it is|it's) (?:my|our) (?:job|task) to|i (?:find|found) it (?:hard|difficult|tricky) to) (?!be able to know)(?=[a-z])",
    re.IGNORECASE,
)
_GET = re.compile(r"^(?:i|we)(?:'d| would| just| really| also| still| only)* (?:want|need|like|love) (?=(?:the|my|our|a|an|his|her|their|this|that|these|those|more|less|fewer|better|people|them|him|her|it)\b)", re.IGNORECASE)
_PERSON = re.compile(
    r"^(?:(?:i|we)(?:'m| am|'re| are|'d| would|'ll| will| just| really| only| also)* ?(?:need|want|looking for|look for|searching for|search for|search|seeking|seek|after|like|love|would like|hoping for|be glad of|appreciate)"
    r"|looking for|searching for|search|seeking|need|want|wanted|is there|are there|anyone|there is) "
    r"(?:an? |some |any )?(?P<who>someone|somebody|anyone|anybody|a person|a colleague|people|a human|human|person|colleague)(?: (?:here|around|in (?:the|this) (?:company|house|firm)|from (?:the )?\w+))?,? (?=(?:who|that|with|from|to|in|for)\b)",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"^(?:(?:i|we)(?:'d| would| should| just| really| only| also)* ?(?:need|want|like|love|have|prefer|would like|hope|gladly)(?: to)?|can i|could i|may i|might i|wanna|want to|need to|i'd rather) "
    r"(?P<talk>(?:talk|speak|chat|meet|sit down|have (?:a|some) (?:call|chat|talk|word|coffee)|get (?:a|some) (?:call|talk|chat|minutes|time)|shadow|be put in touch|be connected|get in touch|exchange|go through (?:it|this))\b.*)$",
    re.IGNORECASE,
)
_BEFORE_WH = r"(?:in|by|on|at|for|with|from|to|under|after|of|about|until|since|through|within|up to)"
_DIRECT = re.compile(rf"^(?:(?:{_BEFORE_WH} )?(?:{_WH})\b|(?:{_AUX}) )", re.IGNORECASE)
_TITLE = re.compile(
    r"^(?:the )?(?:best|right|proper|easiest|quickest|fastest|cheapest|correct|good|usual|normal|smartest|cheap|quick|better|simple|clean|sane|safe|least \w+|most \w+)(?: \w+){0,2} "
    r"(?:way|ways|method|methods|approach|words|place|time|tool|tools|practice|practices|step|steps|thing|trick|format|order|moment|books?|course|sources?)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"(?:[,;:.\u2013\u2014?!]\s*|\s-\s*|\b)(?:(?:and|so|but|or|now|then|well|therefore)\s+)?(?P<q>(?:{_WH})\b(?=\s).*)$", re.IGNORECASE
)
_INVERTED = re.compile(
    rf"^(?:(?:(?:{_AUX}) (?:not )?(?:{_SUBJECT}|my|our|your|his|her|their|its|the|these|those|a|an|any|anything|anybody|nobody|everyone|both|all|some|other|most|"
    r"my\w*|[\w'-]+ (?:better|worth|enough|allowed|normal|okay|ok|legal|possible|really|a|an|the|already|always|safe|fine|too|still|more|less|good|bad|right|wrong|correct|"
    r"\w+able|\w+ing|\w+ed))\b)|(?:is|are|does|do|did|can|could|should|would|will|may|must|has) (?!not\b|n't|been\b|to\b|until\b|now\b|a\b|an\b|never\b|in\b|on\b|at\b|by\b|also\b)\w+[^.!]*\?)",
    re.IGNORECASE,
)
_NOT_INVERTED = re.compile(r"^(?:could|can|would|will|did|does|do|has|have|had|must|should|may|might)(?:n't| not) (?!i\b|we\b|you\b|he\b|she\b|it\b|they\b|the\b|my\b|our\b)|^(?:is|are|was|were) (?:a|an) \w+[^?]*$(?<!\?)", re.IGNORECASE)
_RELATIVE = re.compile(rf"^(?:which|who|whom|whose|when|where) (?!(?:do|does|did|can|could|should|would|to|one|ones|way|ways|of|\w+s? (?:do|does|should|can|could|would|is|are))\b)", re.IGNORECASE)
_HOW_TO = re.compile(r"\b(?:how|what|where|when|which \w+) to (?=[a-z]{2})", re.IGNORECASE)
_BORDER = re.compile(r"(?:[,;:\u2013\u2014?!]\s+|\s-\s+|\s(?=so\s|and\s|but\s))(?:(?:and|so|but|now|then)\s+)*", re.IGNORECASE)
_OR_NOT = re.compile(r"^(?:whether|if) (?:or not )?", re.IGNORECASE)
_TOLD_FRAME = re.compile(
    r"^(?:(?:and )?(?:the (?:problem|trouble|issue|thing|point|fact|catch|snag|worst|sad part) is|what happens is|it is|it's|fact is|problem is|trouble is|meanwhile|the problem being|"
    r"as it is|at the moment|my (?:problem|trouble|issue) is)(?:,? that)?:?) (?=\w+ \w+)",
    re.IGNORECASE,
)
_VERB = re.compile(
    rf"\b(?:{_AUX}|keeps?|gets?|takes?|goes|comes?|says?|wants?|needs?|knows?|thinks?|makes?|gives?|asks?|tells?|stops?|fails?|falls?|runs?|works?|looks?|feels?|seems?|leaves?|"
    r"doesn't|wasn't|weren't|hasn't|haven't|hadn't|cannot|it's|he's|she's|they're|we're|i'm|\w{3,}ed|went|came|got|gave|said|told|made|left|lost|broke|fell|took|kept|felt)\b",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(r"^(?:need|want|any|looking|searching|seeking|help|please|tell|show|explain|could|can|best|tips|advice|someone|somebody|anyone|i need|i want|i'd like|i would like|i'm looking)\b", re.IGNORECASE)
LEAST_WORDS = 3


def direct(clause: str) -> list[Direct]:
    """The questions that a clause can stand for, the likeliest first; empty if it holds no words. Linear in its length."""
    line = cleaned(clause)
    if not re.search(r"[^\W\d_]{2}", line):
        return []
    found: list[Direct] = []
    mark = "?" if clause.rstrip().endswith("?") else ""
    for part in (line, *_tails(line, clause.rstrip().endswith("?"))):
        for question in _forms(part, mark):
            if question.text and question.text not in [other.text for other in found]:
                found.append(question)
        if found and part is line and found[0].form is Form.ASKED and len(line.split()) <= 22:
            break
    if not found and "?" in clause[-4:] and len(line.split()) >= LEAST_WORDS + 1:
        return [Direct(own(lowered(line)), Form.TITLE)]
    if not found or found[0].form not in (Form.ASKED, Form.EMBEDDED):
        found += told(line)
    return found


def told(line: str) -> list[Direct]:
    """Questions about a clause that only tells how things are."""
    clause = lowered(_TOLD_FRAME.sub("", untrailed(unled(line)), count=1))
    if _DIRECT.match(clause) or _NO_SUBJECT.match(clause) or len(clause.split()) < LEAST_WORDS:
        return []
    if shape(clause) is Shape.CLAUSE or _VERB.search(clause):
        return [Direct(f"what can I do when {clause}", Form.TOLD)]
    return [Direct(f"what should I know about {clause}", Form.TOLD)]


def _tails(line: str, asked: bool) -> list[str]:
    """Later parts of a long clause that begin like a question of their own."""
    parts = []
    for border in _BORDER.finditer(line):
        rest = unled(line[border.end() :])
        opens = _DIRECT.match(rest) or _FRAMES.match(rest) or _DO.match(rest)
        if len(rest.split()) >= LEAST_WORDS and opens and not (_RELATIVE.match(rest) and not asked):
            parts.append(rest)
    if how := _HOW_TO.search(line):
        parts.append(line[how.start() :])
    return list(dict.fromkeys(parts))[:3]


def _forms(line: str, mark: str) -> list[Direct]:
    """The question that one line is, by the frame at its beginning; `mark` is the question mark that ended it, or empty."""
    line = untrailed(unled(line))
    if re.match(r"what happens is\b", line, re.IGNORECASE):
        return []
    if not mark and (_RELATIVE.match(line) or _NOT_INVERTED.match(line)):
        return []
    if helped := re.match(r"(?:please |can you |could you |can someone |could someone |could somebody |would you )*(?:please )?help (?:me|us)(?: to)? (?!with\b|on\b|in\b|out\b|about\b|understand\b|decide\b|find out\b|figure\b|see\b|know\b)(?=[a-z])", line, re.IGNORECASE):
        return [Direct(f"how do I {own(line[helped.end() :])}", Form.WISHED)]
    if _TALK.match(line):
        found = _TALK.match(line)
        assert found
        return [Direct(f"could I {own(found['talk'])}", Form.PERSON)]
    if person := _PERSON.match(line):
        return [Direct(_who(line[person.end() :]), Form.PERSON)]
    frame = _FRAMES.match(line)
    if frame:
        rest = unled(line[frame.end() :])
        if again := _FRAMES.match(rest):
            rest = unled(rest[again.end() :])
        if asked := _embedded(rest):
            return [Direct(asked, Form.EMBEDDED)]
        if re.match(r"(?:to|with|of|in|for|on|about|\w+ing)\b", rest) or len(rest.split()) >= 2:
            return _topic(rest, line)
    if do := _DO.match(line):
        rest = line[do.end() :]
        if asked := _embedded(re.sub(r"^(?:know|understand|find out|figure out|work out|decide|learn|see|ask|check) ", "", rest, flags=re.IGNORECASE)):
            return [Direct(asked, Form.EMBEDDED)]
        return [Direct(f"how do I {own(re.sub(r'^be able to ', '', lowered(rest)))}", Form.WISHED)]
    if get := _GET.match(line):
        return [Direct(f"how do I get {own(lowered(line[get.end() :]))}", Form.WISHED)]
    if asked := _embedded(line + mark):
        return [Direct(asked.rstrip("?"), Form.ASKED)]
    if _TITLE.match(line):
        plural = re.match(r"(?:the )?\w+(?: \w+){0,2} (?:ways|methods|words|tools|practices|steps|books|sources)\b", line, re.IGNORECASE)
        article = "" if re.match(r"the\b", line, re.IGNORECASE) or not re.match(r"(?:best|right|proper|correct|usual|easiest|quickest|fastest|cheapest|smartest|most|least)", line, re.IGNORECASE) else "the "
        return [Direct(f"what {'are' if plural else 'is'} {article or ('' if plural or line.lower().startswith('the') else 'a ')}{own(lowered(line))}", Form.TITLE)]
    return []


def _embedded(line: str) -> str:
    """A direct question from one that begins with a question word, "whether", "if" or an auxiliary; "" if it is none."""
    low = lowered(line)
    if match := re.match(r"(?:whether|if) (?:or not )?(?P<rest>.+)", low, re.IGNORECASE):
        return _whether(match["rest"])
    if _INVERTED.match(low):
        return _addressed(low)
    if re.match(rf"{_BEFORE_WH} (?:{_WH})\b", low, re.IGNORECASE):
        return own(low)
    if not re.match(rf"(?:{_WH})\b", low, re.IGNORECASE):
        return ""
    if match := re.match(r"(?P<wh>how|what|where|who|when|which(?: (?!has\b|have\b|is\b)\w+){1,3}?|what(?: (?!has\b|have\b|is\b|do\b|did\b)\w+){1,2}?) (?:best )?to (?P<rest>\S.*)", low, re.IGNORECASE):
        should = "should" if not re.match("how", match["wh"], re.IGNORECASE) and not re.match(r"(?:say|put|write|answer|ask|call|expect)\b", match["rest"]) else "do"
        return f"{match['wh'].lower()} {should} I {own(match['rest'])}"
    return own(_inverted(low))


def _whether(rest: str) -> str:
    if match := re.match(r"to (?P<do>.+)", rest, re.IGNORECASE):
        return f"should I {own(match['do'])}"
    if match := re.match(rf"(?P<subject>(?:\S+ ){{1,5}}?)(?P<aux>{_AUX}) (?P<rest>.+)", rest, re.IGNORECASE):
        subject = match["subject"].strip()
        if not re.search(r"[,;]|\b(?:who|which|that|when|because)\b", subject, re.IGNORECASE):
            aux = match["aux"].lower()
            return own(f"{'am' if aux == 'am' else aux} {lowered(subject)} {match['rest']}")
    if match := re.match(r"(?P<subject>i|we|you|they|people) (?P<rest>.+)", rest, re.IGNORECASE):
        return own(f"do {_pronoun(match['subject'])} {match['rest']}")
    if match := re.match(r"(?P<subject>it|this|that|he|she) (?P<verb>makes|works|helps|needs|takes|matters|counts|pays) ?(?P<rest>.*)", rest, re.IGNORECASE):
        return own(f"does {match['subject'].lower()} {match['verb'][:-1]} {match['rest']}".strip())
    return f"how do I find out whether {own(rest)}"


def _inverted(low: str) -> str:
    """Question word order: "how I can know" becomes "how can I know", "what the right order is" becomes "what is the right order"."""
    match = re.match(rf"(?P<wh>(?:how|what|which|who|where|when|why|whose)(?: (?:much|many|long|often|far|soon|early|else|exactly|kind of \w+|sort of \w+|type of \w+))?) (?P<rest>.+)", low, re.IGNORECASE)
    if not match:
        return low
    wh, rest = match["wh"], match["rest"]
    if re.match(rf"(?:{_AUX})\b|'", rest, re.IGNORECASE):
        return low
    if simple := re.match(rf"(?P<s>i|we|you|he|she|it|they|one|people) (?P<aux>is|are|was|were|am|can|could|should|would|will|shall|may|might|must|have to|has to) (?P<r>.+)", rest, re.IGNORECASE):
        aux = simple["aux"].lower()
        if aux in ("have to", "has to"):
            return f"{wh} {'do' if aux == 'have to' else 'does'} {_pronoun(simple['s'])} have to {simple['r']}"
        return f"{wh} {aux} {_pronoun(simple['s'])} {simple['r']}"
    if short := re.match(r"(?P<s>i|we|you|he|she|it|they)'(?P<aux>m|re|s|d|ll) (?P<r>.+)", rest, re.IGNORECASE):
        aux = {"m": "am", "re": "are", "s": "is", "d": "would", "ll": "will"}[short["aux"].lower()]
        return f"{wh} {aux} {_pronoun(short['s'])} {short['r']}"
    if plain := re.match(r"(?P<s>i|we|you|they|people|others) (?P<r>(?!who\b|that\b|which\b)\w.*)", rest, re.IGNORECASE):
        if wh.lower() not in ("who",) and not re.match(r"(?:\w+ed|went|did|had|got|came|made|said)\b", plain["r"]):
            return f"{wh} do {_pronoun(plain['s'])} {plain['r']}"
    if wh.lower() in ("what", "where", "why", "how", "who", "when"):
        if last := re.match(r"(?P<s>(?:the|my|our|your|his|her|their|this|that|these|a|an)(?: [\w'-]+){1,5}?) (?P<aux>is|are|was|were)(?P<r>$| .*)", rest, re.IGNORECASE):
            if not re.search(r"\b(?:who|which|that|if|when)\b", last["s"][4:], re.IGNORECASE):
                return f"{wh} {last['aux'].lower()} {last['s']}{last['r']}"
        if modal := re.match(r"(?P<s>(?:the|my|our|your|his|her|their|this|that|these|a|an|other)(?: [\w'-]+){1,4}?) (?P<aux>can|could|should|would|will|must) (?P<r>.+)", rest, re.IGNORECASE):
            return f"{wh} {modal['aux'].lower()} {modal['s']} {modal['r']}"
        if many := re.match(r"(?P<s>(?:the|my|our|your|his|her|their|these|those|other)(?: [\w'-]+){0,2}? [\w'-]*[^s\W]s|people|others) (?P<v>(?!who\b|which\b|that\b|in\b|of\b|on\b|at\b|for\b|with\b|to\b|and\b|are\b|were\b|is\b|have\b|from\b|\w+(?:ed|ing)\b)[a-z]{2,}\b.*)", rest, re.IGNORECASE):
            return f"{wh} do {many['s']} {many['v']}"
    return low


def _addressed(low: str) -> str:
    """A question to the reader, without "can you tell me"; "could you look at my plan" asks for somebody who could."""
    rest = _FRAMES.sub("", low)
    if rest != low and (asked := _embedded(unled(rest))):
        return asked
    if match := re.match(r"(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody)(?: (?:please|kindly|maybe|possibly|here))* (?P<do>.+)", low, re.IGNORECASE):
        if help_me := re.match(r"help (?:me|us)(?: to)? (?!with\b|on\b|in\b|out\b|about\b)(?P<do>[a-z].+)", match["do"], re.IGNORECASE):
            return f"how do I {own(help_me['do'])}"
        return f"who can {match['do']}"
    if match := re.match(r"(?:do|would) you (?:think|say|believe|recommend|suggest|reckon) (?:that )?(?P<rest>.+)", low, re.IGNORECASE):
        return _whether(match["rest"])
    if match := re.match(r"(?:do|does|did|has|have) (?:you|anyone|anybody|someone|somebody)(?: (?:guys|here|maybe|by chance|ever))* (?:have|got|know(?: of)?) (?P<rest>(?:a|an|any|some|somebody|someone)\b.+)", low, re.IGNORECASE):
        return f"is there {match['rest']}"
    if match := re.match(r"(?:has|have|did|does|is) (?:anyone|anybody|someone|somebody)(?: (?:here|else|of you|ever))* (?P<rest>.+)", low, re.IGNORECASE):
        return low
    return own(low)


def _topic(rest: str, line: str) -> list[Direct]:
    """Questions about a topic for which help was asked."""
    rest = re.sub(r"^(?:on|about|with|for|of|in|regarding|around) ", "", rest, flags=re.IGNORECASE)
    if match := re.match(r"(?:how )?to (?P<do>[a-z].+)", rest, re.IGNORECASE):
        return [Direct(f"how do I {own(match['do'])}", Form.WISHED)]
    if re.match(r"\w{3,}ing\b (?!is\b|are\b|of\b)", rest):
        return [Direct(f"how do I go about {own(lowered(rest))}", Form.WISHED)]
    if re.search(r"\b(?:feedback|opinion|comments?|view)\b", line[: len(line) - len(rest)], re.IGNORECASE):
        return [Direct(f"could I get feedback on {own(lowered(rest))}", Form.PERSON)]
    if re.search(r"\bwalk (?:me|us)\b", line[:60], re.IGNORECASE):
        return [Direct(f"who can walk me through {own(lowered(rest))}", Form.PERSON)]
    if re.match(r"(?:teach|show|explain|help|walk)", line, re.IGNORECASE) or re.search(r"\bexplain\b", line[:40]):
        return [Direct(f"who can explain {own(lowered(rest))} to me" if len(rest.split()) < 9 else f"who can explain {own(lowered(rest))}", Form.WISHED)]
    return [Direct(f"what should I know about {own(lowered(rest))}", Form.WISHED), Direct(f"where do I start with {own(lowered(rest))}", Form.WISHED)]


def _who(rest: str) -> str:
    rest = re.sub(r"^(?:who|that)(?: (?:have|has|had|can|could|is|are|was|'s))?\b", lambda m: m[0], rest, flags=re.IGNORECASE)
    if match := re.match(r"(?:who|that) (?P<r>.+)", rest, re.IGNORECASE):
        return f"who {own(match['r'])}"
    if match := re.match(r"to (?P<r>.+)", rest, re.IGNORECASE):
        return f"who could {own(match['r'])}"
    if match := re.match(r"with (?P<r>.+)", rest, re.IGNORECASE):
        return f"who has {own(match['r'])}"
    return f"could I talk to somebody {own(rest)}"


def _pronoun(word: str) -> str:
    return "I" if word.lower() == "i" else word.lower()
