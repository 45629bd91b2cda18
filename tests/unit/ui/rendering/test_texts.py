"""Every text on a page comes from the catalogue: no letters in templates, every key there, each given what it names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from prompts.catalog import keys, variables
from tests.page_texts import MADE, TEMPLATES, letters_in, plain, spoken

UI = Path(__file__).resolve().parents[4] / "ui"
CODE = sorted(UI.rglob("*.py"))
BRAND = "Askwell"


def test_every_key_of_a_template_is_in_the_catalogue() -> None:
    assert len(list(spoken())) > 150
    assert sorted((one.where, key) for one in spoken() for key in one.keys if key not in keys()) == []


def test_every_text_of_a_template_is_given_exactly_its_variables() -> None:
    wrong = [(one.where, key, sorted(one.given)) for one in spoken() for key in one.keys if one.given != variables(key)]
    assert wrong == []


def test_every_key_that_is_put_together_is_listed_and_used() -> None:
    assert {one.key for one in spoken() if "*" in one.key} == MADE.keys()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_words_of_its_own(path: Path) -> None:
    assert letters_in(plain(path)) == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(UI)))
def test_no_markup_in_code_has_words_of_its_own(path: Path) -> None:
    texts = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
    markup = [text for text in texts if isinstance(text, str) and "</" in text and not text.startswith("(")]
    assert [word for text in markup for word in letters_in(text) if word not in (BRAND, "{}") and "{" not in word] == []


@pytest.mark.parametrize("html", ["<p>Hello</p>", '<a title="Hello">{{ x }}</a>', "<p>{{ a }} of {{ b }}</p>", "é"])
def test_words_in_a_template_would_be_found(html: str, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(html, "utf-8")
    assert letters_in(plain(tmp_path / "x.html"))
