"""Sentences beside the passage that they cite, labelled supported or not: `python -m tests.evals.answers` prints the figures.

`--errors` also prints what was judged wrongly in the dev half; of the held-out half only the figures are ever looked at.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.dialogue.grounding.entailment import Near, supported
from assistant.dialogue.language_io import Excerpt
from assistant.domain.reply import Sentence
from retrieval.embedders import make_embeddings
from retrieval.embedding.label_similarity import LabelSimilarity
from retrieval.importing.content_files import read_article
from retrieval.passages.split import passages_of

DATA = Path(__file__).parent / "data" / "support"
ARTICLES = Path(__file__).parents[2] / "knowledge_base" / "articles"


@dataclass(frozen=True)
class Pair:
    """One sentence and the passage it cites; `kind` says how it was made."""

    id: str
    part: str
    kind: str
    supported: bool
    sentence: str
    excerpt: Excerpt


@cache
def pairs(part: str) -> tuple[Pair, ...]:
    """Those of one half, and each faithful sentence once more beside a passage of the next article, which does not say it."""
    rows = [row for line in (DATA / "pairs.jsonl").read_text("utf-8").splitlines() if (row := json.loads(line))["part"] == part]
    own = [
        Pair(row["id"], part, row["kind"], row["supported"], row["sentence"], _passage(row["article"], row["anchor"]))
        for row in rows
    ]
    return (*own, *_strangers(own))


def _strangers(own: list[Pair]) -> Iterator[Pair]:
    faithful = [pair for pair in own if pair.supported]
    for place, pair in enumerate(faithful):
        others = [other.excerpt for other in (*faithful[place:], *faithful) if other.excerpt.title != pair.excerpt.title]
        yield Pair(f"{pair.id}-other", pair.part, "other article", False, pair.sentence, others[0])


@cache
def _passage(article: str, anchor: str) -> Excerpt:
    """The passage of the article that holds the words, as the splitter cuts it."""
    passages = passages_of(read_article(ARTICLES / f"{article}.md"))
    found = [passage for passage in passages if anchor in passage.text]
    assert found, f"{article}: {anchor!r} stands in no passage"
    return Excerpt(found[0].title, found[0].text)


@cache
def near() -> Near:
    return LabelSimilarity(make_embeddings("minilm")).relevance


@dataclass(frozen=True)
class Figures:
    """How many of the sentences that were let through are supported, and how many of the supported were let through."""

    precision: float
    recall: float
    through: dict[str, int]
    of: dict[str, int]


def figures(part: str, measure: Near | None) -> Figures:
    through = [pair for pair in pairs(part) if judged(pair, measure)]
    good = sum(pair.supported for pair in through)
    return Figures(
        good / len(through) if through else 1.0,
        good / sum(pair.supported for pair in pairs(part)),
        dict(Counter(pair.kind for pair in through)),
        dict(Counter(pair.kind for pair in pairs(part))),
    )


def judged(pair: Pair, measure: Near | None) -> bool:
    return supported(Sentence(pair.sentence, (1,)), (pair.excerpt,), measure)


def main() -> None:
    for part in ("dev", "held"):
        for name, measure in (("words and meaning", near()), ("words alone", None)):
            found = figures(part, measure)
            kinds = ", ".join(f"{kind} {found.through.get(kind, 0)}/{count}" for kind, count in found.of.items())
            print(f"{part:5} {name:18} precision {found.precision:.3f} recall {found.recall:.3f} | {kinds}")
    if "--errors" in sys.argv:
        for pair in pairs("dev"):
            if judged(pair, near()) != pair.supported:
                print(f"{pair.id} {pair.kind}: {pair.sentence}")


if __name__ == "__main__":
    main()
