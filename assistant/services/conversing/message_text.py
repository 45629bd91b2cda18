"""Validates and normalises text from people."""

from __future__ import annotations

import re
import unicodedata

from assistant.services.results import Refusal, refuse

LONGEST, LONGEST_ID, LONGEST_MESSAGE_ID = 8000, 64, 120
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def readable(words: str) -> str:
    """The text in NFC, without control and direction characters, with unified line ends, trimmed."""
    plain = _CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", plain).encode("utf-8", "ignore").decode().strip()


def refused_text(words: str, limit: int = LONGEST) -> Refusal | None:
    """A refusal for an empty or too long text, else None."""
    if len(words) > limit:
        return refuse("too_long", size=len(words), limit=limit)
    return None if readable(words) else refuse("empty")


def is_id(value: str, limit: int = LONGEST_ID) -> bool:
    """Whether the value can be an id: printable and at most `limit` characters."""
    return 0 < len(value) <= limit and value.isprintable()


def has_words(text: str) -> bool:
    """Whether the text has at least two letters."""
    return sum(character.isalpha() for character in text) >= 2


_ENGLISH = frozenset(
    "the a an and or but is are was were i you we they he she it my our your to of in on at for with from by do does did have "
    "has "
    "how what why when where who which can could should would will not this that if me there "
    "please".split()
)
_OTHERS = (
    "der die das und ist ich nicht ein eine mit auf wie was wir sie es zu den dem von mein meine kann fuer für mich auch sich",
    "le la les des et est je ne pas un une avec sur comment quoi nous vous il elle que qui mon ma mes pour dans du au",
    "el los las y es yo no un una con como que nosotros ustedes mi mis para en del por se lo qué cómo",
    "il lo gli e è io non un una con come che noi voi mio mia per nel del della di sono",
    "o os as e é eu não um uma com como que nós meu minha para no na do da de por se",
    "de het een en is ik niet met op hoe wat wij jullie hij zij van mijn voor dat te ook",
    "i w na nie jest się z do jak co my wy on ona mój moja dla że to",
)
"""The commonest words of German, French, Spanish, Italian, Portuguese, Dutch and Polish."""
_FOREIGN = tuple(frozenset(words.split()) - _ENGLISH for words in _OTHERS)
LEAST_FOREIGN = 3


def mostly_foreign(text: str) -> bool:
    """Whether it cannot be read offline: most letters are not Latin, or its small words are of another language."""
    return _in_other_letters(text) or _in_other_words(text)


def _in_other_words(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.casefold())[:400]
    english = sum(word in _ENGLISH for word in words)
    foreign = max(sum(word in language for word in words) for language in _FOREIGN)
    return foreign >= LEAST_FOREIGN and foreign > 2 * english


def _in_other_letters(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    latin = sum("LATIN" in unicodedata.name(character, "") for character in letters)
    return len(letters) >= 4 and latin < len(letters) / 2
