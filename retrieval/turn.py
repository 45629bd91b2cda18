"""One turn of a conversation: answer it, ask back, or decline, by a small model over what can be seen before answering.

Seen are the evidence for the turn together with the one before it, the evidence for the turn alone, and how it is worded: a
question about "the bond" that nobody has mentioned needs asking back; one that the base is far from, with or without its
context, cannot be answered. The model is a multinomial logistic regression over standardised features, its weights
shipped for each embedder with the data they were fitted on. How far a conversation has gone is no feature on purpose.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from retrieval.decision import covered
from retrieval.text import content_stems, words

if TYPE_CHECKING:
    from retrieval.search import Evidence, Hit

Action = Literal["answer", "ask", "decline"]
Features = Mapping[str, float | None]
"""By name; None is "nothing to see here" and counts as what is usual."""

ACTIONS: tuple[Action, ...] = ("answer", "ask", "decline")
LOOKED_AT = 5
"""The nearest hits of either evidence that are compared."""
CITED_AT, MOST_CITED = 0.7, 3

_POINTING = frozenset("it its this that these those they them their he him his she her one ones there here".split())
_ASKING = frozenset("what which who whom whose when where why how".split())
_AUXILIARY = frozenset("is are was were do does did can could will would should has have had may might".split())
_OWN = frozenset("i my me we our".split())
_DEFINITE = re.compile(r"\b(?:the|this|that|these|those|his|her|its|their)\s+((?:[\w'’-]+\s+){0,3}[\w'’-]+)")  # noqa: RUF001
_HEAD_ENDS = re.compile(r"\b(?:of|in|for|to|and|on|at|is|are|was|were|that|which|by|with|from)\b")


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model: for each feature its usual value and spread, for each action a weight a feature and a bias."""

    names: tuple[str, ...]
    usual: tuple[float, ...]
    spread: tuple[float, ...]
    weights: Mapping[str, Sequence[float]]
    bias: Mapping[str, float]
    found: str


def with_context(question: str, earlier: Sequence[str]) -> str:
    """What is searched for: the turn after the person's turn before it; `earlier` has the person's turns, oldest first."""
    return "\n".join([*earlier[-1:], question])


def features_of(question: str, history: Sequence[str], together: Evidence, alone: Evidence, nearness: float | None) -> Features:
    """What is seen of a turn.

    `history` has all earlier messages of both sides; `together` is the evidence for `with_context`, `alone` that for the
    turn by itself, each best of twice LOOKED_AT hits; `nearness` is the highest cosine of the turn
    with a message of the history, None without one.
    """
    return {**_found(question, together, alone), "nearness": nearness, **_worded(question, history)}


def decide(features: Features, weights: Weights) -> Action:
    """The likeliest action; of equal ones the first of ACTIONS."""
    chances = chances_of(features, weights)
    return max(ACTIONS, key=lambda action: (chances[action], -ACTIONS.index(action)))


def chances_of(features: Features, weights: Weights) -> dict[Action, float]:
    """The weighted chance of each action; they sum to 1. Asking and declining count twice, since they are rare."""
    seen = [_standard(features.get(name), *row) for name, *row in zip(weights.names, weights.usual, weights.spread, strict=True)]
    sums = {action: weights.bias[action] + _dot(weights.weights[action], seen) for action in ACTIONS}
    most = max(sums.values())
    raised = {action: math.exp(value - most) for action, value in sums.items()}
    return {action: value / sum(raised.values()) for action, value in raised.items()}


@cache
def weights_of(embedder_id: str) -> Weights:
    """The shipped weights; those of the default embedder for one that was not measured."""
    table = json.loads((files("retrieval") / "data" / "turn.json").read_text("utf-8"))
    row = table.get(embedder_id) or next(iter(table.values()))
    names = tuple(row["features"])
    usual, spread = (tuple(row["features"][name][n] for name in names) for n in (0, 1))
    by_action: dict[str, tuple[float, ...]] = {
        action: tuple(row["features"][name][2 + n] for name in names) for n, action in enumerate(ACTIONS)
    }
    return Weights(names, usual, spread, by_action, row["bias"], row["found"])


def worth_citing(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The best passage of each article that is nearly as near as the very best one, at most MOST_CITED."""
    cited: dict[str, Hit] = {}
    for hit in hits:
        far = hit.dense < CITED_AT * hits[0].dense or hit.score < CITED_AT * hits[0].score
        if not far and len(cited) < MOST_CITED:
            cited.setdefault(hit.passage.article_id, hit)
    return tuple(cited.values())


def _found(question: str, together: Evidence, alone: Evidence) -> dict[str, float]:
    hits, own = _nearest(together), _nearest(alone)
    articles, others = ({hit.passage.article_id for hit in some} for some in (hits, own))
    rest = [hit.dense for hit in hits[1:]]
    return {
        "near": together.signs.near,
        "lead": hits[0].dense - sum(rest) / len(rest) if rest else 0.0,
        "covered": _covered(question, hits),
        "agreement": together.signs.agreement,
        "near_alone": alone.signs.near,
        "covered_alone": _covered(question, own),
        "same_articles": len(articles & others) / max(1, len(articles)),
    }


def _nearest(evidence: Evidence) -> list[Hit]:
    """The hits that are nearest in meaning, whatever order they are shown in."""
    return sorted(evidence.hits, key=lambda hit: (-hit.dense, hit.passage.id))[:LOOKED_AT]


def _covered(question: str, hits: Sequence[Hit]) -> float:
    """The share of the question's content words in the first of the hits."""
    return covered(content_stems(question), content_stems(hits[0].passage.indexed_text)) if hits else 0.0


def _worded(question: str, history: Sequence[str]) -> dict[str, float]:
    said = words(question)
    named = [content_stems(_HEAD_ENDS.split(found)[0]) for found in _DEFINITE.findall(question.lower())]
    known = frozenset(stem for text in history for stem in content_stems(text))
    new = sum(bool(stems) and not known & set(stems) for stems in named)
    there = frozenset(said)
    return {
        "names_the": float(bool(named)),
        "names_the_unheard_of": float(new > 0),
        "unheard_of": float(min(new, 3)),
        "points": float(bool(there & _POINTING)),
        "own": float(bool(there & _OWN)),
        "asks": float(bool(said) and said[0] in _ASKING),
        "yes_or_no": float(bool(said) and said[0] in _AUXILIARY),
        "question_mark": float("?" in question),
        "fragment": float(not there & (_ASKING | _AUXILIARY)),
    }


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _standard(value: float | None, usual: float, spread: float) -> float:
    return 0.0 if value is None else (value - usual) / spread
