"""No sentence to a person is made of the text of an exception: services and pages choose a saying by its kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.services.content.retrieval_refusals import not_retrieved
from retrieval.errors import BadSource, IndexLocked, RetrievalError

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for folder in ("ui", "assistant/services") for path in (ROOT / folder).rglob("*.py"))
CANARY = "canary-4711"


def quoted(tree: ast.AST) -> Iterator[int]:
    """Lines on which the exception of a handler becomes text."""
    for handler in (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name):
        for node in (inner for step in handler.body for inner in ast.walk(step)):
            said = (isinstance(node, ast.Call) and ast.unparse(node.func) in ("str", "repr", "format")) or isinstance(
                node, ast.JoinedStr
            )
            if said and any(isinstance(inner, ast.Name) and inner.id == handler.name for inner in ast.walk(node)):
                yield node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_text_of_an_exception_is_not_shown(path: Path) -> None:
    assert list(quoted(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize("way", ["str(error)", "f'{error}'", "Refusal('x', str(error))", "repr(error)"])
def test_it_would_be_found(way: str) -> None:
    assert list(quoted(ast.parse(f"try:\n    run()\nexcept ValueError as error:\n    told = {way}\n"))) == [4]


def kinds(base: type[RetrievalError]) -> Iterator[type[RetrievalError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("kind", [RetrievalError, *kinds(RetrievalError)], ids=lambda kind: kind.__name__)
def test_every_error_of_retrieval_has_a_sentence(kind: type[RetrievalError]) -> None:
    error = kind.__new__(kind, CANARY)
    if isinstance(error, BadSource):
        error = BadSource("people.csv", "The column login is missing.", 3)
    refusal = not_retrieved(error)
    assert CANARY not in refusal.say
    assert len(refusal.say) > 20


def test_a_source_names_its_place_and_not_the_folder() -> None:
    assert not_retrieved(BadSource("/srv/secret/people.csv", "It is empty.", 3)).say == "people.csv, line 3: It is empty."
    assert not_retrieved(IndexLocked("/srv/secret")).code == "index_locked"
