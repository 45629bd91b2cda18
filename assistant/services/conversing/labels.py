"""What tells the found articles and people apart in words that a mentee would choose: facets of articles, skills of mentors.

A label belongs to the request if it is near to what was said, beside one that is nearer still, and says something new. Of labels
that mean nearly the same, the nearest is kept. Facets go before skills, and the two are not mixed in one list. Nearness is a
cosine of the local embeddings; the limits were chosen by reading `python -m tests.evals.lab.options --half choose`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Protocol

from assistant.dialogue.clarify import Candidate
from retrieval.passage import Article
from retrieval.people.experts import ExpertHit
from retrieval.text import content_stems

SAID = 0.75
"""A label that is nearer to what was said than this says it again."""
TOO_ALIKE = 0.75
"""Labels that are nearer to each other than this are not offered together."""
MOST_LABELS = 4
MOST_PEOPLE = 6
ARTICLES_SHARE = 0.65
"""The weight of all facets together among the candidates; mentors have the rest."""
TEMPERATURE = 0.15
"""Of the softmax over nearness or scores."""


@dataclass(frozen=True)
class Nearness:
    """How near to what was said the nearest label must be, and every other one."""

    nearest: float
    others: float


FACETS, SKILLS = Nearness(0.53, 0.48), Nearness(0.58, 0.42)
"""A facet is compared with the title of its article before it, for it may lean on that."""


class Relevance(Protocol):
    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]:
        """The cosine similarity of each label to the question, -1 to 1."""


def candidates(
    relevance: Relevance, questions: Sequence[str], articles: Sequence[Article], people: Sequence[ExpertHit]
) -> tuple[Candidate, ...]:
    """A candidate for each facet that may be offered, and one for each of the first people with the skills that may be."""
    facets = {facet: (article.id, f"{article.title}: {facet}") for article in articles for facet in article.facets}
    skills = {skill: skill for hit in people[:MOST_PEOPLE] for skill in hit.profile.skills}
    kept = _offered(relevance, questions, {facet: inside for facet, (_, inside) in facets.items()}, FACETS)
    near = kept or _offered(relevance, questions, skills, SKILLS)
    parts = [(f"article:{facets[facet][0]}:{facet}", nearness, frozenset({facet})) for facet, nearness in kept.items()]
    persons = [(f"mentor:{h.profile.id}", h.score, frozenset(h.profile.skills) & near.keys()) for h in people[:MOST_PEOPLE]]
    return (*_weighed(parts, ARTICLES_SHARE), *_weighed(persons, 1.0 - ARTICLES_SHARE))


def _offered(relevance: Relevance, questions: Sequence[str], labels: Mapping[str, str], limits: Nearness) -> dict[str, float]:
    """The labels that belong to the request, with their nearness, the nearest first; none if there are fewer than two.

    `labels` have what stands for them when they are compared with the request.
    """
    if len(labels) < 2:
        return {}
    said = frozenset(stem for text in questions for stem in content_stems(text))
    near = dict(zip(labels, relevance.relevance(questions[0], list(labels.values())), strict=True))
    fitting = [
        label
        for label in sorted(labels, key=lambda label: (-near[label], label))
        if limits.others <= near[label] < SAID and not said.issuperset(content_stems(label))
    ]
    kept = _apart(relevance, fitting)
    return {label: near[label] for label in kept} if len(kept) > 1 and near[kept[0]] >= limits.nearest else {}


def _apart(relevance: Relevance, labels: Sequence[str]) -> list[str]:
    """The first labels, without those that mean nearly the same as an earlier one."""
    kept: list[str] = []
    for label in labels:
        if len(kept) < MOST_LABELS and (not kept or max(relevance.relevance(label, kept)) < TOO_ALIKE):
            kept.append(label)
    return kept


def _weighed(rows: Sequence[tuple[str, float, frozenset[str]]], share: float) -> list[Candidate]:
    """Candidates weighted by the softmax of their scores, scaled to a sum of `share`."""
    best = max((score for _, score, _ in rows), default=0.0)
    soft = [exp((score - best) / TEMPERATURE) for _, score, _ in rows]
    return [
        Candidate(key, share * w / sum(soft), labels) for w, (key, score, labels) in zip(soft, rows, strict=True) if score > 0
    ]
