"""Which tests here measure the product on a set: `make eval-short` runs them, `make test` runs all others.

The others hold that measuring itself is right; they are quick and assert correctness.
"""

from __future__ import annotations

from pathlib import Path

import pytest

MEASURED: dict[str, tuple[str, ...]] = {
    "test_retrieval_figures.py": ("test_",),
    "test_answers.py": ("test_what_is_let_through", "test_no_changed_figure", "test_advice_is_rarely"),
    "test_understanding.py": ("test_a_measure_holds", "test_what_must_not_be_overlooked", "test_false_alarms"),
    "test_heard.py": ("test_most_of_what", "test_the_same_words", "test_little_of_what"),
    "test_exposure.py": ("test_load_is_spread",),
    "test_sensitive.py": ("test_a_measure_holds", "test_a_count_stays"),
    "test_knowing.py": ("test_what_is_said_to_be_known",),
    "test_with_model.py": ("test_a_whole_request_costs_a_third",),
}  # fmt: skip
"""Files, and the beginning of the names of their tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and item.name.startswith(MEASURED.get(item.path.name, ("nothing",))):
            item.add_marker("figure")
