"""Detects addresses and markup: anything that a page or mail program could turn into a link, an image or a request."""

from __future__ import annotations

import re

from assistant.dialogue.grounding.folded_words import fold

_TLD = (
    "com|org|net|io|ai|app|dev|co|uk|de|eu|fr|ch|at|nl|it|es|pl|ru|cn|us|ca|au|in|info|biz|xyz|site|online|shop|top|link|click|me|"
    "tk|ml|ly|gg|to|cc|tv|zip|mov|cloud|page|edu|gov|mil|int|example|test|invalid|local|internal|onion|work|club|live|store"
)
_DOT = (
    r"\s*(?:\.|\(\s*\.\s*\)|\[\s*\.\s*\]|\{\s*\.\s*\}|\(\s*dot\s*\)|\[\s*dot\s*\]|\{\s*dot\s*\}|\u3002|\u2024|\uff0e|\uff61)\s*"
)
_AT = r"\s*(?:@|\(\s*at\s*\)|\[\s*at\s*\]|\{\s*at\s*\})\s*"
_PATTERNS = (
    r"\b(?:h\W{0,2}[tx]\W{0,2}[tx]\W{0,2}p\W{0,2}s?|s?ftp|wss?|javascript|vbscript|mailto|gopher|magnet)\s*(?::|\[:\]|\(:\)|&colon;)",
    r"\b(?:data|file|tel|sms|blob|about|intent|chrome|ssh|git|ldap|irc|view-source):(?=[a-z0-9/+])",
    r":\s*/\s*/|\[:\]//|(?:^|[\s\"'(=])//\s*[a-z0-9]",
    r"\bhxxps?\b",
    r"\bwww\d?\s*(?:\.|\[\.\]|\(\.\))",
    rf"(?<![\w.+-])[\w.+-]{{1,64}}{_AT}[\w-]+{_DOT}\w{{2,}}",
    r"\w@[\w\[]",
    rf"[a-z0-9]\.(?:{_TLD})\b(?![(\w])",
    rf"[a-z0-9]{{2}}(?:\s+\.\s*|\s*\[\s*\.\s*\]\s*|\s*\(\s*\.\s*\)\s*|\s*[\[({{]\s*dot\s*[\])}}]\s*|\s+dot\s+)(?:{_TLD})\b",
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b(?::\d+|/|\b)",
    r"\[[0-9a-f:]{0,30}::[0-9a-f:]{0,30}\]",
    r"\blocalhost\b\s*[:/]",
    r"!\s*\[",
    r"\[[^\]\n]{0,200}\]\s*\((?!\s*\))",
    r"\]\s*\(",
    r"\[[^\]\n]{1,200}\]\s*:\s*\S",
    r"\[(?=[^\]\n]{0,200}[a-z])[^\]\n]{0,200}\]\s*\[[^\]\n]{0,200}\]",
    r"<[a-z/!?]",
    r"&(?:lt|gt|quot|colon|sol|period|commat|tab|newline|amp|#\d+|#x[0-9a-f]+);?",
    r"\bxn--",
    r"%(?:3a|2f|40|3c)",
)
_STOPS = re.compile("[\u3002\u2024\uff61]")
_ANY = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)


def has_address(text: str) -> bool:
    """Whether the text has an address (URL, e-mail, host), plain or obfuscated, or any markup."""
    return _ANY.search(text) is not None or _ANY.search(_STOPS.sub(".", fold(text))) is not None
