"""Modules and classes have the names of the field: the private words that were replaced do not come back.

The words are the left column of the table of names in the architecture. Those that are words of English code too are refused
only as the whole name of a module or class; a stage is `Ready`, and packages may be named by what they do.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import CODE, tree, where

PRIVATE = frozenset(
    "beat clockwork desk gate ticket keepsake keepsakes veil world house rung rungs manners hear heard ear told obeying lorenz "
    "door curation shelf letters standing asker skilled growing".split()
)
"""Nowhere in a name."""
AMBIGUOUS = frozenset(
    "threshold composing finding line note ready refine windows steady recent choice votes merge exchange support pieces inbox "
    "outcome turn people said letters wording requests".split()
)
"""Not as the whole name of a module or class."""
MEANT = frozenset({"Ready", "Said", "Finding", "Outcome", "Turn"})
"""A stage, an event, a result of a check, how a request ended, a message to understand: their names in the architecture."""


def words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)]


def private(name: str) -> bool:
    parts = words(name)
    return name not in MEANT and (bool(PRIVATE & set(parts)) or (len(parts) == 1 and parts[0] in AMBIGUOUS))


def names() -> Iterator[tuple[Path, str]]:
    """Every module and class of the product, and where."""
    for path in CODE:
        if path.stem != "__init__":
            yield path, path.stem
        yield from ((path, node.name) for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef))


def test_no_module_and_no_class_has_a_private_name() -> None:
    assert [f"{where(path)}: {name}" for path, name in names() if private(name)] == []


@pytest.mark.parametrize("name", ["desk", "page_desk", "PageDesk", "_Heard", "HeardTurn", "threshold", "World", "keepsakes"])
def test_a_private_name_is_found(name: str) -> None:
    assert private(name)


@pytest.mark.parametrize("name", ["Ready", "merge_units", "TokenWindow", "answerability", "embedder_choice", "PageContext"])
def test_a_plain_name_is_not(name: str) -> None:
    assert not private(name)


def test_a_public_class_name_means_one_thing_in_most() -> None:
    """A port and its adapter are named apart; a name twice is a homonym."""
    found = Counter(
        node.name
        for path in CODE for node in tree(path).body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )  # fmt: skip
    assert sorted(name for name, count in found.items() if count > 2) == []
