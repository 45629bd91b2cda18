"""The catalogue of sayings: every one that the code names exists, is given its variables, and none is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from assistant.domain.stages import STAGES, name_of
from prompts.catalog import keys, variables
from tests.architecture.sources import CODE, tree, where
from tests.page_texts import keys_used

CALLS = {"say": "", "text": "", "tell": "", "refuse": "refuse.", "_to_mentee": "notify.", "_to_mentor": "notify."}


def spoken() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call that names a saying by a literal: where, the key, the call."""
    for path in CODE:
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            literal = next((a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)), None)
            key = f"{CALLS.get(name, '')}{literal}"
            if name in CALLS and literal and re.fullmatch(r"[a-z]+\.[a-z_]+", key):
                yield where(path, node), key, node


def test_every_saying_that_the_code_names_exists() -> None:
    assert [(place, key) for place, key, _ in spoken() if key not in keys()] == []


def test_every_saying_is_given_exactly_its_variables() -> None:
    for place, key, call in spoken():
        given = {keyword.arg for keyword in call.keywords}
        if None not in given:
            assert given == variables(key), f"{place} {key}"


def constants() -> set[str]:
    return {
        node.value
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def patterns() -> set[str]:
    """f-strings and sums with a key's shape, as patterns: what is put in is a group."""
    found = set()
    for path in CODE:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"(\w+)" for p in node.values]
                found.add("".join(parts))
            elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
                found.add(re.escape(node.left.value) + r"(\w+)")
    return {pattern for pattern in found if re.fullmatch(r"[a-z_]*(?:\\\.)?[a-z_]*\(\\w\+\)[a-z_]*(?:\\\.)?[a-z_]*", pattern)}


def test_no_saying_is_left_over() -> None:
    words = constants() | {name_of(stage) for stage in STAGES}
    shapes = [re.compile(pattern) for pattern in patterns() if len(pattern) > len(r"(\w+)") + 3]
    words |= {key for _, key, _ in spoken()} | {f"{prefix}{word}" for prefix in set(CALLS.values()) for word in words}
    words |= keys_used()

    def used(key: str) -> bool:
        group, _, rest = key.partition(".")
        made = (shape.fullmatch(key) for shape in shapes)
        half = any(m and m[1] in words for shape in shapes if (m := shape.fullmatch(rest)) and group == "notify")
        return key in words or half or any(m and m[1] in words for m in made)

    assert sorted(key for key in keys() if not used(key)) == []
