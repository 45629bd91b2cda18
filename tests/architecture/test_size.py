"""Files and functions that a person reads in one go, opened by their idea, with nothing left to do and nothing swallowed."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from statistics import median

from tests.architecture.sources import CODE, EVERYTHING, functions, tree, where

LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FILE, MEDIAN_FUNCTION = 400, 60, 100, 8


def test_a_file_has_at_most_400_lines() -> None:
    sizes = {where(path): len(path.read_text("utf-8").splitlines()) for path in EVERYTHING}
    assert {path: lines for path, lines in sizes.items() if lines > LONGEST_FILE} == {}


def test_a_function_has_at_most_60_lines() -> None:
    sizes = {where(path, node): (node.end_lineno or 0) - node.lineno + 1 for path, node in functions()}
    assert {place: lines for place, lines in sizes.items() if lines > LONGEST_FUNCTION} == {}


def test_most_files_and_functions_are_short(record_property: Callable[[str, object], None]) -> None:
    files = median(len(path.read_text("utf-8").splitlines()) for path in CODE if path.stat().st_size)
    lengths = median((node.end_lineno or 0) - node.lineno + 1 for _, node in functions())
    record_property("median lines of a file", files)
    record_property("median lines of a function", lengths)
    assert files <= MEDIAN_FILE
    assert lengths <= MEDIAN_FUNCTION


def test_a_module_opens_with_its_idea() -> None:
    opened = {where(path): (ast.get_docstring(tree(path)) or "").strip() for path in EVERYTHING if path.stat().st_size}
    assert [path for path, idea in opened.items() if not idea] == []


def test_nothing_is_left_to_do_and_nothing_is_swallowed() -> None:
    left = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    for path in EVERYTHING:
        assert not left.search(path.read_text("utf-8")), where(path)
    for path, node in ((code, node) for code in CODE for node in ast.walk(tree(code))):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException")
            silent = all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
            assert not (broad and silent), where(path, node)
            assert node.type is not None, where(path, node)
