"""Classifies a sentence as an agreed action, a proposal or neither, and finds the owner and due date of an action.

A promise has a subject that is the mentee, mentor or both ("I'll", "Ana to", "you write it by Friday"), an order with a
date, or an obligation that nobody took ("someone has to"). A hedge or a condition makes it a proposal; a question, a
negation, a past action, a third person or a joke rule it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.adapters.offline.dates.day_rules import Reference
from assistant.adapters.offline.dates.due_date import DueDate, awaits_event, due_date, lies_ahead
from assistant.adapters.offline.debrief.lexicon import begins, either, rule, says, skip_lead
from assistant.adapters.offline.debrief.participants import Cast
from assistant.adapters.offline.debrief.units import Statement
from assistant.domain.debrief import Owner

_AUXILIARY = (
    r"(?:'ll|\s+will|\s+shall|'m to|\s+(?:am|is|are) to|(?:'m|'s|'re|\s+am|\s+is|\s+are) going to|\s+(?:am |'m )?gonna"
    r"|\s+(?:have |has )?(?:agreed|promised|promise|promises|volunteered|committed) to)"
)
_ADVERB = r"(?:(?:also|then|just|definitely|personally|now|each|both|certainly|gladly|happily)\s+)*"
_JOINT = re.compile(r"(?:^|,\s+|\s-+\s+|:\s+|\s(?=(?:and|so|then|but)\s)|\)\s+)(?:and |so |then |but |that )*")
_OFFER = re.compile(r"let me ((?:send|share|find|dig|check|ask|introduce|lend|give|write|forward)\b.*)", re.IGNORECASE)
_LETS = re.compile(r"let'?s\s+(?:also\s+|then\s+)?(?=[a-z])", re.IGNORECASE)
_TO_ME = re.compile(r"[^?]{3,80}\b(?:to|with) me (?:by|before|on|until)\b", re.IGNORECASE)
_THIRD = re.compile(
    r"(?!(?:The|A|An|All|Each|Our|My|Your|This|That)\b)[A-Z][\w'-]+(?: [A-Z][\w'-]+)?"
    r"(?:,? (?:in|from|at|of) [\w ]{2,25}?|,? \([^)]*\))? (?:is|are|will|has|have|does|wants|\w+s)\b"
    r"|[A-Z][\w'-]+(?:'ll|'s (?:going|\w+ing))\b"
)
_IDEA = re.compile(r"(?:could|might|maybe|perhaps) (?:(?:we|you|also|just) )*(?:try|consider|test|worth)\b", re.IGNORECASE)
_PASSIVE = re.compile(
    r"(?P<what>.{3,80}?)\s(?:has|have|needs?|must|is|are)\s(?:to\s)?(?P<verb>be \w+|go|change|happen|reach)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Promise:
    """An action (`firm`) or proposal: its owner, due date, and the offset of its verb phrase in `unit.text`."""

    unit: Statement
    firm: bool
    owner: Owner | None = None
    due: DueDate | None = None
    deed: int = 0


@dataclass(frozen=True)
class _Claim:
    """A possible promise: its owner and the offset of its verb; `sure` if it needs no date to count."""

    owner: Owner | None
    verb: int
    sure: bool


def promise(unit: Statement, people: Cast, seen: Reference) -> Promise | None:
    """The action or proposal that the sentence states by itself, or None."""
    if nothing_agreed(unit):
        return None
    when = due_date(unit.text, seen)
    claim = next((c for c in _claims(unit, people, when) if not _empty(unit.said[c.verb :])), None)
    loose = _conditional(unit.said, people) or (claim is not None and _hedged(unit.said, claim))
    if loose or _proposed(unit, people):
        return Promise(unit, False, deed=_start(unit.said))
    if claim is None or not (claim.sure or when):
        return None
    owner = "both" if claim.owner and _together(unit.said[claim.verb :], people) else claim.owner
    return Promise(unit, True, owner, when, claim.verb)


def nothing_agreed(unit: Statement) -> bool:
    """Whether the sentence is a question, a joke, a refusal or a postponement."""
    said = unit.said
    idea = unit.section == "proposals" or bool(_IDEA.match(skip_lead(said)))
    idea = idea or (not unit.speaker and bool(re.search(r"\b(?:maybe|perhaps)\b", said, re.IGNORECASE)))
    question = said.rstrip(" )\"'").endswith("?") and not idea
    return question or says("turn.joke", unit.text) or says("turn.defer", said) or says("turn.refused", said)


def _start(said: str) -> int:
    return len(said) - len(skip_lead(said))


def _empty(deed: str) -> bool:
    """Whether the action is vague ("I'll think about it") or negated."""
    return begins("action.vague", deed) or begins("action.negation", deed)


def _hedged(said: str, claim: _Claim) -> bool:
    head = said[: claim.verb] + " ".join(said[claim.verb :].split()[:2])
    return says("action.hedge", said) or says("action.soft", head)


def _conditional(said: str, people: Cast) -> bool:
    plain = rule("action.whether").sub("", said)
    if says("proposal.inverted", skip_lead(plain)):
        return True
    subject = people.called(pronouns="(?-i:I)|we|he|she")
    would = rf"(?<!\w)(?:{subject}(?:'ll|'d|\s+(?:will|would|could|might|can|am|is))|you'll|you will)(?!\w)"
    return says("action.condition", plain) and bool(re.search(would, plain, re.IGNORECASE))


def _proposed(unit: Statement, people: Cast) -> bool:
    """A hedge without a promise: "you could try", "might be worth", "maybe ask"."""
    said = unit.said
    if unit.section == "proposals":
        return True
    if says("proposal.not", said):
        return False
    maybe = re.search(
        r"\b(?:maybe|perhaps|possibly) (?:(?:we|you|i|also|just|then|even|could|should) )*(\w+)", said, re.IGNORECASE
    )
    verb = bool(maybe) and (not unit.speaker or begins("action.verb", maybe[1] if maybe else ""))
    named = re.match(rf"{people.called()} (?:might|may|could)\b", skip_lead(said), re.IGNORECASE)
    known = bool(named) and people.owner((named or [""])[0].split(" ")[0], unit) is not None
    return known or says("proposal.cue", said) or (verb and not says("action.past_time", said))


def _together(deed: str, people: Cast) -> bool:
    joined = re.search(rf"\bwith {people.called(pronouns='me|you|him|her|us')}(?!\w)|\btogether\b", deed, re.IGNORECASE)
    pair = re.search(r"\b(?:the two of us|both of us|you and (?:me|i))\b", deed, re.IGNORECASE)
    return bool(pair) or (bool(joined) and begins("action.together", deed))


def _claims(unit: Statement, people: Cast, when: DueDate | None) -> Iterator[_Claim]:
    yield from _labelled(unit, people)
    yield from _planned(unit, people)
    yield from _present(unit, people, when)
    yield from _ordered(unit, people, when)
    yield from _nobodys(unit, people, when)


def _labelled(unit: Statement, people: Cast) -> Iterator[_Claim]:
    """Notes: "me: ...", "Ana to ...", "... - me, by Friday"; a comma is enough under a heading of actions."""
    if unit.speaker:
        return
    said, listed = unit.said, unit.section == "actions"
    names = people.called(pronouns="both|us|me|we|(?-i:I)")
    comma = r"|,\s+" if listed else ""
    label = re.match(rf"\W*(?P<who>{names})(?:\s*(?::|->|=>|=|\s-)\s*|(?P<to>\s+to\s+)(?=\w){comma})(?=\S)", said, re.IGNORECASE)
    if label:
        deed = said[label.end() :]
        sure = listed or bool(label["to"]) or _verb_first(deed)
        if not (_is_past_action(deed) or begins("turn.joke", deed) or deed.startswith('"')):
            yield _Claim(people.owner(label["who"], unit), label.end(), sure)
    tail = re.search(rf"(?:\s[-(]+|[a-z]\.)\s*(?P<who>{names})\s*(?=[,):.]|$|\sby\b|\sbefore\b)", said, re.IGNORECASE)
    if tail and not _is_past_action(said) and (listed or _verb_first(skip_lead(said))):
        yield _Claim(people.owner(tail["who"], unit), _start(said), True)


def _planned(unit: Statement, people: Cast) -> Iterator[_Claim]:
    """A future: "I'll send", "she is to draft", "let me find", at the start or after a joint of the sentence.

    "We'll" in speech mostly says what comes next in the room: it wants a date, like "let's" and "we agreed to".
    """
    who = rf"(?P<who>{people.called()})"
    form = re.compile(rf"{who}{_AUXILIARY}\s+{_ADVERB}(?=[a-z'])", re.IGNORECASE)
    must = re.compile(rf"{who}\s*{either('action.oblige')}\s+{_ADVERB}(?=[a-z'])", re.IGNORECASE)
    for place in [_start(unit.said), *(joint.end() for joint in _JOINT.finditer(unit.said))]:
        found = form.match(unit.said, place)
        owed = None if found else must.match(unit.said, place)
        match = found or owed
        owner = people.owner(match["who"], unit) if match else None
        if match and owner and not _passive_they(unit.said[match.end() :], match["who"]):
            loose = match["who"].lower() == "we" and ("agreed" in match[0] or bool(unit.speaker))
            yield _Claim(owner, match.end(), (bool(found) and not loose) or unit.section == "actions")
        common = _LETS.match(unit.said, place)
        if common:
            yield _Claim("both", common.end(), False)
        offer = _OFFER.match(unit.said, place)
        if offer and people.speaker(unit):
            yield _Claim(people.speaker(unit), offer.start(1), True)
    bare = re.match(rf"(?:will|gonna|going to)\s+{_ADVERB}(?=[a-z])", skip_lead(unit.said), re.IGNORECASE)
    if bare and people.speaker(unit):
        yield _Claim(people.speaker(unit), _start(unit.said) + bare.end(), True)


def _passive_they(deed: str, who: str) -> bool:
    return who.lower() in ("he", "she", "they") and bool(re.match(r"be \w+(?:ed|t|n)\b", deed))


def _present(unit: Statement, people: Cast, when: DueDate | None) -> Iterator[_Claim]:
    """Present tense with a date: "I close them by Friday", "Ana reviews it on Monday"."""
    if when is None:
        return
    begin = _start(unit.said)
    found = re.compile(
        rf"(?P<who>{people.called()})(?P<be>'m|'s|'re|\s+am|\s+is|\s+are)?\s+{_ADVERB}(?P<verb>[a-z-]+)", re.IGNORECASE
    ).match(unit.said, begin)
    if not found or says("action.past_time", unit.said):
        return
    owner, verb = people.owner(found["who"], unit), found["verb"].lower()
    if owner and (verb.endswith("ing") if found["be"] else _acts(verb, unit.text, when)):
        yield _Claim(owner, found.start("verb"), True)


def _acts(verb: str, text: str, when: DueDate) -> bool:
    if begins("action.both_tenses", verb):
        return lies_ahead(text, when)
    return not (begins("action.stative", verb) or begins("action.past", verb) or verb.endswith(("ed", "ing", "'t")))


def _ordered(unit: Statement, people: Cast, when: DueDate | None) -> Iterator[_Claim]:
    """An imperative; in speech it needs a date, under an actions heading it does not."""
    begin = _start(unit.said)
    rest = unit.said[begin:]
    listed = unit.section == "actions"
    speaker = people.speaker(unit)
    listener = people.owner("you", unit) if unit.speaker and speaker else None
    dated = awaits_event(unit.text) if when is None else lies_ahead(unit.text, when) or when.rank > 1
    to_me = bool(unit.speaker) and when is not None and _TO_ME.match(rest)
    if to_me or (_verb_first(rest) and (listed or dated)):
        yield _Claim(listener, begin, True)
    elif listed and when and not _THIRD.match(rest) and not _past(rest):
        yield _Claim(None, begin, True)


def _nobodys(unit: Statement, people: Cast, when: DueDate | None) -> Iterator[_Claim]:
    """Obligations without an owner: "someone has to ask", "the template has to be updated by May"."""
    begin = _start(unit.said)
    rest = unit.said[begin:]
    owed = re.match(
        rf"{either('action.someone')}\s+(?:{either('action.oblige')}|should|will|to)\s+(?=[a-z])", rest, re.IGNORECASE
    )
    if owed:
        yield _Claim(None, begin + owed.end(), True)
    passive = _PASSIVE.match(rest)
    if passive and (when or unit.section == "actions") and not _THIRD.match(rest):
        first = passive["what"].split()[0]
        if first.lower() in ("he", "she", "they", "it") or people.owner(first, unit) is None:
            yield _Claim(None, begin, True)


def _verb_first(text: str) -> bool:
    return begins("action.verb", text)


def _past(text: str) -> bool:
    return _is_past_action(text) or says("action.past_time", text)


def _is_past_action(text: str) -> bool:
    """Whether the text begins with a past action."""
    first = (re.match(r"[a-z]*", text.lower()) or [""])[0]
    done = begins("action.past", text) or first.endswith("ed") or first == "already"
    return done and not begins("action.both_tenses", text)
