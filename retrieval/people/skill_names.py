"""One name for one skill: "k8s", "Kubernetes" and "kuberntes" are the same, and so is what a table cannot list.

First the table of names, then one slip of a letter, then the nearest known name in meaning if it is near enough; a name
that none of these knows stays itself. How near is enough belongs to an embedder, and was measured by hiding names of
the table: with MiniLM at 0.8, 38% of the hidden other names are found and 94% of these are the same skill or its next
of kin; of the skills hidden with all their names 7% are taken for another, half of them for next of kin.

`python -m retrieval.people.skill_names` ships the vectors of the names anew, after a change of skills.txt.
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
"""The cosine from which two names mean the same, by the id of the embedder. Without an entry, meaning is not used."""
STEPS = 127
"""Vectors are shipped as whole steps, 127 to a length of one; a cosine moves by less than 0.01."""
LONGEST = 60
"""Letters of a name that is looked up by slip and meaning; what is longer is a sentence."""

_READ: dict[str, NDArray[np.float32]] = {}
"""The vectors of the known names by the id of the embedder; they never change while the program runs."""


def normalised(names: Iterable[str], embeddings: Embeddings | None = None) -> tuple[str, ...]:
    """The names of skills as the taxonomy has them, in order, without repeats and blanks.

    Without embeddings the table and slips of a letter are used; with them, also meaning.
    """
    kept = [name for name in (" ".join(name.split()) for name in names) if key(name)]
    found = {name: _in_table(name) for name in kept}
    unknown = [name for name, skill in found.items() if skill is None and len(name) <= LONGEST]
    found.update(zip(unknown, _nearest(unknown, embeddings), strict=True))
    return tuple(dict.fromkeys(found[name] or name.lower() for name in kept))


@lru_cache(maxsize=50_000)
def _in_table(name: str) -> str | None:
    """The skill of the table, also with one slip if it leaves no doubt."""
    known = taxonomy().named(name)
    if known is not None or len(name) > LONGEST:
        return known
    near = {taxonomy().names[one] for one in one_letter_off(key(name), _slips())}
    return near.pop() if len(near) == 1 else None


@lru_cache(maxsize=1)
def _slips() -> dict[str, tuple[str, ...]]:
    return slips(taxonomy().names)


def _nearest(names: list[str], embeddings: Embeddings | None) -> list[str | None]:
    """For each name the skill whose name, or other name, is nearest in meaning; None if that is not near."""
    if embeddings is None or not names or embeddings.id not in NEAR:
        return [None] * len(names)
    asked: NDArray[np.float32] = embeddings.embed([name.lower() for name in names])
    cosines = asked.dot(_vectors(embeddings).T)
    skills = [taxonomy().spelled[name] for name in _spelled()]
    best = zip(cosines.argmax(axis=1), cosines.max(axis=1), strict=True)
    return [skills[at] if cosine >= NEAR[embeddings.id] else None for at, cosine in best]


def _vectors(embeddings: Embeddings) -> NDArray[np.float32]:
    """The vectors of the known names, shape (names, dimension): as shipped, else embedded at the first need."""
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
    """Writes the vectors of the known names, to be done again when skills.txt has changed; until then they are embedded."""
    import numpy as np

    vectors = np.rint(embeddings.embed(_spelled()) * STEPS).astype(np.int8)
    np.savez_compressed(path, names=np.array(_digest()), vectors=vectors)


def _spelled() -> list[str]:
    return sorted(taxonomy().spelled)


def _digest() -> str:
    """Tells one list of names from another."""
    return hashlib.sha256("\n".join(_spelled()).encode()).hexdigest()
