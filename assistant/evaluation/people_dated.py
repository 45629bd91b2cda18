"""Finding people by what they did: every query is asked at its own moment, and nothing that came later is seen.

Beside the product stand plain ways that are measured alike. The product is not told the topic that a query is filed under,
since no request has one; the plain ways are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.evaluation.figures import Figure, Report, Wanted, mean, quantile, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.measures import hit, ndcg, precision, reciprocal_rank
from assistant.evaluation.people_baselines import RECENT, by_profile_words, most_active, votes_and_activity
from assistant.evaluation.people_sets import Asked, asked_of, contributions_of, profiles_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.people.contributions import ContributionSearch
    from retrieval.people.experts import Experts
    from retrieval.ports import Embeddings

DEPTH = 100
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
    from assistant.evaluation.in_memory import contributions_in_memory, experts_in_memory

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
        figures += _rows(rival, asked, product, rankings, short=rival == PROFILES_ALONE)
    source = job.found.source + (", rolling" if job.protocol == "rolling" else "")
    return Report("experts", source, tuple(figures))


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
        hits = experts.find(one.text, DEPTH, one.not_these, at=one.at)
        taken.append(perf_counter() - start)
        found[one.id] = [person.profile.id for person in hits]
        job.progress("queries", len(found), len(asked))
    return found


def _rivals(asked: Sequence[Asked], index: ContributionSearch, embeddings: Embeddings, job: Job) -> dict[str, Rankings]:
    """The plain ways for each query."""
    names = ("popularity in topic", "recent activity", "votes and activity, 90 days")
    found: dict[str, dict[str, Sequence[str]]] = {name: {} for name in names}
    for number, one in enumerate(asked, start=1):
        vector = embeddings.embed([one.text])[0]
        rankings = (most_active(index, one), most_active(index, one, RECENT), votes_and_activity(index, one, vector))
        for name, ranking in zip(names, rankings, strict=True):
            found[name][one.id] = ranking
        job.progress("other ways", number, len(asked))
    return dict(found)


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
