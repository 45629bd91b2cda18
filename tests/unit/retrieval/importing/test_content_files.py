"""Files that people made: what is read, and what is said about what cannot be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from retrieval.errors import BadSource
from retrieval.importing.content_files import MAX_ARTICLE_BYTES, load_articles, load_profiles

FRONT = """---
id: one
title: "One: a title"
summary: What it says
topics: [a, b]
audience: mentee
owner: Team
reviewed_on: 2026-01-31
review_every: 30 days
source: Own
---

# One

Text.
"""
HEADER = "id,name,title,department,level,time_zone,languages,skills,formats,weekly_capacity,office_hours,evidence"
ROW = 'm1,Ann,Analyst,Finance,senior,Europe/Oslo,nb;en,sql;excel,call,3,FREQ=WEEKLY/PT90M,"I do, ""this"".\nAnd that."'


def test_an_article_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(FRONT, "utf-8")
    (tmp_path / "README.md").write_text("not an article", "utf-8")
    (one,) = load_articles(tmp_path)
    assert (one.id, one.title, one.topics, one.audience) == ("one", "One: a title", ("a", "b"), ("mentee",))
    assert (one.reviewed_on, one.review_every) == (date(2026, 1, 31), 30)
    assert one.text.strip().startswith("# One")
    assert not one.is_stale(date(2026, 3, 2))
    assert one.is_stale(date(2026, 3, 3))


def test_profiles_are_read_from_csv_with_commas_quotes_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"{HEADER}\n{ROW}\n\n", "utf-8-sig")
    (one,) = load_profiles(path)
    assert one.languages == ("nb", "en")
    assert one.weekly_capacity == 3
    assert one.evidence == 'I do, "this".\nAnd that.'


def test_profiles_are_read_from_the_public_form_with_defaults(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text(
        '{"id": "mentor_1", "title": "Dev", "description": "Hi\\u2028there", "country": "IL", '
        '"spoken_languages": ["en", "he"], "channel_types": ["email"]}\n',
        "utf-8",
    )
    (one,) = load_profiles(path)
    assert (one.name, one.time_zone, one.weekly_capacity) == ("Mentor 1", "UTC", 1)
    assert (one.languages, one.formats, one.country) == (("en", "he"), ("call", "written"), "IL")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FRONT.replace("2026-01-31", "31.1.2026"), "line 8.*reviewed_on.*2026-11-30"),
        (FRONT.replace("30 days", "monthly"), "line 9.*review_every.*180 days"),
        (FRONT.replace("owner: Team\n", ""), "lacks owner"),
        (FRONT.replace('"One: a title"', "One: a title"), "line 3.*in quotes"),
        (FRONT.replace("id: one", "id: ../one"), "line 2.*id"),
        ("just text", "front matter is missing"),
        (FRONT.split("# One", maxsplit=1)[0], "no text"),
        (FRONT + "\x00", "NUL"),
        (FRONT + "x" * MAX_ARTICLE_BYTES, "limit"),
    ],
)
def test_a_bad_article_is_named_with_its_line_and_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "bad.md").write_text(text, "utf-8")
    with pytest.raises(BadSource, match=f"bad.md.*{says}") as caught:
        load_articles(tmp_path)
    assert "Traceback" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("id,name\nm1,Ann\n", "line 1.*title, evidence"),
        (f"{HEADER},id\n", "line 1.*'id' is there twice"),
        (f"{HEADER}\n{ROW}\n{ROW}\n", "line 4.*'m1' is there twice"),
        (f"{HEADER}\nm1,Ann,too few\n", "line 2.*3 cells but 12 columns"),
        (f'{HEADER}\nm1,"Ann" x,A,F,s,UTC,en,s,c,1,,e\n', "line 2.*broken"),
        (f"{HEADER}\n{ROW.replace(',3,', ',many,')}\n", "line 2.*weekly_capacity"),
        (f"{HEADER}\n{ROW.replace('I do', 'x' * 20_001)}\n", "line .*broken|longer"),
        (f"{HEADER}\n{ROW.replace('m1,', ',')}\n", "line 2.*id"),
    ],
)
def test_a_bad_list_is_named_with_its_line_and_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadSource, match=f"bad.csv.*(?:{says})"):
        load_profiles(path)


def test_bad_lines_of_json_and_other_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    for text, says in (('{"id": "a"}\n[1]\n', "line 2.*object"), ("{broken\n", "line 1.*not JSON"), ("\n", "empty")):
        path.write_text(text, "utf-8")
        with pytest.raises(BadSource, match=says):
            load_profiles(path)
    (tmp_path / "list.xlsx").write_bytes(b"PK")
    with pytest.raises(BadSource, match=r"csv or a \.jsonl"):
        load_profiles(tmp_path / "list.xlsx")


def test_wrong_encoding_missing_files_and_empty_folders_are_named(tmp_path: Path) -> None:
    (tmp_path / "latin.md").write_bytes(FRONT.replace("Text", "Tëxt").encode("latin-1"))
    with pytest.raises(BadSource, match=r"latin.md, line 15.*UTF-8"):
        load_articles(tmp_path)
    for load in (load_articles, load_profiles):
        with pytest.raises(BadSource, match="no such file"):
            load(tmp_path / "nowhere")
        (tmp_path / load.__name__).mkdir()
        with pytest.raises(BadSource, match="in this folder"):
            load(tmp_path / load.__name__)


def test_two_articles_may_not_share_an_id(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(FRONT, "utf-8")
    with pytest.raises(BadSource, match=r"b\.md.*taken by a\.md"):
        load_articles(tmp_path)
