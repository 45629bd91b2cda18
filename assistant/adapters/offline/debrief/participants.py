"""Resolves names, speaker labels and pronouns to mentee or mentor, and finds the author of the notes.

Display names decide. Without them the text does: labels "Mentor" and "Mentee", "I'm the mentor", the name in the
heading of the notes, and last the way each of the two talks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.adapters.offline.debrief.lexicon import count, either, words
from assistant.adapters.offline.debrief.units import Session, Statement
from assistant.domain.debrief import Owner

Role = Literal["mentee", "mentor"]
_OTHER: dict[Role, Role] = {"mentee": "mentor", "mentor": "mentee"}
_ROLES: tuple[Role, Role] = ("mentee", "mentor")
_HEADED = re.compile(
    rf"(?:\b(?i:w/|with|w|from|for|by|me \+|me and|me &|mentee:|mentor:)\s*(?:(?i:{either('people.title')})\.?\s+)?"
    r"|(?:Dr|Sr|Mr|Mrs|Ms|Prof)\.?\s+)(?P<name>[A-Z][\w'-]+)"
)
_TITLED = rf"(?:(?:{either('people.title')})\.?\s+)?"
_TITLED_CAPITAL = r"(?:Dr|Sr|Mr|Mrs|Ms|Prof)\.? "
_HEADING_LINES, _MOST_NAMES = 2, 12


@dataclass(frozen=True)
class Cast:
    """`names` maps a role to its names in lower case; `author` is the role of "I" if no speaker is named."""

    names: dict[Role, frozenset[str]]
    speakers: dict[str, Role]
    author: Role

    def speaker(self, unit: Statement) -> Role | None:
        """The role of "I" in this sentence; None for a third person in a transcript."""
        return self.speakers.get(unit.speaker) if unit.speaker else self.author

    def owner(self, word: str, unit: Statement) -> Owner | None:
        """The role that a pronoun or name in this sentence refers to; None for a third person."""
        word = re.sub(rf"^{_TITLED}", "", word.lower().strip(), flags=re.IGNORECASE)
        if word in ("we", "us", "both", "both of us"):
            return "both"
        speaker = self.speaker(unit)
        if word in ("i", "me", "myself"):
            return speaker
        if word == "you" or (word in ("he", "she", "they") and not unit.speaker):
            return _OTHER[speaker] if speaker else None
        return next((role for role in _ROLES if word in self.names[role]), None)

    def called(self, *, pronouns: str = "both of us|both|we|us|you|he|she|they|me|(?-i:I)") -> str:
        """A pattern of all that can own something: known names (longest first, initials in capitals) and pronouns."""
        known = sorted({name for names in self.names.values() for name in names}, key=len, reverse=True)
        return rf"(?:{'|'.join([*map(_as_written, known), pronouns])})"


def cast(session: Session, mentee: str, mentor: str, author: Role | None = None) -> Cast:
    """Resolves the roles from the display names and the text; `author` is the role of the notes' author, if known."""
    given: dict[Role, set[str]] = {"mentee": _parts(mentee), "mentor": _parts(mentor)}
    shared = given["mentee"] & given["mentor"]
    names: dict[Role, set[str]] = {role: (given[role] - shared) | {role} for role in _ROLES}
    if session.transcript:
        speakers = _speakers(session.units, names)
        for label, role in speakers.items():
            names[role] |= _parts(label)
        return Cast(_frozen(names), speakers, "mentee")
    author = author or _author(session, names)
    if not names[_OTHER[author]] - {"mentee", "mentor"}:
        names[_OTHER[author]] |= _headed(session)
    for role in _ROLES:
        names[role] |= _initials(session, names[role] - {"mentee", "mentor"})
    return Cast(_frozen(names), {}, author)


def _as_written(name: str) -> str:
    if len(name) > 1:
        return _TITLED + re.escape(name)
    return rf"(?-i:{_TITLED_CAPITAL if name in 'ai' else ''}{re.escape(name.upper())}(?![\w.']))"


def _parts(name: str) -> set[str]:
    titles = set(words("people.title"))
    return {part.strip(".,()").lower() for part in name.split()} - titles - {""}


def _frozen(names: dict[Role, set[str]]) -> dict[Role, frozenset[str]]:
    return {role: frozenset(parts) for role, parts in names.items()}


def _speakers(units: Sequence[Statement], names: dict[Role, set[str]]) -> dict[str, Role]:
    """Assigns a role to each of the two main labels; further speakers get none."""
    said: dict[str, list[str]] = {}
    for unit in units:
        if unit.speaker:
            said.setdefault(unit.speaker, []).append(unit.said)
    found: dict[str, Role] = {}
    for label, own in said.items():
        role = next((role for role in _ROLES if _parts(label) & names[role]), None) or _declared(own)
        if role:
            found[label] = role
    rest = sorted((label for label in said if label not in found), key=lambda name: -len(said[name]))
    open_roles = [role for role in _ROLES if role not in found.values()]
    if len(open_roles) == 1 and rest:
        found[rest[0]] = open_roles[0]
    elif len(open_roles) > 1 and len(rest) > 1:
        first, second = sorted(rest[:2], key=lambda label: -_mentor_talk(said[label]))
        found |= {first: "mentor", second: "mentee"}
    return found


def _declared(own: Sequence[str]) -> Role | None:
    said = " ".join(own)
    for role in _ROLES:
        if re.search(either("people.self").replace("{role}", role), said, re.IGNORECASE):
            return role
    return None


def _mentor_talk(own: Sequence[str]) -> float:
    score = sum(count("people.mentor_talk", text) - count("people.mentee_talk", text) for text in own)
    return score / max(1, len(own))


def _mentions(session: Session, names: set[str]) -> int:
    if not names:
        return 0
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"
    return len(re.findall(pattern, session.text, re.IGNORECASE))


def _author(session: Session, names: dict[Role, set[str]]) -> Role:
    """The role that the notes do not name; else by style; else the mentee."""
    mentee = _mentions(session, names["mentee"] - {"mentee"})
    mentor = _mentions(session, names["mentor"] - {"mentor"})
    if mentee and not mentor:
        return "mentor"
    if mentor and not mentee:
        return "mentee"
    return "mentor" if count("people.by_mentor", session.text) > count("people.by_mentee", session.text) else "mentee"


def _headed(session: Session) -> set[str]:
    """The name in the first lines of the notes that the notes use most."""
    head = "\n".join(session.text.strip().split("\n")[:_HEADING_LINES])
    names = [found["name"] for found in _HEADED.finditer(head) if _parts(found["name"])] or re.findall(
        r"(?<=[-,] )[A-Z][\w'-]+|(?<![\w'-])[A-Z][\w'-]+(?= (?:showed|helped|told))", head
    )
    first = list(dict.fromkeys(names))[:_MOST_NAMES]
    used = {name: len(re.findall(rf"\b{re.escape(name)}\b", session.text)) for name in first}
    best = max(used, key=lambda name: used[name], default="")
    return {best.lower()} if best else set()


def _initials(session: Session, names: set[str]) -> set[str]:
    """Initials of a known name ("B to send ..."), unless another word explains them."""
    letters = {name[0] for name in names if name[0].isalpha()} - {"i", "a"}
    titled = {
        name[0]
        for name in names
        if name[0].isalpha() and re.search(rf"\b(?:Dr|Sr|Mr|Ms|Mrs)\.? {name[0].upper()}\b", session.text)
    }
    return {x for x in letters if re.search(rf"(?:^|[\n\s]){x.upper()}(?= (?:to|will|\w+s|had|was)\b|:)", session.text)} | titled
