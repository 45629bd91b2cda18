"""Searches the knowledge base and the mentors for a need: citations, candidates for a question, and people with evidence.

Each result is converted only where the next layer needs another view of it:

    passage  `Hit` (retrieval: scores and signs) → `Citation` (stored in events and shown: exact place and quote)
                                                 → `Excerpt` (for a language: the whole text)
    person   `ExpertHit` (retrieval: profile and scores) → `Match` (stored in events and shown: reason, next free slot, load)
                                                         → `SuggestedPerson` (for a language: name and evidence)
    both     `Candidate` (for the choice of a question: labels with a weight, whatever they are labels of)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp
from typing import Protocol

from assistant.dialogue.clarify import Candidate
from assistant.dialogue.language_io import Excerpt
from assistant.dialogue.policy import Found
from assistant.domain.mentor import Citation
from retrieval.passage import Article
from retrieval.passages.citing import worth_citing
from retrieval.passages.search import Evidence, Hit
from retrieval.people.experts import ExpertHit
from retrieval.text import content_stems

SHOWN = 3
MOST_PEOPLE = 15
PEOPLE_PER_WORDING = 60
"""Large, so that the mean score of a mentor over all wordings is known."""
PASSAGES = 10
NEAR_HEADING, NEAR_SKILL = 0.3, 0.35
"""The least similarity to the question of a heading or skill that is offered as an option."""
UNRELATED = 0.2
"""Mentors whose text is less similar are removed, if others describe the topic."""
ARTICLES_SHARE = 0.65
"""The weight of all articles together among the candidates; mentors have the rest."""
TEMPERATURE = 0.15
"""Of the softmax over scores."""
_GENERIC_HEADING = re.compile(r"when to ask a person|mistakes|checklist|worked example|template|^why\b|\bnot\b|\d", re.IGNORECASE)


class PassageSearch(Protocol):
    def search(self, question: str, k: int = 5) -> Evidence: ...


class ExpertFinder(Protocol):
    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]: ...


class Articles(Protocol):
    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]: ...


class Relevance(Protocol):
    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]:
        """The cosine similarity of each label to the question, -1 to 1."""


@dataclass(frozen=True)
class Findings(Found):
    """The results of one search. `citations` answer the question, or are the closest passages if it is `unclear`; else empty.

    `described` says whether anybody's profile describes the topic; else the people are only the closest. `excerpts` are the
    whole passages of the citations, in the same order.
    """

    citations: tuple[Citation, ...] = ()
    people: tuple[ExpertHit, ...] = ()
    described: bool = False
    excerpts: tuple[Excerpt, ...] = ()

    def without(self, articles: Collection[str]) -> Findings:
        """The findings without some articles; what is left no longer counts as the answer."""
        kept = [n for n, citation in enumerate(self.citations) if citation.article not in articles]
        citations, excerpts = tuple(self.citations[n] for n in kept), tuple(self.excerpts[n] for n in kept)
        if len(kept) == len(self.citations):
            return self
        return replace(self, known=False, unclear=bool(citations), citations=citations, excerpts=excerpts)


NOTHING = Findings()


class Research:
    def __init__(
        self, passages: PassageSearch, people: ExpertFinder, relevance: Relevance, articles: Articles
    ) -> None:  # fmt: skip
        self._passages, self._people, self._relevance, self._articles = passages, people, relevance, articles

    def search(
        self, questions: Sequence[str], now: datetime, exclude: Collection[str] = (), people_by: Sequence[str] = ()
    ) -> Findings:
        """Searches passages by the longest wording of the need, since a short one often matches something else.

        People are found by the mean score over the wordings `people_by` (default: all); a repeated wording counts twice.
        """
        evidence = self._passages.search(max(questions, key=len), k=PASSAGES)
        wordings = people_by or questions
        by_words = {words: self._people.find(words, k=PEOPLE_PER_WORDING, exclude=exclude) for words in dict.fromkeys(wordings)}
        people = _mean_over_wordings([by_words[words] for words in wordings])[:MOST_PEOPLE]
        found = self._for_mentees(evidence)
        hits = worth_citing([hit for hit in evidence.hits if hit.passage.article_id in found])
        hits = hits if evidence.outcome != "unknown" else ()
        cited = tuple(_citation(hit, found[hit.passage.article_id], now) for hit in hits)
        candidates = self._to_the_point(questions, _candidates(evidence, found, people))
        described, people = _related(people)
        known, unclear = evidence.known and bool(cited), evidence.unclear and bool(cited)
        excerpts = tuple(Excerpt(hit.passage.title, hit.passage.text, hit.passage.start) for hit in hits)
        return Findings(known, candidates, unclear, cited, people, described, excerpts)

    def _for_mentees(self, evidence: Evidence) -> dict[str, Article]:
        """The found articles whose audience includes mentees, by id, and the top article whatever its audience."""
        found = self._articles.articles(hit.passage.article_id for hit in evidence.hits)
        best = evidence.hits[0].passage.article_id if evidence.hits else ""
        return {key: article for key, article in found.items() if "mentee" in article.audience or key == best}

    def _to_the_point(self, questions: Sequence[str], candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """The candidates with only those labels that are new and similar to the question."""
        said = content_stems_of(questions)
        labels = sorted({label for c in candidates for label in c.labels})
        label_similarity = dict(zip(labels, self._relevance.relevance(questions[0], labels), strict=True)) if labels else {}
        skills = {label for c in candidates if c.id.startswith("mentor:") for label in c.labels}

        def useful(label: str) -> bool:
            stems, near = content_stems_of([label]), label_similarity[label]
            enough = near >= NEAR_SKILL if label in skills else len(stems) >= 2 and near >= NEAR_HEADING
            return enough and not stems <= said

        return tuple(replace(c, labels=frozenset(filter(useful, c.labels))) for c in candidates)


def _citation(hit: Hit, article: Article, now: datetime) -> Citation:
    """The citation of a hit's quote, with its exact place in the article."""
    text = hit.passage.text
    low, high = hit.sentence or _place(hit.quote, text)
    start, end, stale = hit.passage.start + low, hit.passage.start + high, article.is_stale(now.date())
    return Citation(article.id, hit.passage.id, article.title, text[low:high], start, end, round(hit.score, 4), stale)


def _place(quote: str, text: str) -> tuple[int, int]:
    """Start and end of an exact quote in a text."""
    low = text.index(quote)
    return low, low + len(quote)


def _related(people: Sequence[ExpertHit]) -> tuple[bool, tuple[ExpertHit, ...]]:
    """Whether any of the top people describes the topic; if so, unrelated people are removed."""
    described = any(hit.describes or hit.skills for hit in people[:SHOWN])
    return described, tuple(hit for hit in people if not described or hit.near >= UNRELATED or hit.skills)


def _mean_over_wordings(found: Sequence[Sequence[ExpertHit]]) -> tuple[ExpertHit, ...]:
    """Each person once, with the mean score over all wordings and the quote of the best; ties by id."""
    best: dict[str, ExpertHit] = {}
    totals: dict[str, float] = {}
    for hit in (hit for hits in found for hit in hits):
        key = hit.profile.id
        totals[key] = totals.get(key, 0.0) + hit.score
        best[key] = max(best.get(key, hit), hit, key=lambda candidate: candidate.score)
    mean = {key: total / len(found) for key, total in totals.items()}
    return tuple(replace(best[key], score=mean[key]) for key in sorted(mean, key=lambda key: (-mean[key], key)))


def _candidates(evidence: Evidence, articles: Mapping[str, Article], people: Sequence[ExpertHit]) -> tuple[Candidate, ...]:
    """Sections of the found articles, labelled by heading, and mentors, labelled by skills."""
    sections: dict[str, tuple[str, float, frozenset[str]]] = {}
    for hit in evidence.hits if evidence.known else ():
        heading = _short(hit.passage.headings[-1]) if hit.passage.headings and hit.passage.article_id in articles else ""
        if heading and not _GENERIC_HEADING.search(heading):
            key = f"article:{hit.passage.article_id}:{heading}"
            sections.setdefault(key, (key, hit.score, frozenset({heading})))
    skills = [(f"mentor:{hit.profile.id}", hit.score, frozenset(hit.profile.skills)) for hit in people[:6]]
    return (*_weighed(list(sections.values()), ARTICLES_SHARE), *_weighed(skills, 1.0 - ARTICLES_SHARE))


def _short(heading: str) -> str:
    """A heading as an option: its first clause without numbering; empty if it is longer than eight words."""
    clause = re.split(r"[:;,(]", heading, maxsplit=1)[0].strip(" .")
    words = re.sub(r"^\d+[.)]\s*", "", clause).split()
    return " ".join(words) if 1 <= len(words) <= 8 else ""


def _weighed(rows: Sequence[tuple[str, float, frozenset[str]]], share: float) -> list[Candidate]:
    """Candidates weighted by the softmax of their scores, scaled to a sum of `share`."""
    best = max((score for _, score, _ in rows), default=0.0)
    soft = [exp((score - best) / TEMPERATURE) for _, score, _ in rows]
    return [
        Candidate(key, share * w / sum(soft), labels) for w, (key, score, labels) in zip(soft, rows, strict=True) if score > 0
    ]


def content_stems_of(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(stem for text in texts for stem in content_stems(text))
