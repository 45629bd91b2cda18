"""Papers that people rated by how well they know their field: does the product put them in the same order?

The measure is that of Stelmakh, Wieting, Neubig and Shah, "A Gold Standard Dataset for the Reviewer Assignment Problem"
(2023): over the pairs of papers that one reviewer rated differently, the difference of the ratings is lost where the
order is wrong, half of it where both are equal; divided by what could be lost at most. 0 is perfect, 0.5 is chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import log1p

from assistant.evaluation.figures import Figure, Report, Wanted, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.people_sets import text_of
from assistant.evaluation.sets import BadSet, Located, read_cells, read_rows
from retrieval.text import content_stems

K1, B = 1.2, 0.75
Ratings = Mapping[str, Mapping[str, float]]
Affinity = Mapping[str, Mapping[str, float]]
Lost = tuple[float, float]
"""Of one reviewer what was lost and what could be."""


def evaluate_reviewers(job: Job) -> Report:
    """The loss of the product's affinity, beside that of meaning alone and of BM25. Raises BadSet."""
    from retrieval.affinity import Affinities

    ratings = _ratings(job.found)
    works, papers = _works(job.found), _papers(job.found)
    missing = next((paper for rated in ratings.values() for paper in rated if paper not in papers), None)
    if missing is not None:
        raise BadSet(f"ratings.tsv names the paper {missing!r}, which is not in papers.jsonl.")
    embeddings = job.embeddings("papers")
    ours = Affinities(works, embeddings).of(papers)
    ways: dict[str, Affinity] = {"": ours, "meaning alone, mean of three best: ": by_meaning(works, papers, job)}
    ways["BM25 over all publications: "] = by_words(works, papers)
    figures = [_figure(f"{name}pairwise loss", ratings, way, not name) for name, way in ways.items()]
    return Report("experts", job.found.source, tuple(figures))


def losses(ratings: Ratings, affinity: Affinity) -> list[Lost]:
    """Of each reviewer, over the pairs of papers rated differently; an unknown affinity is 0."""
    found = []
    for reviewer, rated in ratings.items():
        lost = whole = 0.0
        for (one, mine), (other, yours) in combinations(sorted(rated.items()), 2):
            gap, order = mine - yours, _of(affinity, one, reviewer) - _of(affinity, other, reviewer)
            whole += abs(gap)
            lost += abs(gap) * (0.5 if order == 0 else float(order * gap < 0))
        if whole:
            found.append((lost, whole))
    return found


def by_words(works: Mapping[str, Sequence[str]], papers: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """BM25 of each paper over the publications of a reviewer taken as one text."""
    counts = {person: Counter(stem for text in texts for stem in content_stems(text)) for person, texts in works.items()}
    mean = sum(c.total() for c in counts.values()) / max(1, len(counts)) or 1.0
    held = Counter(stem for own in counts.values() for stem in own)
    found: dict[str, dict[str, float]] = {}
    for paper, text in papers.items():
        rare = {stem: log1p((len(counts) - held[stem] + 0.5) / (held[stem] + 0.5)) for stem in set(content_stems(text))}
        found[paper] = {
            person: sum(
                rare[stem] * own[stem] * (K1 + 1) / (own[stem] + K1 * (1 - B + B * own.total() / mean))
                for stem in sorted(rare)
                if stem in own
            )
            for person, own in counts.items()
        }
    return found


def by_meaning(works: Mapping[str, Sequence[str]], papers: Mapping[str, str], job: Job) -> dict[str, dict[str, float]]:
    """The mean cosine of the three nearest publications."""
    import numpy as np

    embeddings = job.embeddings("papers again")
    asked = embeddings.embed(list(papers.values()))
    found: dict[str, dict[str, float]] = {paper: {} for paper in papers}
    for person, texts in works.items():
        if texts:
            best = np.sort(asked @ embeddings.embed(texts).T, axis=1)[:, -3:].mean(axis=1)
            for paper, value in zip(papers, best, strict=True):
                found[paper][person] = float(value)
    return found


def _figure(name: str, ratings: Ratings, affinity: Affinity, wished: bool) -> Figure:
    wish = Wanted(0.21, "at most") if wished else None
    return with_interval(name, losses(ratings, affinity), _share, wish)


def _share(some: Sequence[Lost]) -> float:
    return sum(lost for lost, _ in some) / (sum(whole for _, whole in some) or 1.0)


def _of(affinity: Affinity, paper: str, reviewer: str) -> float:
    return affinity.get(paper, {}).get(reviewer, 0.0)


def _ratings(found: Located) -> dict[str, dict[str, float]]:
    rated: dict[str, dict[str, float]] = {}
    for _, (reviewer, paper, value) in read_cells(found.files["ratings.tsv"]):
        rated.setdefault(reviewer, {})[paper] = float(value)
    return rated


def _papers(found: Located) -> dict[str, str]:
    return {str(row["id"]): _text(row) for _, row in read_rows(found.files["papers.jsonl"], ("id",))}


def _works(found: Located) -> dict[str, list[str]]:
    path, works = found.files["reviewers.jsonl"], {}
    for number, row in read_rows(path, ("id",)):
        listed = row.get("publications") or []
        if not isinstance(listed, list):
            raise BadSet(f"{path.name}, line {number}: 'publications' is no list.")
        works[str(row["id"])] = [text for text in _texts(listed) if text]
    return works


def _texts(listed: Iterable[object]) -> Iterable[str]:
    for one in listed:
        yield _text(one) if isinstance(one, dict) else str(one or "").strip()


def _text(row: Mapping[str, object]) -> str:
    return text_of({"title": row.get("title"), "text": row.get("abstract")})
