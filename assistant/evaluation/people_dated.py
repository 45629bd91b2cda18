"""Finding people by what they did: every query is asked at its own moment, and nothing that came later is seen.

Beside the product stand plain ways that are measured alike, and the product's own ways of voting, each by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.evaluation.figures import Figure, Report, Wanted, mean, quantile, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.people_baselines import RECENT, by_profile_words, most_active
from assistant.evaluation.people_sets import Asked, asked_of, contributions_of, profiles_of
from retrieval.fuse import ranked
from retrieval.measures import hit, ndcg, precision, reciprocal_rank
from retrieval.votes import PRODUCT, Method, standings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.contributions import ContributionSearch, Near
    from retrieval.experts import Experts
    from retrieval.ports import Embeddings

DEPTH = 100
_90_DAYS = ((RECENT, 1.0),)
SIMPLE = Method("reciprocal", _90_DAYS, label=1.0)
"""Faded votes and faded activity, each as a share, with one half-life: the method to beat."""
ALONE: Mapping[str, Method] = {
    "votes alone, CombMNZ": replace(PRODUCT, voting="mnz", activity=0.0),
    "votes alone, reciprocal rank": replace(PRODUCT, voting="reciprocal", activity=0.0),
    "votes alone, mean of three best": replace(PRODUCT, voting="three best", activity=0.0),
}
PROFILES_ALONE = "profiles alone"
Rankings = Mapping[str, Sequence[str]]
Measure = Callable[[Sequence[str], Mapping[str, float]], float]
MEASURES: Mapping[str, Measure] = {
    "MRR": lambda ranking, grades: reciprocal_rank(ranking, _right(grades)),
    "Hit@1": lambda ranking, grades: hit(ranking, _right(grades), 1),
    "Hit@5": lambda ranking, grades: hit(ranking, _right(grades)),
    "P@5": lambda ranking, grades: precision(ranking, _right(grades)),
    "nDCG@10": lambda ranking, grades: ndcg(ranking, grades),
}


def evaluate_dated(job: Job) -> Report:
    """The product and its rivals on dated evidence. Raises BadSet."""
    from retrieval.in_memory import contributions_in_memory, experts_in_memory

    asked = asked_of(job.found)
    held = contributions_of(job.found, asked, job.protocol)
    profiles = profiles_of(job.found.files["people.jsonl"], chain((c.person for c in held), *(a.right for a in asked)))
    embeddings = Ahead(job.embeddings("people and evidence"), [one.text for one in asked])
    index = contributions_in_memory(held, embeddings)
    taken: list[float] = []
    product = _ask(asked, experts_in_memory(profiles, embeddings, index), job, taken)
    rivals = _rivals(asked, index, embeddings, job)
    rivals["BM25 profiles"] = by_profile_words(profiles, held, asked)
    rivals[PROFILES_ALONE] = _ask(asked, experts_in_memory(profiles, embeddings), job, [])
    figures = [_figure(name, asked, product, measure) for name, measure in MEASURES.items()]
    figures += [_time(taken, share) for share in (0.5, 0.95)]
    for rival, rankings in rivals.items():
        figures += _rows(rival, asked, product, rankings, short=rival in (*ALONE, PROFILES_ALONE))
    source = job.found.source + (", rolling" if job.protocol == "rolling" else "")
    return Report("experts", source, tuple(figures))


class Once:
    """The same index; the last search is not done again."""

    def __init__(self, index: ContributionSearch) -> None:
        self._index = index
        self._last: tuple[tuple[str, datetime, int], Sequence[Near]] | None = None
        self.activity = index.activity

    def near(self, question: str, vector: NDArray[np.float32], before: datetime, k: int) -> Sequence[Near]:
        """The k nearest, as the index has them."""
        key = (question, before, k)
        if self._last is None or self._last[0] != key:
            self._last = key, self._index.near(question, vector, before, k)
        return self._last[1]


@dataclass
class Ahead:
    """Embeddings that have embedded the questions beforehand, all at once; anything else is passed on."""

    inner: Embeddings
    questions: Sequence[str]

    def __post_init__(self) -> None:
        distinct = list(dict.fromkeys(self.questions))
        self._known: dict[str, NDArray[np.float32]] = dict(zip(distinct, self.inner.embed(distinct), strict=True))

    @property
    def id(self) -> str:
        return self.inner.id

    @property
    def dimension(self) -> int:
        return self.inner.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension)."""
        if len(texts) == 1 and texts[0] in self._known:
            return self._known[texts[0]][None, :].copy()
        return self.inner.embed(texts)


def _ask(asked: Sequence[Asked], experts: Experts, job: Job, taken: list[float]) -> Rankings:
    """Every query asked of the product; the seconds that each took go into `taken`."""
    found: dict[str, Sequence[str]] = {}
    for one in asked:
        start = perf_counter()
        hits = experts.find(one.text, DEPTH, one.not_these, at=one.at, topic=one.topic)
        taken.append(perf_counter() - start)
        found[one.id] = [person.profile.id for person in hits]
        job.progress("queries", len(found), len(asked))
    return found


def _rivals(asked: Sequence[Asked], index: ContributionSearch, embeddings: Embeddings, job: Job) -> dict[str, Rankings]:
    """The plain ways and the ways of voting, for each query all at once, so that it is searched once."""
    once, methods = Once(index), {"votes and activity, 90 days": SIMPLE, **ALONE}
    found: dict[str, dict[str, Sequence[str]]] = {name: {} for name in ("popularity in topic", "recent activity", *methods)}
    for number, one in enumerate(asked, start=1):
        found["popularity in topic"][one.id] = most_active(once, one)
        found["recent activity"][one.id] = most_active(once, one, RECENT)
        for name, method in methods.items():
            found[name][one.id] = _voted(one, once, embeddings, method)
        job.progress("other ways", number, len(asked))
    return dict(found)


def _voted(one: Asked, index: ContributionSearch, embeddings: Embeddings, method: Method) -> list[str]:
    if one.at is None:
        return []
    of = standings(index, one.text, embeddings.embed([one.text])[0], one.at, one.topic, method).of
    return [person for person, _ in ranked({key: value.score for key, value in of.items()}) if person not in one.not_these]


def _figure(name: str, asked: Sequence[Asked], rankings: Rankings, measure: Measure) -> Figure:
    values = [measure(rankings[one.id], one.grades) for one in asked]
    return with_interval(name, values, lambda some: mean(some) or 0.0)


def _rows(rival: str, asked: Sequence[Asked], product: Rankings, rankings: Rankings, *, short: bool) -> list[Figure]:
    """The rival's own figures, and by how much the product's reciprocal rank is above it, query by query."""
    names = ("MRR",) if short else ("MRR", "Hit@1", "Hit@5", "nDCG@10")
    rows = [_figure(f"{rival}: {name}", asked, rankings, MEASURES[name]) for name in names]
    measure = MEASURES["MRR"]
    ahead = [measure(product[one.id], one.grades) - measure(rankings[one.id], one.grades) for one in asked]
    rows.append(
        with_interval(f"MRR above {rival}", ahead, lambda some: mean(some) or 0.0, None if short else Wanted(0.0, "above"))
    )
    return rows


def _time(taken: Sequence[float], share: float) -> Figure:
    value = quantile([1000 * seconds for seconds in taken], share)
    return Figure(f"ms a query once embedded, p{share * 100:.0f}", value, len(taken), digits=1)


def _right(grades: Mapping[str, float]) -> set[str]:
    return {key for key, grade in grades.items() if grade > 0}
