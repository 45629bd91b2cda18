"""Chooses which passages to cite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.passages.search import Hit

CITED_AT, MOST_CITED = 0.7, 3
"""The share of the best hit's scores that a cited hit needs, and how many are cited."""


def worth_citing(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The best passage of each article that scores at least CITED_AT of the best hit, at most MOST_CITED."""
    cited: dict[str, Hit] = {}
    for hit in hits:
        far = hit.dense < CITED_AT * hits[0].dense or hit.score < CITED_AT * hits[0].score
        if not far and len(cited) < MOST_CITED:
            cited.setdefault(hit.passage.article_id, hit)
    return tuple(cited.values())
