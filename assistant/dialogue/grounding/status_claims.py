"""Detects status claims in generated text: that something was sent, booked, accepted or announced, or will certainly be.

Only the event log may state a status. Claims are detected for any subject (assistant, system, mentor, passive voice) and in
obfuscated spellings; advice in the imperative is not a claim. In doubt a text counts as a claim, because a false status is
worse than a dropped sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from assistant.dialogue.grounding.folded_words import fold, hidden_removed

_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u03bf\u03b1\u03b5\u03b9\u03bd\u03c1\u03c4"
    "\u03c5\u043a\u043c\u0442\u0432\u043d\u0261\u0131\u03ba\u0434\u0438",
    "aeopcyxijshdqwoaeivptukmtbhgikdu",
)
_LEET = str.maketrans("0134578@$!|+", "oieastbasiit")
_LEETED = re.compile(r"(?<![\w@$!|+])(?=[\w@$!|+]*[^\W\d_])(?=[\w@$!|+]*[0-9@$!|+][\w@$!|+]*)[\w@$!|+]{2,}")

_DONE = (
    r"(?:re-?)?(?:sent|e?-?mailed|messaged|booked|accepted|approved|confirmed|scheduled|forwarded|transferred|cancel+ed|"
    r"shared|told|informed|notified|alerted|pinged|texted|phoned|called|contacted|added|submitted|assigned|arranged|reserved|"
    r"delivered|handed|passed|relayed|routed|escalated|dispatched|posted|published|invited|connected|introduced|matched|"
    r"enrol+ed|registered|signed|granted|attested|verified|certified|agreed|declined|rejected|refused|recorded|saved|"
    r"logged|filed|set\s+up|set|created|opened|closed|completed|processed|placed|moved|postponed|organi[sz]ed|secured|"
    r"activated|deleted|erased|removed|updated|issued|launched|finali[sz]ed|finished|fixed|settled|sorted|taken|picked|"
    r"received|got|seen|reviewed|asked|requested|paired|put|let|given|gave|took|made|uploaded|copied|cc'?d|synced|"
    r"acknowledged|promised|committed|answered|replied|responded|read|marked|allocated|ordered|paid|charged|refunded|blocked|"
    r"pencil+ed|slotted|lined|locked|done|gone|went|queued|fired\s+off|dropped|joined|reached)"
)
_HARD = (
    r"(?:re-?)?(?:sent|e?-?mailed|messaged|booked|accepted|approved|confirmed|scheduled|forwarded|transferred|cancel+ed|"
    r"informed|notified|alerted|pinged|contacted|submitted|assigned|arranged|reserved|delivered|handed|passed|relayed|routed|"
    r"escalated|dispatched|invited|enrol+ed|registered|granted|attested|added|shared|postponed|secured|finali[sz]ed|uploaded|"
    r"posted|published|paired|matched|connected|pencil+ed|acknowledged|rescheduled|allocated|queued|recorded|logged|saved)"
)
_BASE = (
    r"(?:re-?)?(?:send|e?-?mail|message|book|accept|approve|confirm|schedule|forward|transfer|cancel|share|tell|inform|notify|"
    r"alert|ping|text|call|phone|contact|add|submit|assign|arrange|reserve|deliver|hand|pass|relay|route|escalate|dispatch|post|"
    r"publish|invite|connect|introduce|match|enrol+|register|grant|attest|record|save|log|file|set|create|put|let|get|make|"
    r"organi[sz]e|join|meet|reply|answer|respond|reach|follow|pair|take|see|help|speak|talk|wait|expect|receive|ask|give|upload)"
)
_BE = r"(?:is|are|was|were|am|'s|'re|'m|been|be|being|gets?|got|getting|stands?|remains?)"
_ADV = (
    r"(?:(?:now|already|just|all|also|both|hereby|officially|successfully|safely|finally|duly|indeed|automatically|personally|"
    r"since|today|yesterday|this\s+morning|immediately|directly|kindly|gladly|happily|fully|as\s+of\s+now|certainly|definitely|"
    r"surely|soon|shortly|then|still|been|herself|himself|too|both|firmly|gone\s+ahead\s+and|went\s+ahead\s+and|,)\s+){0,3}"
)
_WE = r"(?:i|we|askwell|(?:the|your|our)\s+(?:assistant|system|bot|team|programme|program|service|platform|desk|tool|ai|app))"
_PERSON = (
    r"(?:he|she|they|somebody|(?:the|your|our|a|one)\s+(?:\w+\s+)?(?:mentors?|experts?|coach|curators?|coordinator|specialist|"
    r"person|human|colleague|organi[sz]er|host|counterpart|helper|advis[eo]r|match)|"
    r"(?:mentor|expert|coach|curator|hr|l&d|calendar|admin|support)|"
    r"(?:your|our)\s+(?:manager|boss|lead|sponsor|request))"
)
_THING = (
    r"(?:it|that|this|these|those|everything|all|both|(?:your|our|my|the|this|that|a|an|her|his|their)\s+(?:\w+['-]?\w*\s+){0,3}?"
    r"(?:requests?|sessions?|briefs?|questions?|meetings?|invitations?|invites?|calls?|slots?|appointments?|bookings?|mails?|e-?mails?|"
    r"messages?|proposals?|places?|seats?|spots?|deadlines?|budgets?|answers?|advice|plan|access|permission|data|profiles?|accounts?|drafts?|notes?|summary|files?|decks?|slides?|documents?|offers?|handoffs?|handovers?|"
    r"transfers?|tickets?|case|applications?|registrations?|reservations?|time|hour|half\s+hour|dates?|details|materials?|"
    r"conversations?|mentors?|experts?|colleagues?|manager|calendar|change|update|reminders?|receipts?|confirmations?|approvals?|"
    r"competency|competence|debriefs?|actions?|room|talks?|reviews?|thirty\s+minutes|\d+\s+minutes))"
)
_NOUN = (
    r"(?:access|permission|requests?|sessions?|briefs?|questions?|meetings?|invitations?|invites?|calls?|slots?|appointments?|bookings?|mails?|e-?mails?|"
    r"messages?|proposals?|seats?|spots?|handoffs?|handovers?|transfers?|tickets?|reservations?|confirmations?|approvals?|mentors?|"
    r"reminders?|competency|calendar|status|room|expert)"
)
_ACTED = (
    r"(?:(?:have|has|had)\s+(?:\w+\s+){0,2})?(?:\w+ed|got|took|taken|put|gave|given|made|sent|held|holds?|has|have|found|read|saw|"
    r"seen|kept|keeps?|left|knows?|takes?|spoke|spoken|told|wrote|written|met|set)"
)
_YOU = r"(?:you|your|yours|u)"
_START = (
    r"(?:^|[.!?:;,\u2026\n(\"'*>\])-]\s*|"
    r"\b(?:and|but|so|that|because|since|as|now|then|well|yes|good\s+news|great|ok|okay|fyi)\s+)"
)

_CLAIMS = (
    # Somebody has done it.
    rf"\b(?:{_WE}|{_PERSON})\s*(?:have|has|'ve|'s|had|'d)\s+{_ADV}{_DONE}\b",
    rf"\b(?:have|has|'ve|had|having)\s+{_ADV}(?:been\s+{_ADV}{_DONE}|{_HARD})\b",
    rf"\b(?:{_WE}|{_PERSON})\s+{_ADV}(?:did\s+{_ADV}{_BASE}|{_DONE})\b",
    rf"\bi\s*'?m\s+{_ADV}(?:\w+ing)\b",
    rf"\b(?:{_WE}|{_PERSON})\s*(?:am|is|are|'s|'re|'m)\s+{_ADV}\w+ing\b",
    rf"\b{_WE}\s*(?:have|has|'ve|'s|had|'d)\s+{_ADV}\w+(?:ed|en|nt|one|ld|pt|ght|un)\b",
    rf"\b(?:{_WE}|{_PERSON})\s+{_ADV}{_ACTED}\s+(?:[\w'-]+\s+){{0,6}}?{_YOU}\b",
    rf"\b(?:{_WE}|{_PERSON})\s*(?:will|'ll)\s+have\s+\w+",
    # It is done.
    rf"\byour\s+(?:[\w'-]+\s+){{1,7}}?(?:is|are|was|were|has|have)\s+{_ADV}(?:been\s+)?\w+(?:ed|en|nt)\b",
    rf"\b(?:your|the|this)\s+(?:\w+\s+)?{_NOUN}\s+(?:(?:with|for|to|about|on|in)\s+(?:[\w'-]+\s+){{1,4}})?(?:(?:is|are)\s+{_ADV}(?:in\s+place|final|complete|live|on|through|active|safe|open|out|up|ready|there|with\b)|(?:starts?|begins?|takes\s+place|happens|reached|got|arrived|landed|came|went|goes|stands?|holds?|awaits?)\b)",
    r"\b(?:mission|task|request|transfer|job)\s+(?:accomplished|complete|done|fulfilled)\b",
    rf"\b{_THING}\s*(?:{_BE}[:\s]\s*)+{_ADV}{_DONE}\b",
    rf"\b{_BE}\s+{_ADV}(?:being|been)\s+{_ADV}{_DONE}\b",
    rf"\byou\s*(?:are|'re|were|have\s+been|'ve\s+been|will\s+be|'ll\s+be)\s+{_ADV}(?:{_DONE}|in\b|all\s+set|set\b|good\s+to\s+go|on\s+the\s+list)",
    rf"{_START}(?:(?:your|the|our)\s+)?(?:\w+\s+)?{_NOUN}\s*[:=-]?\s*{_ADV}(?:{_HARD}|created|closed|opened|changed|moved|completed|received|deleted|updated|done|issued|placed|made)\b",
    rf"{_START}{_ADV}{_HARD}\s*(?:[.!:;,-]|$|(?:(?:over|on|out|off|up|through|down|back)\s+)?\b(?:is|are|was|it|for|to|with|at|on|by|and|your|you)\b)",
    rf"{_START}{_ADV}(?:done|all\s+done|all\s+set|sorted|completed|finished|success)\s*(?:[.!:;,-]|$)",
    rf"\b{_HARD}\s+{_BE}\s+(?:your|the|our)\b",
    rf"\b{_NOUN}\s*(?:status)?\s*[:=-]+>?\s*{_HARD}\b",
    rf"{_START}{_ADV}(?:send|book|transferr?|connect|forward|confirm|schedul|cancell?|shar|notify|inform|add|submit|assign|arrang|reserv|"
    rf"deliver|hand|pass|rout|escalat|dispatch|invit|introduc|match|putt|mail|e-?mail|ring|call|process|alert|ping)ing\s+(?:you|it|this|them|her|him|now|your|the\s+{_NOUN})\b",
    rf"\b{_BE}\s+{_ADV}(?:re-?)?(?:booked|reserved|scheduled|transferred|forwarded|cancel+ed|notified|enrol+ed|dispatched|escalated|pencil+ed)\b",
    # It will surely be.
    rf"\b(?:{_WE}|{_PERSON})\s*(?:will|'ll|shall|(?:is|are|am|'m|'re|'s)\s+(?:going|about|set|due|scheduled)\s+to|plans?\s+to|promises?\s+to)\s+"
    rf"{_ADV}(?:be\s+{_ADV})?(?:{_BASE}|{_DONE}|\w+ing)\b",
    rf"\b{_THING}\s*(?:will|'ll|shall|(?:is|are)\s+going\s+to)\s+{_ADV}(?:be\s+{_ADV}{_DONE}|arrive|reach|follow|start|begin|land|come|take\s+place|start|happen|go\s+out|be\s+with)\b",
    rf"\byou\s*(?:will|'ll|shall)\s+{_ADV}(?:get|find|receive|hear|have|be\s+(?:contacted|called|notified|invited|meeting|speaking)|meet|speak|see)\b",
    r"\byou\s*(?:are|'re)\s+(?:now|already|currently)\s+\w+",
    r"\byou\s*(?:are|'re)\s+(?:talking|speaking|meeting|connected|registered|through)\b",
    r"\b(?:has|have|had)\s+(?:now\s+|just\s+|already\s+)?(?:gone|arrived|landed|reached)\b",
    # Where it is.
    rf"\b{_NOUN}\s+(?:(?:with|for|to|of|about|on|in)\s+(?:[\w'-]+\s+){{1,4}}?)?(?:is|are|was|were)\s+{_ADV}(?:done|made|through|{_HARD})\b",
    r"\b(?:is|are)\s+(?:now\s+|all\s+)?yours\b(?!\s+and)",
    r"\byou\s+(?:just\s+|have\s+|'ve\s+)?got\s+(?:the|a|an|your)\b",
    r"\b(?:you|your\s+name)\s*(?:are|'re|is)\s+(?:now\s+)?(?:on|in|at)\s+[\w']+",
    r"\b(?:you\s+(?:can|may|should)\s+(?:now\s+)?)?(?:expect|await|look\s+out\s+for|watch\s+for)\s+(?:a|an|the|your|her|his|their|[\w]+'s)\s+(?:call|invitation|invite|mail|e-?mail|message|confirmation|answer|reply|reminder)\b",
    rf"{_START}(?:read|seen|opened|received|taken|{_HARD})\s+by\s+\w+",
    r"\b\w+'s\s+calendar\s+(?:is|has)\b",
    r"\b(?:said|says)\s+so\b",
    rf"{_START}(?:got|found|took|put)\s+(?:you|it|your)\b",
    rf"\bthe\s+{_NOUN}\s+(?:left|went|got|reached|arrived|landed|passed|cleared)\b",
    r"\b(?:is|are|'s|'re|be)\s+(?:\w+\s+)?(?:on\s+(?:its|their|his|her|the)\s+way|under\s*way|in\s+(?:the\s+)?(?:transit|post|mail)|in\s+(?:your|her|his|their)\s+(?:calendar|inbox|diary|queue|hands))\b",
    r"\bon\s+(?:its|their|her|his)\s+way\b",
    r"\b(?:you\s*(?:are|'re)|everything\s*(?:is|'s)|it\s*(?:is|'s)|that\s*(?:is|'s)|we\s*(?:are|'re)|all)\s+(?:\w+\s+)?(?:all\s+)?(?:set|sorted|settled|done|ready|arranged|good\s+to\s+go|taken\s+care\s+of|official|a\s+date|final|confirmed|in\s+place|live)\b",
    r"\b(?:consider|call)\s+it\s+(?:\w+)\b",
    r"\btaken\s+care\s+of\b",
    r"\b(?:now|already|safely|currently)\s+(?:with|at|in\s+front\s+of)\s+[a-z]",
    r"\b(?:said|says|say)\s+(?:yes|no|ok)\b(?!\s+to\s+no)",
    r"\b(?:knows?|has\s+been\s+told|is\s+aware|are\s+aware)\s+(?:about\s+)?(?:your|you|it)\b(?:\s+(?:request|question|already|and)|[.!,]|$)",
    r"\b(?:is|are)\s+(?:\w+\s+)?(?:expecting|waiting\s+for|awaiting|looking\s+forward\s+to)\s+(?:you|your|meeting)\b",
    r"\blooks?\s+forward\s+to\s+(?:meeting|seeing|talking|speaking|your)\b",
    r"\bthere\s+(?:is|'s)\s+(?:now\s+)?(?:a|an|your|already)\s+(?:\w+\s+)?(?:booking|reservation|appointment|confirmation|slot\s+for\s+you|meeting\s+with)\b",
    r"\byou\s*(?:now\s+)?(?:have|'ve)\s+(?:now\s+|got\s+)?(?:a|an|your|the)\s+(?:\w+\s+){0,2}(?:booking|appointment|slot|reservation|session|call|meeting|place|seat|mentor)\s+(?:with|on|at|for|booked|tomorrow|today)\b",
    rf"\b(?:{_PERSON})\s+(?:has|have|holds?|owns?|got)\s+(?:now\s+)?(?:it|your|the)\s*(?:brief|request|question|message|mail|slot|draft)?\b",
    r"\b(?:is|are|stands|goes)\s+(?:in|into|at|with)\s+(?:\w+\s+)?(?:ada|the\s+mentor|your\s+mentor)\b",
    r"\b(?:booking|session|meeting|request|transfer|handoff|handover|cancellation|confirmation|approval|registration)\s+(?:is\s+|now\s+)?(?:complete|successful|in\s+place|through|final|active|live|official|valid|on)\b",
    r"\b(?:went|gone|goes|going|has\s+gone)\s+(?:out|through|off|over|straight)?\s*to\s+(?:your|the|her|his|a)\s+(?:\w+\s+)?(?:mentor|expert|inbox|calendar|manager|curator)\b",
    r"\b(?:see|meet)s?\s+you\s+(?:on|at|tomorrow|there|then|today|next)\b",
    r"\bstatus\s*[:=]",
    r"\b(?:rest|be)\s+assured\b",
    r"\b(?:acceptance|booking|confirmation|approval)\s+(?:received|number|code|id|ref)\b",
)  # fmt: skip
_NAMED = (
    r"\b(?!(?:I|If|When|Once|The|A|An|Who|What|And|Or|But|Not|It|You|Slides|Send|Ask)\b)[A-Z][a-z]+(?:\s+[A-Z][a-z'-]+)?(?:\s+\([^)]*\))?,?\s+"
    r"(?i:(?:(?:would\s+\w+\s+\w+\s+and\s+)?(?:has|have|had|'s|is|was)\s+)?(?:now\s+|already\s+|just\s+|kindly\s+|gladly\s+|happily\s+|also\s+)*"
    r"(?:accepted|confirms?|accepts|approves|agrees|declines|takes|joins|confirmed|approved|agreed|declined|refused|received|got|has\s+it|booked|"
    r"knows|replied|answered|responded|promised|expects|expecting|awaits|awaiting|took|taken|taking|scheduled|forwarded|sent|invited|attested|added|blocked|reserved|"
    r"shared|transferred|cancelled|canceled|read|informed|notified|said|says|joined|reached|joining)\b|(?:will|'ll|(?:is|are|'s)\s+(?:going|about|set|due|scheduled)\s+to)\s+(?:now\s+|gladly\s+|also\s+|then\s+|soon\s+)*"
    r"(?:call|join|meet|send|reply|answer|be|review|read|look|check|confirm|accept|approve|see|help|contact|get|take|expect|wait|write|come|ring|speak|talk|have)\b|"
    rf"{_ADV}{_ACTED}\s+(?:[\w'-]+\s+){{0,6}}?{_YOU}\b)"
)
_CLAIM = re.compile("|".join(f"(?:{pattern})" for pattern in _CLAIMS))
_BY_NAME = re.compile(_NAMED)
_UNLESS = re.compile(
    r"\b(?:if|when|whenever|once|unless|until|whether|after|before|as\s+soon\s+as|in\s+case|someone\s+who|anyone\s+who|people\s+who|"
    r"person\s+who|who\s+may|until|so\s+that)\b[^.,;:!?\n\u2026-]*$"
    r"|(?<!, )\b(?:which|what|who|whom|where|how|why)\b"
    r"(?:(?!\b(?:since|as|because|given|seeing|now)\b)[^.,;:!?\n\u2026-])*$"
    r"|\b(?:should|must|can|could|may|might|would|cannot|ought)\s+(?:[\w']+\s+){0,2}$|\bto\s+(?:\w+ly\s+)?$"
)


_GRANTED = re.compile(r"\W*(?:since|as|because|given|seeing|now\s+that)\s+(?!soon\b)")
"""A presupposed status is a claim, also in a question."""


@lru_cache(maxsize=512)
def claims_status(text: str) -> bool:
    """Whether the text, in any of its readings, claims that something was done or certainly will be."""
    return any(_claims(reading) for reading in dict.fromkeys(_readings(text))) or any(_named(part) for part in _cased(text))


def _claims(folded: str) -> bool:
    return any(_GRANTED.match(match.group()) or not _UNLESS.search(folded[: match.start()]) for match in _each(_CLAIM, folded))


def _named(text: str) -> bool:
    return any(not _UNLESS.search(text[: match.start()].lower()) for match in _each(_BY_NAME, text))


def _each(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """All matches, also overlapping ones, so that a conditional one does not hide a claim."""
    match = pattern.search(text)
    while match:
        yield match
        match = pattern.search(text, match.start() + 1)


def _cased(text: str) -> Iterator[str]:
    yield re.sub(r"[*_`~]", "", unicodedata.normalize("NFKC", hidden_removed(text)))


def _readings(text: str) -> Iterator[str]:
    """The text with markup, hidden characters, look-alike letters and further obfuscations removed step by step."""
    plain = re.sub(r"[*_~|\\]", "", _unmarked(fold(text.replace("`", "")).translate(_LOOKALIKES)))
    plain = re.sub(r"\s+", " ", re.sub(r"<!--|-->|</?\w[^>]{0,80}>", " ", plain)).strip()
    plain = re.sub(r"(?<=\w) (?=(?:'s|'ve|'ll|'re|'m|'d)\b)", "", plain)
    yield plain
    yield re.sub(r" ?\([^)]{0,60}\)", "", plain)
    undressed = _LEETED.sub(lambda match: match.group().translate(_LEET), plain)
    if len(_LEETED.findall(plain)) > 2:
        yield plain.translate(_LEET)
    undressed = re.sub(r"\bu\b", "you", re.sub(r"\bur\b", "your", undressed))
    yield undressed
    yield re.sub(r"(?<=\w)[-.\u00b7/](?=\w)", "", undressed)
    yield re.sub(r"\b(?:\w[\s.\-_*]){2,}\w\b", lambda match: re.sub(r"[\s.\-_*]", "", match.group()), undressed)


def _unmarked(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
