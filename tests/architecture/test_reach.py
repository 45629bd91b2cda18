"""What an evaluation calls below itself is what a request runs: each name that it uses is reached from the wiring.

Names are the functions, classes and constants at the top of a module. A name reaches what its source mentions: names of its own
module, and names that it imports (also inside a function). Roots are the commands, the pages and the checks, without the command
that evaluates. A name that evaluation alone reaches is code that no request runs, and a figure of it no figure of the product.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("assistant", "retrieval", "prompts", "ui")
EVALUATION = ("assistant.evaluation", "tests.evals.lab")
ROOTS = ("assistant.cli", "assistant.diagnosis", "assistant.bootstrap", "ui", "retrieval.prebuild")
DOUBLES = frozenset({"assistant.adapters.store.memory_store.MemoryStore", "assistant.adapters.store.memory_usage.MemoryUsage"})
"""Stores in memory, which stand in a play for the database; they pass the same contract tests, and no figure is about them."""
WHOLE = ""
"""The name of what a module does at its import, and of a module that is used as a whole."""

Name = tuple[str, str]
"""A module and a name at its top."""


@dataclass
class Module:
    """One parsed module: what each of its names mentions, as names of this module or imported ones."""

    name: str
    mentions: dict[str, set[str]] = field(default_factory=dict)
    imported: dict[str, Name] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    attributes: dict[str, set[str]] = field(default_factory=dict)


def modules(*packages: str) -> dict[str, Path]:
    found = {}
    for package in packages:
        for path in sorted((ROOT / package.replace(".", "/")).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def everything() -> dict[str, Module]:
    paths = {name: path for name, path in modules(*PRODUCT, "tests.evals.lab").items() if "lab.training" not in name}
    return {name: read(name, ast.parse(path.read_text("utf-8")), frozenset(paths)) for name, path in paths.items()}


def read(name: str, tree: ast.Module, known: frozenset[str]) -> Module:
    made = Module(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                target = (whole, WHOLE) if whole in known else (node.module, alias.name)
                made.imported[alias.asname or alias.name] = target
        elif isinstance(node, ast.Import):
            for alias in node.names:
                made.imported[alias.asname or alias.name.split(".")[0]] = (alias.name, WHOLE)
    for node in tree.body:
        for own in names_of(node):
            made.mentions.setdefault(own, set()).update(mentioned(node))
            made.attributes.setdefault(own, set()).update(n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute))
        if isinstance(node, ast.ClassDef):
            made.members[node.name] = {n.name for n in node.body if isinstance(n, ast.FunctionDef) and n.name[0] != "_"}
    return made


def names_of(node: ast.stmt) -> Iterator[str]:
    """What a statement at the top of a module defines; what runs at import is WHOLE."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
        if any(isinstance(one, ast.Call) for one in node.decorator_list):
            yield WHOLE
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))
    elif not isinstance(node, ast.Import | ast.ImportFrom):
        yield WHOLE


def mentioned(node: ast.AST) -> set[str]:
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    through = (one for one in ast.walk(node) if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name))
    dotted = {f"{one.value.id}.{one.attr}" for one in through}  # type: ignore[attr-defined]
    inner = {alias.asname or alias.name for one in ast.walk(node) if isinstance(one, ast.ImportFrom) for alias in one.names}
    return names | dotted | inner


def uses(module: Module, name: str) -> Iterator[Name]:
    """The names that one name uses, of its own module and of others."""
    for word in module.mentions.get(name, set()):
        first, _, rest = word.partition(".")
        if rest and first in module.imported and module.imported[first][1] == WHOLE:
            yield module.imported[first][0], rest
        elif word in module.imported:
            yield module.imported[word]
        elif word in module.mentions:
            yield module.name, word


Graph = Mapping[str, Module]


def reached(graph: Graph) -> set[Name]:
    """All names that the roots use, in any number of steps, without going through evaluation."""
    waiting = [(name, own) for name, module in graph.items() if name.startswith(ROOTS) for own in module.mentions]
    found = set[Name]()
    while waiting:
        name = waiting.pop()
        if name not in found and name[0] in graph and not name[0].startswith(EVALUATION):
            found.add(name)
            waiting += [*uses(graph[name[0]], name[1]), (name[0], WHOLE)]
    return found


def measured(graph: Graph) -> Iterator[tuple[str, Name]]:
    """Every name of the product that evaluation uses, and where."""
    for where, module in graph.items():
        if where.startswith(EVALUATION):
            for own in module.mentions:
                for used in uses(module, own):
                    if used[0] in graph and used[0].startswith(PRODUCT) and not used[0].startswith(EVALUATION):
                        yield where, used


def stray_names(graph: Graph) -> list[str]:
    """What evaluation uses of the product that no request reaches."""
    of_a_request = reached(graph)
    return sorted({
        f"{module}.{own} (used by {where})"
        for where, (module, own) in measured(graph)
        if (module, own) not in of_a_request and f"{module}.{own}" not in DOUBLES and own in graph[module].mentions
    })  # fmt: skip


def stray_methods(graph: Graph) -> list[str]:
    """Public methods of reached classes that evaluation calls, whose name no reached code of the product mentions."""
    of_a_request = reached(graph)
    called = set().union(*(graph[module].attributes.get(own, set()) for module, own in of_a_request))
    asked = set().union(*(names for key, one in graph.items() if key.startswith(EVALUATION) for names in one.attributes.values()))
    return sorted(
        f"{module}.{own}.{method}"
        for module, own in of_a_request if f"{module}.{own}" not in DOUBLES
        for method in graph[module].members.get(own, set()) if method in asked and method not in called
    )  # fmt: skip


def test_what_an_evaluation_calls_is_reached_by_a_request() -> None:
    assert stray_names(everything()) == []


def test_a_method_that_an_evaluation_calls_is_called_by_a_request() -> None:
    assert stray_methods(everything()) == []


def test_no_module_is_there_for_evaluation_alone() -> None:
    graph = everything()
    by_a_request, by_evaluation = {module for module, _ in reached(graph)}, {used[0] for _, used in measured(graph)}
    assert sorted(by_evaluation - by_a_request - {name.rpartition(".")[0] for name in DOUBLES}) == []


def test_the_installed_part_does_not_know_the_laboratory() -> None:
    installed = {name: module for name, module in everything().items() if not name.startswith("tests")}
    assert [name for name, module in installed.items() if any(m.startswith("tests") for m, _ in module.imported.values())] == []


# The check itself, on a product of a few lines.


def graph_of(sources: Mapping[str, str]) -> dict[str, Module]:
    return {name: read(name, ast.parse(text), frozenset(sources)) for name, text in sources.items()}


SMALL = {
    "assistant.bootstrap": "from retrieval.passages.search import Search\ndef build():\n    return Search().find()",
    "retrieval.passages.search": "class Search:\n    def find(self): ...\n    def ranking(self): ...",
    "retrieval.examples": "class Examples: ...",
    "assistant.evaluation.abstain": (
        "def measure():\n    from retrieval.passages.search import Search\n    return Search().find()"
    ),
}


def test_what_a_request_runs_may_be_measured() -> None:
    assert stray_names(graph_of(SMALL)) == stray_methods(graph_of(SMALL)) == []


def test_a_name_and_a_method_for_evaluation_alone_are_found() -> None:
    more = "def measure():\n    from retrieval.examples import Examples\n    return Examples(), Search().ranking()"
    graph = graph_of({**SMALL, "assistant.evaluation.abstain": f"from retrieval.passages.search import Search\n{more}"})
    assert stray_names(graph) == ["retrieval.examples.Examples (used by assistant.evaluation.abstain)"]
    assert stray_methods(graph) == ["retrieval.passages.search.Search.ranking"]


def test_a_use_inside_a_function_and_one_through_its_module_are_seen() -> None:
    made = graph_of({
        "a": "import b\nfrom c import one\ndef f():\n    from c import two\n    return two(), b.three, one\nX = f()",
        "b": "three = 3", "c": "def one(): ...\ndef two(): ...",
    })  # fmt: skip
    assert set(uses(made["a"], "f")) == {("c", "one"), ("c", "two"), ("b", "three"), ("b", WHOLE)}
    assert set(uses(made["a"], "X")) == {("a", "f"), ("a", "X")}
