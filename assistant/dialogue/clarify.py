"""Chooses the clarifying question: the one thing that is worth asking before an answer, and mostly none.

What is worth asking is a judgement about everything said so far, made by the turn's language. Here it is limited: never asked
twice, at most MOST_QUESTIONS a request, never "which part" without options. Options come from the mentee's own questions, or from
the labels (facets of articles, skills) that divide what was found. Without options an open question names what it is about; where
something was said that cannot be named briefly, nothing is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Protocol, get_args

from assistant.dialogue.moves import Ask
from assistant.dialogue.understanding import Understanding
from assistant.domain.need import Need, SlotName
from assistant.domain.reply import Asks
from retrieval.text import content_stems

MOST_QUESTIONS = 2
FACET = "part"
FAMILIES = ("article", "mentor")
LEAST_GAIN = 0.05
LEAST_WORTH, AGAINST_NONE = 0.25, 0.5
"""Least probability that a question is worth asking, by itself and as a share of the probability that none is. On voices that the
model had not read, 91% of what is asked with these is asked about a real gap, and 71% of the real gaps are asked about."""
LEAST_WORTH_OF_TOPIC = 0.5
"""The same for the question what it is about, which annoys most where something was said about it."""
WITH_OPTIONS = ("task", "context")
"""Slots for which options are offered instead, if there are any that decide something."""
MOST_OPTIONS = 4
LONGEST_SUBJECT = 16
"""Words of what is named in a question."""
_ASKING = frozenset(
    """a about actual actually advice am an and any anybody anyone are ask asking be call can chat connect conversation
    could do for get give got have hello help hey hi how human i in is it just me mentor my need no not of on one or
    people person please pls prefer put question questions quick rather real really so some somebody someone something
    speak stuck talk that the there thing things this through to today truly us want we what who with work would you
    your""".split()
)

_QUESTION = re.compile(
    r"(?:q?\d{1,2}\W+|(?:first|second|third|and|or|also|so|but|then|one|two|three)\b\W*)?"
    r"(?:(?:at|by|for|from|in|since|to|until|with) wh\w+|how|wh(?:at|en|ere|ich|o|om|ose|y)(?:['\u2019]s)?|should|shall|can|could"
    r"|may|might|must|is|isn['\u2019]t|are|aren['\u2019]t|am|was|were|do|don['\u2019]t|does|doesn['\u2019]t|did|will|would|have|has|had)\b"
    r"|[^.!?]{3,80}\bor\b|[^.!?,]{2,40}, (?:how|wh(?:at|en|ere|ich|o|y))\b",
    re.IGNORECASE,
)
_FRAME = re.compile(r"what (?:can I do when|should I know about)\b", re.IGNORECASE)
"""How a statement or a catchword was made a question."""


@dataclass(frozen=True)
class Candidate:
    """A facet of an article, or a mentor, with a positive weight and labels.

    The id begins with the family, as in `article:slug:facet` and `mentor:m001`.
    """

    id: str
    weight: float
    labels: frozenset[str]

    @property
    def family(self) -> str:
        return self.id.partition(":")[0]


class Questioner(Protocol):
    """Chooses the question of one turn, or none. The product uses `next_question`."""

    def __call__(
        self, need: Need, asked: Sequence[Asks], candidates: Sequence[Candidate], claim: Understanding, said: str = ""
    ) -> Ask | None: ...


def next_question(
    need: Need, asked: Sequence[Asks], candidates: Sequence[Candidate], claim: Understanding, said: str = ""
) -> Ask | None:
    """The question that is most worth asking, or None. `said` is everything the mentee wrote.

    A language that does not judge what is worth asking leads to two questions at most: for the topic, then for success.
    """
    if len(asked) >= MOST_QUESTIONS:
        return None
    closed = {ask.name for ask in asked} | need.closed | need.slots.keys() | need.hinted
    best = most_worth(claim.worth or _unjudged(need, said), closed)
    return _question(best, need, candidates, claim, said, choice_open=FACET not in closed) if best else None


def most_worth(worth: Mapping[str, float], closed: Collection[str] = ()) -> str:
    """The slot or facet that is most worth asking for among those that are not `closed`; "" if none is worth it."""
    open_ones = {name: chance for name, chance in worth.items() if name != "none" and name not in closed}
    best = max(open_ones, key=lambda name: open_ones[name], default="")
    least = LEAST_WORTH_OF_TOPIC if best == "task" else LEAST_WORTH
    return best if best and open_ones[best] >= max(least, AGAINST_NONE * worth.get("none", 0.0)) else ""


def _question(
    name: str, need: Need, candidates: Sequence[Candidate], claim: Understanding, said: str, choice_open: bool
) -> Ask | None:  # fmt: skip
    own = own_questions(claim)
    if name == FACET and own:
        return Ask(Asks("facet", FACET), own[:MOST_OPTIONS])
    if name in (FACET, *WITH_OPTIONS) and choice_open:
        options = options_for(need, candidates, said)
        if options and decides(options, candidates):
            return Ask(Asks("facet", FACET), options)
    if name in WITH_OPTIONS and _telling(said) and not subject(need, said):
        return None
    return Ask(Asks("slot", name)) if name in get_args(SlotName) else None


def own_questions(claim: Understanding) -> tuple[str, ...]:
    """The mentee's own questions, of which they may choose; none where they are fewer than two or several cannot be read."""
    own = tuple(filter(is_question, claim.asks))
    return own if len(own) >= max(2, len(claim.asks) - 1) else ()


def is_question(text: str) -> bool:
    """Whether a text reads as a question of its own, rather than as a statement or a catchword with a question mark."""
    return bool(_QUESTION.match(text)) and not _FRAME.match(text)


def subject(need: Need, said: str = "") -> str:
    """What the request is about, for a question that names it: a slot, or all that was said; empty if it is long or nothing."""
    told = " ".join(line.strip() for line in said.splitlines() if _telling(line))
    sentence = (need.value("task") or need.value("context")).split(". ")[0] or told
    sentence = sentence.strip().rstrip(".!?,;: ")
    return sentence if 1 <= len(sentence.split()) <= LONGEST_SUBJECT else ""


def _unjudged(need: Need, said: str) -> Mapping[str, float]:
    """What is asked for where nobody judged what is worth it."""
    return {"outcome": 0.5} if need.about_something or tells_something(said) else {"task": 1.0}


def tells_something(said: str) -> bool:
    """Whether a text has at least two words besides those of asking for help."""
    return len(_telling(said)) >= 2


def _telling(said: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", said.casefold())) - _ASKING


def options_for(need: Need, candidates: Sequence[Candidate], said: str = "", most: int = MOST_OPTIONS) -> tuple[str, ...]:
    """Two to four labels that split the candidates best, chosen greedily; what the mentee already mentioned is left out."""
    mentioned = set(content_stems(f"{need.words()}\n{said}"))
    labels = sorted({label for c in candidates for label in c.labels if not mentioned.issuperset(content_stems(label))})
    chosen: list[str] = []
    while len(chosen) < most and labels:
        best = max(labels, key=lambda label: (information_gain((*chosen, label), candidates), -labels.index(label)))
        before = information_gain(tuple(chosen), candidates) if chosen else 0.0
        if information_gain((*chosen, best), candidates) - before < LEAST_GAIN:
            break
        chosen.append(best)
        labels.remove(best)
    return tuple(chosen) if len(chosen) >= 2 else ()


def decides(options: Sequence[str], candidates: Sequence[Candidate]) -> bool:
    """Whether the passages or the top mentor depend on the option picked (including "something else")."""
    outcomes = {tuple(_first(candidates, family, option, options) for family in FAMILIES) for option in (*options, "")}
    return len(outcomes) > 1


def _first(candidates: Sequence[Candidate], family: str, option: str, options: Sequence[str]) -> str:
    """The id of the top candidate of a family after the mentee picks `option` ("" for none of them)."""
    own = [c for c in candidates if c.family == family]
    fitting = [c for c in own if (option in c.labels if option else not c.labels & set(options))]
    best = max(fitting or own, key=lambda c: (c.weight, c.id), default=None)
    return best.id if best else ""


def information_gain(options: Sequence[str], candidates: Sequence[Candidate]) -> float:
    """Expected information in bits from the mentee picking one of `options` or "something else"."""
    total = sum(c.weight for c in candidates)
    if not total:
        return 0.0
    groups: dict[str, list[float]] = {}
    for candidate in candidates:
        answer = next((option for option in options if option in candidate.labels), "")
        groups.setdefault(answer, []).append(candidate.weight)
    after = sum(sum(group) / total * _entropy(group) for group in groups.values())
    return _entropy([c.weight for c in candidates]) - after


def _entropy(weights: Sequence[float]) -> float:
    total = sum(weights)
    return -sum(w / total * log2(w / total) for w in weights if w > 0)
