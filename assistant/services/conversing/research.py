"""Searches the knowledge base and the mentors for a need: citations, candidates for a question, and people with evidence.

Each result is converted only where the next layer needs another view of it:

    passage  `Hit` (retrieval: scores and signs) → `Citation` (stored in events and shown: exact place and quote)
                                                 → `Excerpt` (for a language: the whole text)
    person   `ExpertHit` (retrieval: profile and scores) → `Match` (stored in events and shown: reason, next free slot, load)
                                                         → `SuggestedPerson` (for a language: name and evidence)
    both     `Candidate` (for the choice of a question: labels with a weight, whatever they are labels of)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from assistant.dialogue.language_io import Excerpt
from assistant.dialogue.policy import Found
from assistant.domain.mentor import Citation
from assistant.services.conversing.labels import Relevance, candidates
from retrieval.passage import Article
from retrieval.passages.citing import worth_citing
from retrieval.passages.search import Evidence, Hit
from retrieval.people.experts import ExpertHit

SHOWN = 3
MOST_PEOPLE = 15
PEOPLE_PER_WORDING = 60
"""Large, so that the mean score of a mentor over all wordings is known."""
PASSAGES = 10
UNRELATED = 0.2
"""Mentors whose text is less similar are removed, if others describe the topic."""


class PassageSearch(Protocol):
    def search(self, question: str, k: int = 5) -> Evidence: ...


class ExpertFinder(Protocol):
    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]: ...


class Articles(Protocol):
    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]: ...


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
        own = [article for article in found.values() if "mentee" in article.audience]
        options = candidates(self._relevance, questions, own, people)
        described, people = _related(people)
        known, unclear = evidence.known and bool(cited), evidence.unclear and bool(cited)
        excerpts = tuple(Excerpt(hit.passage.title, hit.passage.text, hit.passage.start) for hit in hits)
        return Findings(known, options, unclear, cited, people, described, excerpts)

    def _for_mentees(self, evidence: Evidence) -> dict[str, Article]:
        """The found articles whose audience includes mentees, by id, and the top article whatever its audience."""
        found = self._articles.articles(hit.passage.article_id for hit in evidence.hits)
        best = evidence.hits[0].passage.article_id if evidence.hits else ""
        return {key: article for key, article in found.items() if "mentee" in article.audience or key == best}


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
