"""Addresses and markup: whatever a page or a mail program could turn into a link, a picture or a request to elsewhere."""

from __future__ import annotations

import re

from assistant.dialogue.words import fold

_TLD = (
    "com|org|net|io|ai|app|dev|co|uk|de|eu|fr|ch|at|nl|it|es|pl|ru|cn|us|ca|au|in|info|biz|xyz|site|online|shop|top|link|click|me|"
    "tk|ml|ly|gg|to|cc|tv|zip|mov|cloud|page|edu|gov|mil|int|example|test|invalid|local|internal|onion|work|club|live|store"
)
_DOT = (
    r"\s*(?:\.|\(\s*\.\s*\)|\[\s*\.\s*\]|\{\s*\.\s*\}|\(\s*dot\s*\)|\[\s*dot\s*\]|\{\s*dot\s*\}|\u3002|\u2024|\uff0e|\uff61)\s*"
)
_AT = r"\s*(?:@|\(\s*at\s*\)|\[\s*at\s*\]|\{\s*at\s*\})\s*"
_PATTERNS = (
    r"\b(?:h\W{0,2}[tx]\W{0,2}[tx]\W{0,2}p\W{0,2}s?|s?ftp|wss?|file|javascript|vbscript|data|mailto|tel|sms|blob|about|intent|"
    r"chrome|magnet|ssh|git|ldap|gopher|irc)\s*(?::|\[:\]|\(:\)|&colon;)\s*(?=\S)(?:(?<=[:\])] )|(?=/)|(?=[^\s]))",
    r":\s*/\s*/|\[:\]//|(?:^|[\s\"'(=])//\s*[a-z0-9]",
    r"\bhxxps?\b",
    r"\bwww\d?\s*(?:\.|\[\.\]|\(\.\))",
    rf"[\w.+-]+{_AT}[\w-]+{_DOT}\w{{2,}}",
    rf"\S+@[\w-]+{_DOT}\w+",
    r"[\w.+-]+@(?:[\w-]+\.)*[\w-]+\b",
    rf"\b(?:[a-z0-9-]+\.)+(?:{_TLD})\b(?![(\w])",
    rf"\b[a-z0-9-]{{2,}}(?:\s+\.\s*|\s*\[\s*\.\s*\]\s*|\s*\(\s*\.\s*\)\s*|\s*[\[({{]\s*dot\s*[\])}}]\s*|\s+dot\s+)(?:{_TLD})\b",
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b(?::\d+|/|\b)",
    r"\[[0-9a-f:]*::[0-9a-f:]*\]",
    r"\blocalhost\b\s*[:/]",
    r"!\s*\[",
    r"\[[^\]\n]*\]\s*\((?!\s*\))[^)\n]*",
    r"\]\s*\(",
    r"\[[^\]\n]+\]\s*:\s*\S",
    r"\[[^\]\n]*[a-z][^\]\n]*\]\s*\[[^\]\n]*\]",
    r"<\s*/?\s*[a-z!?][^>]*>?",
    r"&(?:lt|gt|quot|colon|sol|period|commat|tab|newline|amp|#\d+|#x[0-9a-f]+);?",
    r"\bxn--",
    r"%(?:3a|2f|40|3c)",
)
_ANY = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)


def has_address(text: str) -> bool:
    """Whether the text has an address (URL, mail, host) in plain or disguised form, or any markup."""
    return _ANY.search(text) is not None or _ANY.search(fold(text)) is not None
