"""Extracts the wished form of help and language from the mentee's words about the format; only explicit mentions count."""

from __future__ import annotations

import re

FORMS: dict[str, str] = {
    "call": r"\bcalls?\b|\bby phone|\bon the phone|\bvideo (?:chat|meeting)|\bon (?:zoom|teams)",
    "written": r"\bin writing|\bwritten\b|\bby (?:e-?mail|mail)|\bby message",
    "drop_in": r"\bdrop(?:ping)?[- ]?in",
    "pairing": r"\bpair(?:ing)?\b|\bside by side|\bscreen[- ]?shar",
    "sequence": r"\b(?:series|sequence) of\b|\bseveral (?:sessions|meetings|calls)|\b(?:two|three|four) (?:short )?sessions",
    "interview": r"\b(?:mock )?interview",
}
"""Patterns by which each form of help of the mentors' profiles is asked for."""
_FORMS = {form: re.compile(words, re.IGNORECASE) for form, words in FORMS.items()}
LANGUAGES: dict[str, str] = {
    "arabic": "ar", "bulgarian": "bg", "chinese": "zh", "mandarin": "zh", "croatian": "hr", "czech": "cs", "danish": "da",
    "dutch": "nl", "english": "en", "estonian": "et", "finnish": "fi", "french": "fr", "german": "de", "greek": "el",
    "hebrew": "he", "hindi": "hi", "hungarian": "hu", "icelandic": "is", "indonesian": "id", "irish": "ga", "italian": "it",
    "japanese": "ja", "korean": "ko", "latvian": "lv", "lithuanian": "lt", "malay": "ms", "norwegian": "nb", "persian": "fa",
    "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru", "serbian": "sr", "slovak": "sk", "slovenian": "sl",
    "spanish": "es", "swahili": "sw", "swedish": "sv", "tamil": "ta", "telugu": "te", "thai": "th", "turkish": "tr",
    "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi", "welsh": "cy", "zulu": "zu",
}  # fmt: skip
LONGEST_UNSPECIFIC = 18
_LANGUAGE = re.compile(rf"\b(?:in|speaks?|speaking)\s+({'|'.join(LANGUAGES)})\b", re.IGNORECASE)


def forms(words: str) -> frozenset[str]:
    """The forms of help named in the text, as in the mentors' profiles; empty if none."""
    return frozenset(form for form, pattern in _FORMS.items() if pattern.search(words))


def languages(words: str) -> frozenset[str]:
    """The ISO 639 codes of the languages named in the text ("a call in German"); empty if none."""
    return frozenset(LANGUAGES[name.lower()] for name in _LANGUAGE.findall(words))


_BRAIN = re.compile(
    r"\b(?:(?:pick|borrow) (?:your|someone's|somebody's|anyone's) brains?|(?:have|grab) a (?:quick )?(?:chat|coffee|word)|"
    r"ask (?:you )?(?:something|a (?:quick )?question)|quick (?:chat|question|one))(?: with (?:you|someone|somebody))? "
    r"(?:about|on) "
    r"(?P<topic>[^?.!\n]{2,60})",
    re.IGNORECASE,
)


def unspecific(words: str) -> str:
    """The topic of a wish to "pick your brain" that says nothing more; "" for any other text."""
    found = _BRAIN.search(words)
    return found["topic"].strip() if found and len(words.split()) <= LONGEST_UNSPECIFIC else ""
