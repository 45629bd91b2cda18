"""How strongly each article answers a question, and the threshold between known and unknown.

A threshold belongs to one embedder. It is chosen so that a given share of the questions with a known article passes: people's
questions where some were collected (see `retrieval/data/thresholds.json`), else the headings of the base (see
`indexing.calibration`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.ports import Scored

NEAREST = 3
"""The strength of an article is the mean score of so many of its passages."""


def class_strengths(nearest: Sequence[Scored], owners: Mapping[str, str], sizes: Mapping[str, int]) -> dict[str, float]:
    """For each owner (an article) the mean score of its NEAREST best passages.

    `nearest` is best first. A passage that was not found gets the last score of the list; an owner with fewer than NEAREST
    passages (`sizes`) is scored by those it has.
    """
    members: dict[str, list[float]] = {}
    for key, score in nearest:
        members.setdefault(owners[key], []).append(score)
    last = nearest[-1][1] if nearest else 0.0
    strengths = {}
    for owner, scores in members.items():
        wanted = max(1, min(NEAREST, sizes.get(owner, len(scores))))
        best = (scores + [last] * NEAREST)[:wanted]
        strengths[owner] = sum(best) / wanted
    return strengths


def strongest(strengths: Mapping[str, float]) -> tuple[str, float]:
    """The owner with the highest strength, ties by name; ("", 0) if there is none."""
    return min(strengths.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0.0))


def threshold_keeping(right: Sequence[float], keep: float) -> float:
    """The strength that a share `keep` of the rightly answered questions reaches (interpolated); 0 if there are none."""
    if not right:
        return 0.0
    ordered = sorted(right)
    place = (1 - keep) * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
