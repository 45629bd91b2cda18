"""What kind of session a request needs: practice of a skill, work in writing, or a talk."""

from __future__ import annotations

import re
from typing import Literal

from assistant.dialogue.wishes import forms

Shape = Literal["skill", "written", "talk"]
_HOW = re.compile(
    r"\b(?:how (?:do|can|could|should|would|shall|might) (?:i|we|one)|how to|show (?:me|us) how (?:to|i|we)(?: can)?|"
    r"teach (?:me|us)(?: how)? to|learn(?: how)? to|practi[sc]e(?: how to)?)"
    r"(?: (?:best|actually|really|properly|even|ever|quickly|better|then|now|also|first))* (?P<verb>[a-z]+)(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_PRACTISED = frozenset(
    """add adjust announce answer apologise apologize apply argue ask assemble automate build calculate calibrate change
    chair clean close code combine compare compose compute configure connect convert copy create cut debug decline
    deliver demo deploy design draft draw edit embed explain export facilitate file filter fit fold format give group
    highlight import insert install interview introduce join label lead link load log make map measure merge mock model
    moderate mount negotiate open operate pair paint parse pin pitch plot practise practice prepare present print
    programme program prune query quote raise read record refactor refuse rehearse render repair reply report
    respond restore run save scan schedule script set share shoot show solder sort speak split start state style
    summarise summarize tell test train translate tune type use visualise visualize weld wire word write""".split()
)
_NOT_BY_HAND = re.compile(
    r"^ (?:whether|if|which|when|what)\b|^ (?:sure|sense|up|peace|a (?:decision|choice|difference)|the (?:right|best) choice)\b",
    re.IGNORECASE,
)
"""After such words the verb means judging, as in "tell whether" or "make sure"."""


def session_shape(question: str, form: str = "") -> Shape:
    """The shape by the question and the words about the format: "skill" for something done by hand or in words."""
    if forms(form) == {"written"}:
        return "written"
    match = _HOW.search(question)
    if not match or match["verb"].lower() not in _PRACTISED or _NOT_BY_HAND.match(match["rest"]):
        return "talk"
    return "skill"
