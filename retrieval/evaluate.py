"""Measures retrieval with the product's own Search, Experts and abstention, on public data, in memory.

A folder holds `shared/` (what is searched) and parts like `dev/` (queries, and what is right). Nothing is tuned here:
what is measured is what is served.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.abstain import leave_one_out
from retrieval.errors import BadSource
from retrieval.experts import Experts
from retrieval.ingest import passage_words, profile_words, unit_vectors
from retrieval.measures import (
    Measure,
    average_precision,
    hit,
    mcc,
    mean,
    measure,
    ndcg,
    precision,
    reciprocal_rank,
)
from retrieval.passage import Article, Passage, Profile, Unit
from retrieval.people import Evidence, evidence_of
from retrieval.search import Search
from retrieval.sources import load_profiles
from retrieval.split import passages_of

if TYPE_CHECKING:
    from retrieval.ports import Embeddings

DEPTH = 100
OUTSIDE = ""
"""The class of what the base does not know."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured: the data, its size, and the measures in the order they are reported."""

    name: str
    queries: int
    measures: tuple[Measure, ...]

    def __getitem__(self, name: str) -> float:
        """The value of the measure of that name."""
        return next(m.value for m in self.measures if m.name == name)


@dataclass(frozen=True, slots=True)
class Memory:
    """A corpus in memory, for measuring and for tests."""

    owned: Mapping[str, Passage]
    counts: Mapping[str, int]
    people: Mapping[str, Profile]
    parts: Mapping[str, Sequence[Evidence]]

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """By id; unknown ids are left out."""
        return {key: self.owned[key] for key in ids if key in self.owned}

    def sizes(self, article_ids: Iterable[str]) -> dict[str, int]:
        """How many passages each of these articles has."""
        return {key: self.counts[key] for key in article_ids if key in self.counts}

    def profiles(self, ids: Iterable[str]) -> dict[str, Profile]:
        """By id; unknown ids are left out."""
        return {key: self.people[key] for key in ids if key in self.people}

    def evidence_of(self, profile_ids: Iterable[str]) -> dict[str, Evidence]:
        """All matched parts of these people, by the id of the part."""
        return {part.id: part for key in profile_ids for part in self.parts.get(key, ())}


def search_in_memory(
    passages: Sequence[Passage], heads: Mapping[str, str], embeddings: Embeddings, threshold: float = 0.0
) -> Search:
    """The product's Search over passages; `heads` has the line that says what each article is about."""
    from retrieval.adapters.exact_index import ExactIndex
    from retrieval.adapters.tantivy_index import TantivyIndex

    vectors, words = ExactIndex(embeddings.dimension), TantivyIndex()
    units = [Unit(p.id, p.indexed_text, heads.get(p.article_id, "")) for p in passages]
    vectors.upsert([unit.id for unit in units], unit_vectors(embeddings, units))
    words.upsert([passage_words(passage) for passage in passages])
    counts: dict[str, int] = {}
    for passage in passages:
        counts[passage.article_id] = counts.get(passage.article_id, 0) + 1
    corpus = Memory({p.id: p for p in passages}, counts, {}, {})
    return Search(embeddings, vectors, words, corpus, threshold)


def experts_in_memory(profiles: Sequence[Profile], embeddings: Embeddings) -> Experts:
    """The product's Experts over profiles."""
    from retrieval.adapters.exact_index import ExactIndex
    from retrieval.adapters.tantivy_index import TantivyIndex

    vectors, words = ExactIndex(embeddings.dimension), TantivyIndex()
    parts = {profile.id: evidence_of(profile) for profile in profiles}
    units = [Unit(part.id, part.matched) for found in parts.values() for part in found]
    vectors.upsert([unit.id for unit in units], unit_vectors(embeddings, units))
    words.upsert([profile_words(profile) for profile in profiles])
    return Experts(embeddings, vectors, words, Memory({}, {}, {p.id: p for p in profiles}, parts))


def evaluate_retrieval(folder: Path, part: str, embeddings: Embeddings, titles: bool = True) -> Result:
    """Finding passages in the form of StackFAQ; documents are ranked by their best passage."""
    articles = [_article(row, titles) for row in _json_lines(folder / "shared" / "corpus.jsonl")]
    passages = [passage for article in articles for passage in passages_of(article)]
    search = search_in_memory(passages, {article.id: article.head for article in articles}, embeddings)
    queries, relevant = _queries(folder / part)
    runs = []
    for key, text in queries:
        found = search.ranking(text, DEPTH)
        runs.append((list(dict.fromkeys(passage.article_id for passage, _ in found)), relevant[key]))
    named = f"{folder.name}, {part}, {'with titles' if titles else 'texts only'}"
    return Result(named, len(runs), _ranking_measures(runs, ("nDCG@10", "MAP", "MRR", "Hit@5")))


def evaluate_experts(folder: Path, part: str, embeddings: Embeddings) -> Result:
    """Finding people in the form of find_a_mentor; the queries are names of skills."""
    experts = experts_in_memory(load_profiles(folder / "shared" / "mentors_tags_hidden.jsonl"), embeddings)
    queries, relevant = _queries(folder / part)
    runs = [([x.profile.id for x in experts.find(text, DEPTH * 3)], relevant[key]) for key, text in queries]
    return Result(f"{folder.name}, {part}", len(runs), _ranking_measures(runs, ("MRR", "P@5", "nDCG@10")))


def evaluate_abstain(folder: Path, part: str, embeddings: Embeddings) -> tuple[Result, ...]:
    """Knowing what the base does not know, in the form of HINT3: one result for each bot, then the mean of all.

    One rule for all: an answer (a label) is an article and its examples are the passages; the threshold is found in
    the base alone, by leave-one-out. An answer is right if it is the label, or none where there is none.
    """
    base, asked = _json_lines(folder / "shared" / "kb.jsonl"), _json_lines(folder / part / "queries.jsonl")
    bots = sorted({row["bot"] for row in base})
    answers = {
        bot: _decide([r for r in base if r["bot"] == bot], [r for r in asked if r["bot"] == bot], embeddings) for bot in bots
    }
    named = f"{folder.name}, {part}"
    single = [Result(f"{named}, {bot}", len(answers[bot]), _decision_measures(answers[bot])) for bot in bots]
    means = [
        Measure(one.name, *(mean([getattr(r.measures[n], side) for r in single]) for side in ("value", "low", "high")))
        for n, one in enumerate(single[0].measures)
    ]
    return (*single, Result(f"{named}, mean", len(asked), tuple(means)))


def _decide(base: Sequence[Any], asked: Sequence[Any], embeddings: Embeddings) -> list[tuple[str, str]]:
    """(right, given) answers for each question."""
    rank = {label: n for n, label in enumerate(sorted({row["label"] for row in base}))}
    passages = [
        Passage(f"{rank[row['label']]}#{n}", str(rank[row["label"]]), "", (), row["text"], 0, len(row["text"]))
        for n, row in enumerate(base)
    ]
    vectors = embeddings.embed([passage.text for passage in passages])
    threshold = leave_one_out([passage.article_id for passage in passages], vectors)
    search = search_in_memory(passages, {}, embeddings, threshold)
    pairs = []
    for row in asked:
        answer = search.best_article(row["text"])
        pairs.append((OUTSIDE if row["out_of_scope"] else str(rank.get(row["label"], "?")), answer or OUTSIDE))
    return pairs


def _ranking_measures(runs: Sequence[tuple[list[str], set[str]]], names: Sequence[str]) -> tuple[Measure, ...]:
    of = {
        "nDCG@10": lambda run: ndcg(*run),
        "MAP": lambda run: average_precision(*run),
        "MRR": lambda run: reciprocal_rank(*run),
        "Hit@5": lambda run: hit(*run),
        "P@5": lambda run: precision(*run),
    }
    return tuple(measure(name, [of[name](run) for run in runs], mean) for name in names)


def _decision_measures(pairs: Sequence[tuple[str, str]]) -> tuple[Measure, ...]:
    inside = [float(right == given) for right, given in pairs if right != OUTSIDE]
    outside = [float(given == OUTSIDE) for right, given in pairs if right == OUTSIDE]
    return (
        measure("MCC", pairs, mcc),
        measure("in-scope accuracy", inside, mean),
        measure("out-of-scope recall", outside, mean),
    )


def _article(row: Mapping[str, Any], titles: bool) -> Article:
    title = str(row["title"]) if titles else ""
    return Article(str(row["id"]), title, "", (), (), "", date.min, 1, "", str(row["text"]))


def _queries(folder: Path) -> tuple[list[tuple[str, str]], dict[str, set[str]]]:
    """(id, text) of the queries that have an answer, and the relevant ids of each."""
    relevant: dict[str, set[str]] = {}
    for line in _text(folder / "qrels.tsv").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(query, set()).add(document)
    rows = _json_lines(folder / "queries.jsonl")
    return [(row["id"], row["text"]) for row in rows if row["id"] in relevant], relevant


def _json_lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in _text(path).splitlines() if line.strip()]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise BadSource(path, "There is no evaluation data. Give the folder with shared/ and dev/.") from error
