"""Judges wordings of a sharp question: how likely would the author confirm each one unchanged?

A small logistic model over features of the wording and of the units it is made of; `judge.json` has its weights. It is trained on
judged pairs of message and question (`tests/evals/lab/training/train_judge.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from math import exp, log

from assistant.adapters.offline.composing.candidates import Candidate, Shape
from assistant.adapters.offline.composing.question_writer import Score
from assistant.adapters.offline.reading.unit_model import Unit

_OPEN = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|there|these|those|that|this|such|one|ones|so|both)\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"\b(?:that (?:i|we|you|he|she|it|they|the|my|our|a|an|people|nobody|somebody|someone|is|are|was|has|have|can|could|will|"
    r"would|does|do|doesn't|don't|won't|can't|\w+s)|"
    r"(?:this|these|those|that|such|one|both) [a-z]{3,}|there (?:is|are|was|were)|"
    r"(?:is|are|was|were) there|so (?:that|i|we|it|they|he|she|as|much|many|far)|"
    r"it (?:makes? sense|worth|normal|ok|okay|allowed|legal|possible|better|enough|true|fair|rude|wise|realistic|common|usual|"
    r"too))\b",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r"(?:,| and| or) (?:how|what|which|who|where|when|why|can|should|do|does|is|are)\b", re.IGNORECASE)
_NO = re.compile(r"\b(?:not|no|never|without|nobody|nothing|none|cannot|neither|nor)\b|n't\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_CONTENT = re.compile(r"[^\W\d_]{4,}")
_READER = re.compile(r"\b(?:you|your|me know|tell me|please)\b", re.IGNORECASE)
_DANGLING = re.compile(
    r"\b(?:and|or|but|the|a|an|of|to|with|for|in|on|at|by|from|that|which|my|our|because|so|than|as)\?$", re.IGNORECASE
)
_MARKS = re.compile(r"[,;:()\u2013\u2014]| - ")
_LOWER_I = re.compile(r"\bi\b")


@dataclass(frozen=True)
class Source:
    """What a question is made of: the units of the first message, what was said `later` as an ask, and a context said later."""

    units: tuple[Unit, ...]
    later: tuple[str, ...] = ()
    about: str = ""


class Judge:
    """Loads its weights at the first use; has no state otherwise."""

    def ranked(self, source: Source, offered: Sequence[Candidate], scores: Sequence[Score] = ()) -> list[tuple[Candidate, float]]:
        """The candidates, the best first, each with the probability that its author confirms it.

        `scores` are the question writer's, one for each candidate, if there are any.
        """
        given: Sequence[Score | None] = scores or [None] * len(offered)
        judged = [(one, self.fine(features(source, one, score))) for one, score in zip(offered, given, strict=True)]
        return sorted(judged, key=lambda pair: -pair[1])

    def fine(self, found: Mapping[str, float]) -> float:
        weights = self._weights
        total = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in found.items())
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))

    @cached_property
    def _weights(self) -> dict[str, float]:
        data = files("assistant.adapters.offline") / "data" / "judge.json"
        loaded: dict[str, float] = json.loads(data.read_text("utf-8"))["weights"]
        return loaded


def features(source: Source, candidate: Candidate, score: Score | None = None) -> dict[str, float]:
    """Named numbers from about 0 to 1; with the question writer's `score` also what it thinks of the wording."""
    units, text = source.units, candidate.text
    later = candidate.asked >= len(units)
    asked = None if later else units[candidate.asked]
    added = units[candidate.added] if 0 <= candidate.added < len(units) else None
    question = text.rpartition(": ")[2] if candidate.shape is Shape.AFTER else text
    words, content = len(_WORD.findall(text)), len(_CONTENT.findall(question))
    open_words = len(_OPEN.findall(question)) - len(_BOUND.findall(question))
    kept = _kept(asked.text, question) if asked else 1.0
    most = max((unit.asked for unit in units), default=0.0)
    found = {
        f"form {candidate.form}": 1.0,
        f"shape {candidate.shape}": 1.0,
        f"{candidate.form} {candidate.shape}": 1.0,
        "later": float(later),
        "asked": _logit(asked.asked) if asked else 1.0,
        "asked most": float(bool(asked and asked.asked >= most)),
        "ask role": asked.roles.get("A", 0.0) if asked else 1.0,
        "told role": (asked.roles.get("S", 0.0) + asked.roles.get("N", 0.0) + asked.roles.get("X", 0.0)) if asked else 0.0,
        "wish role": asked.roles.get("W", 0.0) if asked else 0.0,
        "words": min(words, 30) / 30,
        "short": float(words < 6),
        "very short": float(words < 4),
        "long": float(words > 22),
        "content": log(1 + content) / 3,
        "little content": float(content < 2),
        "open": min(max(open_words, 0), 3) / 3,
        "open alone": float(open_words > 0 and candidate.shape is Shape.ALONE),
        "open and little": float(open_words > 0 and content < 4),
        "first unit": float(candidate.asked == 0),
        "needs more": sum(unit.added for unit in units),
        "alone needs more": sum(unit.added for unit in units) if candidate.shape is Shape.ALONE else 0.0,
        "kept": kept,
        "cut": float(kept < 0.75),
        "double": float(bool(_DOUBLE.search(question))),
        "marks": min(len(_MARKS.findall(text)), 5) / 5,
        "says no": float(bool(_NO.search(question))),
        "loses no": float(bool(asked and _NO.search(asked.text) and not _NO.search(question))),
        "to reader": float(bool(_READER.search(question))),
        "dangling": float(bool(_DANGLING.search(text))),
        "capital": float(bool(asked and asked.text[:1].isupper())),
        "units": min(len(units), 12) / 12,
        "others' words": asked.roles.get("X", 0.0) if asked else 0.0,
    }
    if added:
        found |= {
            "added": _logit(added.added),
            f"added {added.role}": 1.0,
            "added before": float(candidate.added == candidate.asked - 1),
            "added after": float(candidate.added > candidate.asked),
            "added whole": _kept(added.text, text),
            "added open": float(bool(_OPEN.match(added.text))),
            "added words": min(len(_WORD.findall(added.text)), 20) / 20,
        }
    return found | (_of(score) if score else {})


def _of(score: Score) -> dict[str, float]:
    return {
        "likely": score.mean / 3,
        "least likely": score.least / 12,
        "seems fine": _logit(score.fine),
        "seems awkward": _logit(score.awkward),
        "seems wrong": _logit(score.wrong),
    }


def _kept(unit: str, question: str) -> float:
    """The share of a unit's longer words that the question keeps."""
    ours = {word.casefold() for word in _CONTENT.findall(unit)}
    theirs = {word.casefold() for word in _CONTENT.findall(question)}
    return len(ours & theirs) / len(ours) if ours else 1.0


def _logit(probability: float) -> float:
    safe = min(1 - 1e-3, max(1e-3, probability))
    return log(safe / (1 - safe)) / 7
