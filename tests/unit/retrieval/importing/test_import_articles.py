"""Articles and folders: front matter is text, every file is either read or named, and one bad file does not stop the others."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import BadSource
from retrieval.importing.content_files import read_article, read_sources
from retrieval.passage import Article
from tests.imports import HEADER, Brought, brought, row

USUAL = {
    "id": "one", "title": "One", "summary": "What it says", "topics": "[a, b]", "audience": "[mentee]", "owner": "Team",
    "reviewed_on": "2026-10-01", "review_every": "180 days", "source": "Own",
}  # fmt: skip


def text(body: str = "Text.", **fields: str) -> str:
    front = "\n".join(f"{name}: {value}" for name, value in {**USUAL, **fields}.items())
    return f"---\n{front}\n---\n{body}\n"


def article(folder: Path, content: str | bytes, name: str = "in.md") -> Brought:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return brought(path)


# Values.


@pytest.mark.parametrize("said", [
    "12:30", "no", "yes", "on", "Off", "1.10", "007", "0x1F", "1_000", "2026-01-02", "true", "1e3", ".inf", "=", "190:20:30",
    "0o17", "y",
])  # fmt: skip
def test_a_value_is_the_words_that_stand_there(said: str, tmp_path: Path) -> None:
    found = article(tmp_path, text(title=said, owner=said, topics=f"[{said}, b]"))
    (one,) = found.sources.articles
    assert (one.title, one.owner, one.topics) == (said, said, (said, "b"))


@pytest.mark.parametrize(("name", "said", "says"), [
    ("title", "", "lacks title"), ("title", "~", "lacks title"), ("title", "null", "lacks title"),
    ("topics", "[]", "lacks topics"),
    ("title", "{a: b}", "'title' holds more"), ("title", "[a, b]", "'title' holds more"),
    ("topics", "[[a], b]", "'topics' holds more"),
    ("topics", "{a: b}", "'topics' holds more"), ("title", '"nul \\0"', "cannot be stored"),
    ("title", '"half \\uD800"', "cannot be stored"),
    ("title", "Pumps: how", "quotes"), ("title", "'open", "quotes"), ("title", "\ttab: x", "quotes"),
    ("title", "@at", "quotes"),
    ("id", "../x", "id '../x'"), ("id", "a b", "id 'a b'"), ("id", "ä", "id 'ä'"),
    ("reviewed_on", "1.10.2026", "reviewed_on is '1.10.2026'"), ("reviewed_on", "9999-12-31", "reviewed_on is '9999-12-31'"),
    ("reviewed_on", "2026-02-30", "reviewed_on is"), ("reviewed_on", "10/01/2026", "reviewed_on is"),
    ("review_every", "2 years", "review_every is '2 years'"), ("review_every", "0 days", "review_every is"),
    ("review_every", "\N{SUPERSCRIPT TWO} days", "review_every is"), ("review_every", "9:30", "review_every is '9:30'"),
])  # fmt: skip
def test_a_value_that_is_not_understood_is_named_with_its_line(name: str, said: str, says: str, tmp_path: Path) -> None:
    found = article(tmp_path, text(**{name: said}))
    (refused,) = found.refused
    assert found.ids == []
    assert says in refused
    assert refused.startswith("in.md, line ")
    if "lacks" not in says:
        assert refused.startswith(f"in.md, line {list(USUAL).index(name) + 2}: ") or "quotes" in says


@pytest.mark.parametrize("said", ["2026-10-01", "2026-10-01 09:30:00", "2026-10-01T09:30:00Z", "'2026-10-01'", "20261001"])
def test_days_with_and_without_a_time(said: str, tmp_path: Path) -> None:
    assert article(tmp_path, text(reviewed_on=said)).sources.articles[0].reviewed_on == date(2026, 10, 1)


def test_a_review_never_falls_behind_the_end_of_the_calendar() -> None:
    """An article that an older version took."""
    far = Article("a", "A", "", (), (), "", date(9999, 12, 31), 365, "", "Text.")
    assert far.review_due == date.max
    assert not far.is_stale(date(2026, 11, 30))


@pytest.mark.parametrize(("said", "meant"), [
    ("[everyone]", ("mentee", "mentor", "programme_manager")), ("All", ("mentee", "mentor", "programme_manager")),
    ("[Mentees, mentor]", ("mentee", "mentor")), ("Programme manager", ("programme_manager",)),
    ("mentee; mentor", ("mentee", "mentor")),
])  # fmt: skip
def test_audiences_in_other_words(said: str, meant: tuple[str, ...], tmp_path: Path) -> None:
    found = article(tmp_path, text(audience=said))
    assert (found.sources.articles[0].audience, found.unused) == (meant, [])


def test_what_is_not_used_of_an_article_is_told(tmp_path: Path) -> None:
    found = article(tmp_path, text(audience="[mentee, bosses]", topic="x", layout="post"))
    assert found.ids == ["one"]
    assert "audience has 'bosses'" in found.unused[0]
    assert "'topic' (perhaps topics), 'layout'" in found.unused[1]
    assert [line.split(":")[0] for line in found.unused] == ["in.md, line 6", "in.md, line 11"]


def test_fields_in_other_spellings_and_a_field_that_is_there_twice(tmp_path: Path) -> None:
    content = text().replace("reviewed_on", "Reviewed on").replace("review_every", "review-every").replace("id:", "ID:")
    assert article(tmp_path, content).ids == ["one"]
    for twice in ("title: Two\n---\n", "Title: Two\n---\n"):
        assert "there twice" in article(tmp_path, text().replace("---\nText", f"{twice}Text")).refused[0]


FACETS = "[the first call, 'my \N{LATIN SMALL LETTER E WITH ACUTE}quipe, and \"how\"', questions that bring out needs]"


def test_facets_are_kept_as_they_are_written(tmp_path: Path) -> None:
    (one,) = article(tmp_path, text(facets=FACETS)).sources.articles
    assert one.facets == (
        "the first call",
        'my \N{LATIN SMALL LETTER E WITH ACUTE}quipe, and "how"',
        "questions that bring out needs",
    )
    listed = text(facets="\n  - the first call\n  - whether to go on")
    assert article(tmp_path, listed).sources.articles[0].facets == ("the first call", "whether to go on")


@pytest.mark.parametrize("said", ["", "[]", "~"])
def test_facets_may_be_left_out(said: str, tmp_path: Path) -> None:
    found = article(tmp_path, text(facets=said))
    assert (found.sources.articles[0].facets, found.unused) == ((), [])


@pytest.mark.parametrize(("said", "says"), [
    ("the first call", "facets holds 1. Write a list of 2 to 5 short phrases"),
    ("[the first call]", "facets holds 1."), ("[a b, a c, a d, a e, a f, a g]", "facets holds 6."),
    ("[the first call, call]", "The facet 'call' cannot be offered. Write 2 to 6 words"),
    ("[the first call, one two three four five six seven]", "cannot be offered"),
    (f"[the first call, {'x' * 40} {'y' * 40}]", "cannot be offered"),
    ("[the first call, 'two  blanks here']", "cannot be offered"),
    ("[the first call, The First Call]", "The facet 'The First Call' is there twice. Keep one."),
])  # fmt: skip
def test_facets_that_cannot_be_offered_are_refused_in_one_line(said: str, says: str, tmp_path: Path) -> None:
    (refused,) = article(tmp_path, text(facets=said)).refused
    assert refused.startswith("in.md, line 11: ")
    assert says in refused


# Forms.


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("close", ["---", "...", "--- ", "-----"])
def test_line_ends_encodings_and_ends_of_the_front_matter(end: str, encoding: str, close: str, tmp_path: Path) -> None:
    content = text("Hallo, Zoë.\n\n---\n\nMore.").replace("180 days\nsource: Own\n---", f"180 days\nsource: Own\n{close}", 1)
    (one,) = article(tmp_path, content.replace("\n", end).encode(encoding)).sources.articles
    assert one.text == "Hallo, Zoë.\n\n---\n\nMore."


@pytest.mark.parametrize(("content", "says"), [
    ("just text", "line 1: The front matter is missing"), ("", "front matter is missing"),
    ("---\nid: a\n", "line 1: The front matter has no end"),
    ("---\n- a\n---\nText", "no fields"), ("---\n---\nText", "lacks id"), (text(""), "no text"),
    (text("# Only\n\n## Headings"), "no text"),
    ("---\n" + "a: " + "[" * 5_000 + "\n---\nText", "nested too deeply|cannot be read"),
    ("---\n" + "x" * 21_000 + "\n---\nT", "longer than"),
    ("---\na: &a [x]\nb: [*a, *a]\n---\nText", "'b' holds more"), ("\x00" + text(), "NUL"), (text("x\x00"),
    "line 12: There is a NUL"),
])  # fmt: skip
def test_a_front_matter_that_cannot_be_read_says_why(content: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "in.md"
    path.write_text(content, "utf-8")
    with pytest.raises(BadSource, match=says):
        read_article(path)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,?~\n \t\\0é", max_size=120))
def test_any_front_matter_is_answered_in_one_line(tmp_path_factory: pytest.TempPathFactory, front: str) -> None:
    path = tmp_path_factory.mktemp("any") / "in.md"
    path.write_text(f"---\n{front}\n---\nText.\n", "utf-8")
    found = brought(path)
    assert [line.isprintable() for line in found.refused] == [True]


# Folders.


def test_every_file_of_a_folder_is_read_or_named(tmp_path: Path) -> None:
    for name in ("a.md", "b.MD", "c.Markdown", "sub/d.mdown", "x/y/z/e.mkd"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text(id=Path(name).stem), "utf-8")
    (tmp_path / "sub" / "people.CSV").write_text(f"{HEADER}\n{row()}\n", "utf-8")
    for name in ("f.txt", "g.docx", "README.md", ".hidden.md", "~$g.docx", "sub/h.html", "LICENSE", "node_modules/i.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    os.symlink(tmp_path / "sub", tmp_path / "linked")
    found = brought(tmp_path)
    assert (found.ids, found.refused) == (["a", "b", "c", "d", "e", "x1"], [])
    named = " ".join(found.unused)
    assert all(
        name in named
        for name in ("f.txt", "g.docx", "README.md", ".hidden.md", "sub/h.html", "LICENSE", "node_modules", "linked")
    )


def test_a_knowledge_folder_names_what_is_in_the_wrong_place(tmp_path: Path) -> None:
    for name, content in (
        ("articles/a.md", text(id="a")), ("guides/b.md", text(id="b")), ("mentors/m.csv", f"{HEADER}\n{row()}\n"),
        ("top.md", text(id="top")), ("articles/list.csv", HEADER), ("mentors/c.md", text(id="c")), ("notes/d.md", text(id="d")),
        ("organisation.toml", ""), ("people.csv", "login,display_name,roles,mentor_id,time_zone,department\n"),
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    found = brought(tmp_path)
    assert (found.ids, found.refused) == (["a", "b", "x1"], [])
    (unused,) = found.unused
    assert all(name in unused for name in ("top.md", "articles/list.csv", "mentors/c.md", "notes"))
    assert "organisation" not in unused


def test_mentors_without_articles_are_a_knowledge_folder_too(tmp_path: Path) -> None:
    (tmp_path / "mentors").mkdir()
    (tmp_path / "mentors" / "m.csv").write_text(f"{HEADER}\n{row()}\n", "utf-8")
    assert brought(tmp_path).ids == ["x1"]


@pytest.mark.parametrize("name", ["list.xlsx", "notes.docx", "page.html", "data.json", "plain"])
def test_a_single_file_of_another_kind_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    with pytest.raises(BadSource, match="kind of file is not known"):
        read_sources(tmp_path / name)


def test_an_ending_in_capitals_is_no_other_kind(tmp_path: Path) -> None:
    (tmp_path / "M.CSV").write_text(f"{HEADER}\n{row()}\n", "utf-8")
    assert brought(tmp_path / "M.CSV").ids == ["x1"]


def test_names_of_files_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2Jb\n.md").write_text("x", "utf-8")
    (tmp_path / "c\x1b[2Jd.txt").write_text("x", "utf-8")
    found = brought(tmp_path)
    assert found.refused
    assert found.unused
    assert all(line.isprintable() for line in (*found.refused, *found.unused))
