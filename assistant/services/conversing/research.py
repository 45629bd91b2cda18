"""What the base and the people have on a need: citations, candidates to ask about, and people with their evidence.

What is found keeps its type as far as it can, and each further type has a reason:

    passage  `Hit` (retrieval: scores and signs) → `Citation` (stored in events and shown: exact place and quote)
                                                 → `Excerpt` (for a language: the whole text, no ids and no scores)
    person   `ExpertHit` (retrieval: profile and scores) → `Match` (stored in events and shown: reason, next free slot, load)
                                                         → `Shown` (for a language: name and evidence, no load and no times)
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
POOL = 15
WIDE = 60
"""People looked up by each wording, so that who is good by all of them is seen in each."""
LOOKED_AT = 10
NEAR_HEADING = 0.3
UNRELATED = 0.2
ARTICLES_SHARE = 0.65
SOFTNESS = 0.15
"""The difference of scores at which one is e times as likely to be the right one."""
NEAR = 0.35
_EVERYWHERE = re.compile(r"when to ask a person|mistakes|checklist|worked example|template|^why\b|\bnot\b|\d", re.IGNORECASE)


class PassageSearch(Protocol):
    def search(self, question: str, k: int = 5) -> Evidence: ...


class ExpertFinder(Protocol):
    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]: ...


class Articles(Protocol):
    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]: ...


class Relevance(Protocol):
    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]:
        """How near each label is to the question in meaning, -1 to 1."""


@dataclass(frozen=True)
class Findings(Found):
    """One look at everything: `citations` are of what is known, or the nearest passages where it is `unclear`; else none.

    `described` says whether any of the people wrote of just this; else they are only the nearest there are. `excerpts` are the
    whole passages of the citations, in their order.
    """

    citations: tuple[Citation, ...] = ()
    people: tuple[ExpertHit, ...] = ()
    described: bool = False
    excerpts: tuple[Excerpt, ...] = ()


NOTHING = Findings()


class Research:
    def __init__(
        self, passages: PassageSearch, people: ExpertFinder, relevance: Relevance, articles: Articles
    ) -> None:  # fmt: skip
        self._passages, self._people, self._relevance, self._articles = passages, people, relevance, articles

    def look(
        self, questions: Sequence[str], now: datetime, exclude: Collection[str] = (), people_by: Sequence[str] = ()
    ) -> Findings:
        """Search with the fullest of the wordings of the same need; a short part of it is often near to something else.

        People are found by the wordings of `people_by` (none: all), by their mean; one that stands twice counts twice.
        """
        evidence = self._passages.search(max(questions, key=len), k=LOOKED_AT)
        wordings = people_by or questions
        by_words = {words: self._people.find(words, k=WIDE, exclude=exclude) for words in dict.fromkeys(wordings)}
        people = _agreed([by_words[words] for words in wordings])[:POOL]
        found = self._for_mentees(evidence)
        hits = worth_citing([hit for hit in evidence.hits if hit.passage.article_id in found])
        hits = hits if evidence.outcome != "unknown" else ()
        cited = tuple(_citation(hit, found[hit.passage.article_id], now) for hit in hits)
        candidates = self._to_the_point(questions, _candidates(evidence, found, people))
        described, people = _close(people)
        known, unclear = evidence.known and bool(cited), evidence.unclear and bool(cited)
        excerpts = tuple(Excerpt(hit.passage.title, hit.passage.text, hit.passage.start) for hit in hits)
        return Findings(known, candidates, unclear, cited, people, described, excerpts)

    def _for_mentees(self, evidence: Evidence) -> dict[str, Article]:
        """The found articles that speak to a mentee, by id; of the others only the very best one."""
        found = self._articles.articles(hit.passage.article_id for hit in evidence.hits)
        best = evidence.hits[0].passage.article_id if evidence.hits else ""
        return {key: article for key, article in found.items() if "mentee" in article.audience or key == best}

    def _to_the_point(self, questions: Sequence[str], candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """The candidates with only those labels that say something new, and only those skills that are near the question."""
        said = content_stems_of(questions)
        labels = sorted({label for c in candidates for label in c.labels})
        label_similarity = dict(zip(labels, self._relevance.relevance(questions[0], labels), strict=True)) if labels else {}
        skills = {label for c in candidates if c.id.startswith("mentor:") for label in c.labels}

        def useful(label: str) -> bool:
            stems, near = content_stems_of([label]), label_similarity[label]
            enough = near >= NEAR if label in skills else len(stems) >= 2 and near >= NEAR_HEADING
            return enough and not stems <= said

        return tuple(replace(c, labels=frozenset(filter(useful, c.labels))) for c in candidates)


def _citation(hit: Hit, article: Article, now: datetime) -> Citation:
    """The sentence of the passage that answers, with its exact place in the article."""
    text = hit.passage.text
    low, high = hit.sentence or _place(hit.quote, text)
    start, end, stale = hit.passage.start + low, hit.passage.start + high, article.is_stale(now.date())
    return Citation(article.id, hit.passage.id, article.title, text[low:high], start, end, round(hit.score, 4), stale)


def _place(quote: str, text: str) -> tuple[int, int]:
    """Where an exact part of a text stands."""
    low = text.index(quote)
    return low, low + len(quote)


def _close(people: Sequence[ExpertHit]) -> tuple[bool, tuple[ExpertHit, ...]]:
    """Whether anybody describes it, and the people without those whose words are about something else."""
    told = any(hit.describes or hit.skills for hit in people[:SHOWN])
    return told, tuple(hit for hit in people if not told or hit.near >= UNRELATED or hit.skills)


def _agreed(found: Sequence[Sequence[ExpertHit]]) -> tuple[ExpertHit, ...]:
    """Each person once, with the mean score over all wordings and the words of the best; ties by id."""
    best: dict[str, ExpertHit] = {}
    totals: dict[str, float] = {}
    for hit in (hit for hits in found for hit in hits):
        key = hit.profile.id
        totals[key] = totals.get(key, 0.0) + hit.score
        best[key] = max(best.get(key, hit), hit, key=lambda one: one.score)
    mean = {key: total / len(found) for key, total in totals.items()}
    return tuple(replace(best[key], score=mean[key]) for key in sorted(mean, key=lambda key: (-mean[key], key)))


def _candidates(evidence: Evidence, articles: Mapping[str, Article], people: Sequence[ExpertHit]) -> tuple[Candidate, ...]:
    """Sections of the found articles by heading, which say most about "which part", and mentors by skills."""
    sections: dict[str, tuple[str, float, frozenset[str]]] = {}
    for hit in evidence.hits if evidence.known else ():
        heading = _short(hit.passage.headings[-1]) if hit.passage.headings and hit.passage.article_id in articles else ""
        if heading and not _EVERYWHERE.search(heading):
            key = f"article:{hit.passage.article_id}:{heading}"
            sections.setdefault(key, (key, hit.score, frozenset({heading})))
    skills = [(f"mentor:{hit.profile.id}", hit.score, frozenset(hit.profile.skills)) for hit in people[:6]]
    return (*_weighed(list(sections.values()), ARTICLES_SHARE), *_weighed(skills, 1.0 - ARTICLES_SHARE))


def _short(heading: str) -> str:
    """A heading as an option to tap: its first clause, without numbering, at most eight words."""
    clause = re.split(r"[:;,(]", heading, maxsplit=1)[0].strip(" .")
    words = re.sub(r"^\d+[.)]\s*", "", clause).split()
    return " ".join(words) if 1 <= len(words) <= 8 else ""


def _weighed(rows: Sequence[tuple[str, float, frozenset[str]]], share: float) -> list[Candidate]:
    """Candidates whose weights add up to `share`: a soft maximum of their scores."""
    best = max((score for _, score, _ in rows), default=0.0)
    soft = [exp((score - best) / SOFTNESS) for _, score, _ in rows]
    return [
        Candidate(key, share * w / sum(soft), labels) for w, (key, score, labels) in zip(soft, rows, strict=True) if score > 0
    ]


def content_stems_of(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(stem for text in texts for stem in content_stems(text))
