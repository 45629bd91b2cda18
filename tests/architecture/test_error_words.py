"""No sentence to a person is made of the text of an exception: a saying is chosen by its kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from assistant.services.content.retrieval_refusals import not_retrieved
from retrieval.errors import BadSource, IndexLocked, RetrievalError
from tests.architecture.sources import CODE, Function, tree, where

CANARY = "canary-4711"
TEXTS = ("str", "repr", "format", "print", "ascii", "Refusal", "traceback.format_exc", "format_exc")
WORDS = ("args", "strerror", "message", "msg", "detail", "doc", "reason", "__notes__")
OWN_SENTENCES = {
    "assistant/cli/command_errors.py": "explained expected",
    "assistant/diagnosis/findings.py": "error_finding",
    "assistant/evaluation/__init__.py": "run",
}
"""Functions that show the message of an error of our own, which is a sentence for people; the types are named there."""


def quoted(root: ast.AST, allowed: frozenset[str] = frozenset()) -> Iterator[int]:
    """Lines on which an exception becomes text: one that is caught, or one that a function is given."""
    exempt = {id(one) for node in ast.walk(root) if isinstance(node, Function) and node.name in allowed for one in ast.walk(node)}
    for node in (node for node in ast.walk(root) if id(node) not in exempt):
        if isinstance(node, ast.ExceptHandler) and node.name:
            yield from _texts(node.body, node.name)
        elif isinstance(node, Function):
            for one in (*node.args.args, *node.args.kwonlyargs):
                if one.annotation and _is_exception(ast.unparse(one.annotation)):
                    yield from _texts(node.body, one.arg)


def _is_exception(annotation: str) -> bool:
    return any(part.strip().split(".")[-1].endswith(("Exception", "Error")) for part in annotation.split("|"))


def _texts(body: list[ast.stmt], name: str) -> Iterator[int]:
    inside = [inner for step in body for inner in ast.walk(step)]
    compared = {id(operand) for one in inside if isinstance(one, ast.Compare) for operand in (one.left, *one.comparators)}
    for node in inside:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in TEXTS:
            made: list[ast.AST] = [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.JoinedStr):
            made = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            made = [*node.right.elts] if isinstance(node.right, ast.Tuple) else [node.right]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join"):
            made = list(node.args)
        else:
            made = []
        if id(node) not in compared and any(_words_of(one, name) for one in made):
            yield node.lineno


def _words_of(node: ast.AST, name: str) -> bool:
    """Whether it is the exception itself or one of its texts; other attributes are values of ours."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id == name and node.attr in WORDS
    return isinstance(node, ast.Name) and node.id == name


def test_the_text_of_an_exception_is_not_shown() -> None:
    found = [
        f"{where(path)}:{line}" for path in CODE
        for line in quoted(tree(path), frozenset(OWN_SENTENCES.get(where(path), "").split()))
    ]  # fmt: skip
    assert found == []


@pytest.mark.parametrize(
    "way",
    ["str(error)", "f'{error}'", "Refusal('x', str(error))", "Refusal('x', error)", "repr(error)", "'%s' % error", "print(error)",
     "'{}'.format(error)", "f'{error.args}'", "str(error.strerror)"],
)  # fmt: skip
def test_it_would_be_found(way: str) -> None:
    assert 4 in quoted(ast.parse(f"try:\n    run()\nexcept ValueError as error:\n    told = {way}\n"))
    assert 2 in quoted(ast.parse(f"def told(error: ValueError) -> str:\n    return {way}\n"))


@pytest.mark.parametrize(
    "way", ["f'{error.code}'", "'field limit' in str(error)", "by_kind(error)", "isinstance(error, OSError)"]
)
def test_a_choice_by_its_kind_is_none(way: str) -> None:
    assert not list(quoted(ast.parse(f"try:\n    run()\nexcept ValueError as error:\n    told = {way}\n")))


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
