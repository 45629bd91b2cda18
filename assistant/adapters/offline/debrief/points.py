"""Finds decisions, resources, open questions, other experts, competencies and takeaways.

Each rule reads one sentence and its neighbours. A takeaway is a general statement: sentences are scored by their words
and at most six are kept, in their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.adapters.offline.debrief.lexicon import begins, count, either, says, skip_lead
from assistant.adapters.offline.debrief.participants import Cast
from assistant.adapters.offline.debrief.units import Statement
from assistant.domain.debrief import ItemKind

_NAME = r"\b(?:(?i:dr|sr|mr|mrs|ms|prof)\.? )?[A-Z][\w'-]+(?: [A-Z][\w'-]+)?"
_ASK = re.compile(
    r"(?:^|(?i:\b(?:you (?:should|could|can|might)|to|also|and|then|better|suggested i|suggests i|suggested she)) )"
    rf"(?i:ask|talk to|speak to|speak with|see|contact|ring|call|try|go to|go and see|catch|message|write to) "
    rf"(?P<who>{_NAME})(?=,| (?i:{either('point.expert_reason')})\b)"
)
_KNOWS = re.compile(
    rf"(?P<who>{_NAME})(?:,? (?:in|from|at|of) [\w ]{{2,25}}?)? "
    r"(?i:is your|is the (?:person|one|expert|man|woman|specialist)|would know|is (?:better|best) placed"
    r"|knows (?:this|that|it|more|everything|a lot|all about)|has done (?:this|that|it))\b"
)
_DEED = re.compile(r"(?P<who>[A-Za-z][\w'-]*(?: [A-Z][\w'-]+)?)\s+(?:(?:just|then|also) )?(?P<verb>[a-z]+)\b")
_SHORT_QUESTION, _SHORTEST, _LONGEST, _KEPT, _ENOUGH = 5, 4, 34, 6, 1.9
_REPLY_WITHIN = 40
_FEW_DEEDS, _NEIGHBOURS, _TELLING, _RAMBLING = 7, 3, 8, 26
_LISTED: tuple[ItemKind, ...] = ("decision", "resource", "open_question", "takeaway")


def kind(units: Sequence[Statement], here: int, people: Cast) -> ItemKind | None:
    """The kind of item that the sentence states, promises and takeaways aside, or None."""
    unit = units[here]
    listed: ItemKind | None = next((name for name in _LISTED if unit.section == f"{name}s"), None)
    if listed:
        return listed
    if says("turn.defer", unit.said):
        return None
    if unit.text.rstrip(" )\"'").endswith("?") or _open(units, here):
        return "open_question" if _open(units, here) else None
    refused = _refused(units, here)
    found: tuple[tuple[ItemKind, bool], ...] = (
        ("other_expert", not refused and _expert(unit, people)),
        ("resource", _resource(unit)),
        ("competency", _competency(units, here, people)),
        ("decision", not refused and _decision(unit)),
    )
    return next((name for name, right in found if right), None)


def takeaways(units: Sequence[Statement], people: Cast) -> list[Statement]:
    """The most general statements of the session, at most six, in their order."""
    scored = [(_generality(unit, people), -at, unit) for at, unit in enumerate(units) if not _refused(units, at)]
    best = sorted((entry for entry in scored if entry[0] >= _ENOUGH), key=lambda entry: entry[:2], reverse=True)[:_KEPT]
    return sorted((unit for _, _, unit in best), key=lambda unit: unit.start)


def _refused(units: Sequence[Statement], here: int) -> bool:
    reply = answer(units, here)
    return says("turn.refused", units[here].said) or (reply is not None and begins("turn.refuse", skip_quote(reply)))


def answer(units: Sequence[Statement], here: int) -> Statement | None:
    """The next speaker's first sentence within 40 sentences; in notes the next sentence of the same line."""
    unit = units[here]
    for other in units[here + 1 : here + 1 + _REPLY_WITHIN]:
        if unit.speaker and other.speaker != unit.speaker:
            return other
        if not unit.speaker:
            return other if other.line == unit.line else None
    return None


def skip_quote(unit: Statement) -> str:
    return unit.said.lstrip("\"' ")


def _open(units: Sequence[Statement], here: int) -> bool:
    unit = units[here]
    asks = unit.text.rstrip(" )\"'").endswith("?")
    if re.match(r"(?:q|question|open)\b[:\s]", unit.text, re.IGNORECASE) or re.search(
        r"\bquestion left:", unit.text, re.IGNORECASE
    ):
        return True
    if not asks:
        return bool(re.search(r"\bwhether\b", unit.text)) and says("turn.unresolved", unit.text)
    if len(unit.text.split()) < _SHORT_QUESTION or unit.text.lstrip().startswith('"'):
        return False
    nearby = _following(units, here)
    unresolved = any(says("turn.unresolved", other.said) and not other.said.rstrip().endswith("?") for other in nearby)
    own = says("turn.unresolved", unit.said)
    return unresolved or own or (not unit.speaker and not nearby and "_" not in unit.said)


def _following(units: Sequence[Statement], here: int) -> list[Statement]:
    """The rest of the line in notes; in a transcript the next turns up to the next question."""
    unit = units[here]
    after = units[here + 1 : here + 1 + _REPLY_WITHIN]
    if not unit.speaker:
        return [other for other in after if other.line == unit.line]
    near: list[Statement] = []
    lines: set[int] = set()
    for other in after:
        lines.add(other.line)
        if len(lines) > _NEIGHBOURS or (other.text.rstrip().endswith("?") and len(other.text.split()) >= _SHORT_QUESTION):
            break
        near.append(other)
    return near


def _expert(unit: Statement, people: Cast) -> bool:
    found = _ASK.search(skip_lead(unit.said)) or _KNOWS.search(unit.said)
    return found is not None and people.owner(found["who"].split()[-1], unit) is None


def _resource(unit: Statement) -> bool:
    if re.search(r"https?://|\bwww\.", unit.said):
        return True
    alone = not unit.speaker and len(unit.text.split()) <= _SHORT_QUESTION and begins("point.resource", skip_lead(unit.said))
    return alone or (says("point.resource", unit.said) and says("point.resource_verb", unit.said) and not _past_talk(unit))


def _past_talk(unit: Statement) -> bool:
    return says("action.past_time", unit.said) or bool(re.search(r"\b(?:was|were|had)\b", unit.said))


def _competency(units: Sequence[Statement], here: int, people: Cast) -> bool:
    """Whether the mentee did something in the session under supervision or with the mentor's immediate praise."""
    unit = units[here]
    if says("action.past_time", unit.said) or re.search(r"\b(?:last|on) \w+day\b|\bshould\b|\bwill\b|'ll\b", unit.said):
        return False
    if not _mentees_deed(unit, people):
        return False
    if says("point.supervised", unit.said):
        return True
    if not unit.speaker or len(unit.text.split()) < _FEW_DEEDS:
        return False
    several = sum(_past_verb(word) for word in re.findall(r"(?:\bI |\band |, )([a-z]+)\b", unit.said)) > 1
    reply = answer(units, here)
    return several or (reply is not None and people.speaker(reply) == "mentor" and says("turn.praise", reply.said))


def _mentees_deed(unit: Statement, people: Cast) -> bool:
    rest = re.sub(r"^(?:we did one:|in (?:the )?\w+,?)\s+", "", skip_lead(unit.said), flags=re.IGNORECASE)
    if people.speaker(unit) == "mentee" and _past_verb(rest.split(" ")[0]):
        return True
    if unit.speaker and people.speaker(unit) == "mentee" and says("point.deed", rest):
        return True
    found = _DEED.match(rest)
    return found is not None and people.owner(found["who"], unit) == "mentee" and _past_verb(found["verb"])


def _past_verb(word: str) -> bool:
    word = word.lower().strip(",.")
    word = word[2:] if word.startswith("re") and begins("action.past", word[2:]) else word
    return (word.endswith("ed") and not word.endswith("eed")) or begins("action.past", word)


def _decision(unit: Statement) -> bool:
    return says("point.decision", skip_lead(unit.said)) and not says("action.condition", unit.said)


def _generality(unit: Statement, people: Cast) -> float:
    """Score of how general the statement is; takeaways have at least 1.9."""
    said = skip_lead(unit.said)
    length = len(said.split())
    mostly_quoted = 2 * said.count("_") > len(said)
    if not _SHORTEST <= length <= _LONGEST or said.rstrip(" )\"'").endswith("?") or mostly_quoted:
        return 0.0
    score = 0.8 * min(count("point.takeaway", said), 3)
    score += 1.0 if begins("point.takeaway_verb", said) or re.match(r"(?:don'?t|never|always)\b", said, re.IGNORECASE) else 0.0
    score += 0.8 if unit.speaker and people.speaker(unit) == "mentor" else 0.0
    score += 0.4 if _TELLING <= length <= _RAMBLING else 0.0
    score += 0.4 if re.match(r"(?:an?|the|every|each|any|no|only)\b", said, re.IGNORECASE) else 0.0
    score += 0.4 if not unit.speaker and not says("point.personal", said) else 0.0
    score -= 1.2 if says("point.personal", said) else 0.0
    score -= 1.0 if begins("point.deictic", said) else 0.0
    score -= 1.0 if _past_talk(unit) else 0.0
    return score - (0.5 if re.search(r"\d{2,}", said) else 0.0)
