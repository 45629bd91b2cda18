"""Maps skill names to the names of the taxonomy: "k8s" and "kuberntes" both become "Kubernetes".

A name is looked up in the taxonomy, then with one letter corrected, then by the nearest known name in meaning if its cosine is
high enough; otherwise it stays as it is. The cosine belongs to an embedder and was measured by hiding names of the taxonomy:
with MiniLM at 0.8, 38% of the hidden synonyms are found, 94% of these as the same or a directly related skill; of the skills
hidden with all their names, 7% are taken for another, half of them for a directly related one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.people.skills import taxonomy
from retrieval.people.spelling import key, one_letter_off, slips

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.ports import Embeddings

NEAR = {"minilm-l6-v2-int8": 0.8}
"""The cosine from which two names mean the same, by embedder id. Without an entry, meaning is not used."""
STEPS = 127
"""Shipped vectors are quantised to multiples of 1/127; a cosine changes by less than 0.01."""
LONGEST = 60
"""Letters of a name that is looked up by spelling and meaning; a longer one is a sentence."""

_READ: dict[str, NDArray[np.float32]] = {}
"""The vectors of the known names by embedder id, loaded once."""


def normalised(names: Iterable[str], embeddings: Embeddings | None = None) -> tuple[str, ...]:
    """The skills of the taxonomy for these names, in order, without repeats and empty names.

    Without embeddings only the taxonomy and spelling are used; with them, also meaning.
    """
    kept = [name for name in (" ".join(name.split()) for name in names) if key(name)]
    found = {name: _in_table(name) for name in kept}
    unknown = [name for name, skill in found.items() if skill is None and len(name) <= LONGEST]
    found.update(zip(unknown, _nearest(unknown, embeddings), strict=True))
    return tuple(dict.fromkeys(found[name] or name.lower() for name in kept))


@lru_cache(maxsize=50_000)
def _in_table(name: str) -> str | None:
    """The skill of the taxonomy, also with one wrong letter if that is unambiguous."""
    known = taxonomy().named(name)
    if known is not None or len(name) > LONGEST:
        return known
    near = {taxonomy().names[one] for one in one_letter_off(key(name), _slips())}
    return near.pop() if len(near) == 1 else None


@lru_cache(maxsize=1)
def _slips() -> dict[str, tuple[str, ...]]:
    return slips(taxonomy().names)


def _nearest(names: list[str], embeddings: Embeddings | None) -> list[str | None]:
    """For each name the skill with the name nearest in meaning; None if none is near enough."""
    if embeddings is None or not names or embeddings.id not in NEAR:
        return [None] * len(names)
    asked: NDArray[np.float32] = embeddings.embed([name.lower() for name in names])
    cosines = asked.dot(_vectors(embeddings).T)
    skills = [taxonomy().spelled[name] for name in _spelled()]
    best = zip(cosines.argmax(axis=1), cosines.max(axis=1), strict=True)
    return [skills[at] if cosine >= NEAR[embeddings.id] else None for at, cosine in best]


def _vectors(embeddings: Embeddings) -> NDArray[np.float32]:
    """The vectors of the known names, shape (names, dimension): the shipped ones, else embedded at the first use."""
    if embeddings.id not in _READ:
        shipped = _shipped(embeddings.id)
        _READ[embeddings.id] = embeddings.embed(_spelled()) if shipped is None else shipped
    return _READ[embeddings.id]


def _shipped(embedder: str) -> NDArray[np.float32] | None:
    import numpy as np

    path = files("retrieval") / "data" / f"skills.{embedder}.npz"
    if not path.is_file():
        return None
    with path.open("rb") as file, np.load(file) as kept:
        vectors: NDArray[np.float32] = kept["vectors"].astype(np.float32) / STEPS
        return vectors if str(kept["names"]) == _digest() else None


def write_skill_vectors(embeddings: Embeddings, path: Path) -> None:
    """Writes the vectors of the known names. After a change of skills.txt they are embedded at each start until this is run."""
    import numpy as np

    vectors = np.rint(embeddings.embed(_spelled()) * STEPS).astype(np.int8)
    np.savez_compressed(path, names=np.array(_digest()), vectors=vectors)


def _spelled() -> list[str]:
    return sorted(taxonomy().spelled)


def _digest() -> str:
    """A hash of the known names."""
    return hashlib.sha256("\n".join(_spelled()).encode()).hexdigest()
