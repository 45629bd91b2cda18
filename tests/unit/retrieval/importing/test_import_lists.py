"""Lists of mentors in every form that people export: what is understood, and what is named with line, column and value."""

from __future__ import annotations

import json
import os
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.profile_directory import as_mentor
from retrieval.errors import BadSource
from retrieval.importing.content_files import load_profiles, read_sources
from retrieval.importing.import_report import MOST_LISTED, Findings
from retrieval.importing.profile_records import PROFILES
from retrieval.importing.record_files import MAX_BYTES, MAX_FIELD, csv_records, json_records
from tests.imports import HEADER, RULE, brought, checker, mentors, row, slots

READERS = {".csv": csv_records, ".jsonl": json_records}


def jsonl(folder: Path, *rows: object) -> Path:
    path = folder / "in.jsonl"
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in rows) + "\n", "utf-8")
    return path


def one(**values: object) -> dict[str, object]:
    return {"id": "k1", "name": "Ann", "title": "Host", "evidence": "I host panels.", **values}


# Columns.


@pytest.mark.parametrize("spell", [
    str.upper, str.title, lambda name: name.replace("_", " "), lambda name: name.replace("_", "-"), lambda name: f" {name} ",
    lambda name: name.replace("_", ""), lambda name: name.title().replace("_", ""),
], ids=["upper", "title", "blank", "hyphen", "padded", "joined", "camel"])  # fmt: skip
def test_a_header_may_be_spelled_in_many_ways(spell: object, tmp_path: Path) -> None:
    header = ",".join(spell(name) for name in HEADER.split(","))  # type: ignore[operator]
    found = mentors(tmp_path, row(), header=header)
    assert (found.ids, found.refused, found.unused) == (["x1"], [], [])
    assert (found.profile().time_zone, found.profile().office_hours) == ("Europe/Berlin", RULE)


def test_columns_that_are_not_used_are_named_with_the_one_that_may_be_meant(tmp_path: Path) -> None:
    found = mentors(tmp_path, f"{row()},4,Oslo", header=f"{HEADER},Office hour,Site")
    (unused,) = found.unused
    assert found.ids == ["x1"]
    assert unused.startswith("in.csv, line 1: ")
    assert "'Office hour' (perhaps office_hours), 'Site'" in unused


def test_unknown_keys_of_json_are_named_once(tmp_path: Path) -> None:
    found = brought(jsonl(tmp_path, *(one(id=f"k{n}", mail="a@b.c", **{"Time Zone": "Europe/Oslo"}) for n in range(3))))
    assert found.profile("k2").time_zone == "Europe/Oslo"
    (unused,) = found.unused
    assert unused.startswith("in.jsonl, line 1: ")
    assert "'mail'" in unused


def test_a_header_that_means_one_column_twice_is_refused(tmp_path: Path) -> None:
    (refused,) = mentors(tmp_path, f"{row()},UTC", header=f"{HEADER},Time Zone").refused
    assert refused == "in.csv, line 1: The column 'time_zone' is there twice. Keep one."
    (refused,) = brought(jsonl(tmp_path, one(**{"time_zone": "UTC", "Time Zone": "UTC"}))).refused
    assert "there twice" in refused


def test_values_in_a_column_without_a_name_are_told(tmp_path: Path) -> None:
    found = mentors(tmp_path, f"{row()},,", f"{row(id='x2')},,note", header=f"{HEADER},,")
    assert found.ids == ["x1", "x2"]
    assert found.unused == [
        "in.csv, line 3: 1 rows have values in a column without a name, which are not used. Name the column in the first line."
    ]


# Cells and lines.


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("first", ["", "sep={}\n", '"sep={}"\r\n', "\n\nsep={}\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_encodings_and_line_ends(mark: str, first: str, encoding: str, end: str, tmp_path: Path) -> None:
    hours = f'"{RULE}"'
    cells = ["x1", "Zoë Łuk", "Host", "Quality", "senior", "Europe/Berlin", "en", '"a,b;c"', "call", "3", hours, "I host."]
    lines = [mark.join(HEADER.split(",")), mark.join(cells)]
    path = tmp_path / "in.csv"
    path.write_bytes((first.format(mark) + end.join(lines) + end).encode(encoding))
    found = brought(path)
    assert (found.ids, found.refused, found.unused) == (["x1"], [], [])
    assert (found.profile().name, found.profile().skills) == ("Zoë Łuk", ("a", "b", "c"))
    assert found.profile().office_hours == RULE


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le"])
def test_text_in_another_encoding_is_refused_with_its_line(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(f"{HEADER}\n{row()}\n{row(id='x2', name='Zoë')}\n".encode(encoding))
    (refused,) = brought(path).refused
    assert "Save the file as" in refused
    assert refused.startswith(f"in.csv, line {3 if encoding == 'cp1252' else 1}: ")


def test_one_bad_row_does_not_stop_the_others_and_all_are_told(tmp_path: Path) -> None:
    found = mentors(
        tmp_path,
        row(id="a"),
        row(id="b", weekly_capacity="many", time_zone="Mars", office_hours="soon"),
        "c,too,few",
        'd,"broken" quote,x,x',
        row(id="e"),
        "f,a,b,c,d,e,f,g,h,1,,k,too many",
        'g,"open,Host',
        row(id="h"),
        row(id="i"),
        row(id="a"),
    )
    assert found.ids == ["a", "e", "i"]
    lines = [int(line.split("line ")[1].split(":")[0]) for line in found.refused]
    assert lines == [3, 3, 3, 4, 5, 7, 8, 11]
    for name, line in zip(("weekly_capacity", "time_zone", "office_hours"), found.refused, strict=False):
        assert f": {name} " in line
    assert "up to line 9" in found.refused[6]


def test_lines_are_counted_with_breaks_in_quotes(tmp_path: Path) -> None:
    found = mentors(tmp_path, row(evidence="One.\n\nTwo.\nThree."), "", row(id="x2", weekly_capacity="?"))
    assert [line.split(":")[0] for line in found.refused] == ["in.csv, line 7"]


# Values.


@pytest.mark.parametrize(("said", "meant"), [("3", 3), ("3.0", 3), ("3,00", 3), (" 4 ", 4), ("", 1), ("0", 0), ("100", 100)])
def test_capacities_that_are_whole_numbers(said: str, meant: int, tmp_path: Path) -> None:
    assert mentors(tmp_path, row(weekly_capacity=said)).profile().weekly_capacity == meant


@pytest.mark.parametrize("said", [
    "\N{SUPERSCRIPT TWO}", "\N{CIRCLED DIGIT THREE}", "\N{FULLWIDTH DIGIT THREE}", "\N{VULGAR FRACTION ONE HALF}", "2.5",
    "-1", "101",
    "3e1", "0x3", "three", "1_0", "9" * 5000, "NaN", "\N{ARABIC-INDIC DIGIT THREE}",
])  # fmt: skip
def test_capacities_that_are_none(said: str, tmp_path: Path) -> None:
    found = mentors(tmp_path, row(weekly_capacity=said))
    (refused,) = found.refused
    assert refused.startswith("in.csv, line 2: weekly_capacity is '")
    assert len(refused) < 200


@pytest.mark.parametrize(("said", "meant"), [
    ("W. Europe Standard Time", "Europe/Berlin"), ("w. europe standard time", "Europe/Berlin"),
    ("Romance Standard Time", "Europe/Paris"),
    ("W. Europe Daylight Time", "Europe/Berlin"), ("GMT Standard Time", "Europe/London"),
    ("Eastern Standard Time", "America/New_York"),
    ("India Standard Time", "Asia/Calcutta"), ("AUS Eastern Standard Time", "Australia/Sydney"), ("UTC", "UTC"), ("utc", "UTC"),
    ("Alberta Standard Time", "America/Edmonton"), ("America/New York", "America/New_York"), ("europe/berlin", "Europe/Berlin"),
    ("AMERICA/ARGENTINA/BUENOS_AIRES", "America/Argentina/Buenos_Aires"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("Etc/GMT-1", "Etc/GMT-1"), ("UTC-11", "Etc/GMT+11"), ("Asia/Calcutta", "Asia/Calcutta"), ("CET", "CET"),
])  # fmt: skip
def test_zones_that_are_understood(said: str, meant: str, tmp_path: Path) -> None:
    found = mentors(tmp_path, row(time_zone=said))
    assert (found.refused, found.profile().time_zone) == ([], meant)
    assert slots(found.profile())


@pytest.mark.parametrize("said", [
    "GMT+1", "UTC+1", "+01:00", "MEZ", "Mars/Olympus", "Europe", "Germany", "(UTC+01:00) Amsterdam, Berlin, Rome",
    "../etc/passwd",
    "W. Europe", "x" * 5000,
])  # fmt: skip
def test_zones_that_are_not(said: str, tmp_path: Path) -> None:
    found = mentors(tmp_path, row(time_zone=said))
    (refused,) = found.refused
    assert found.ids == []
    assert refused.startswith(f"in.csv, line 2: time_zone is '{said[:50]}")


def test_a_city_is_answered_with_its_zone_and_hours_need_one(tmp_path: Path) -> None:
    assert "such as Europe/Berlin" in mentors(tmp_path, row(time_zone="Berlin")).refused[0]
    assert "no time_zone" in mentors(tmp_path, row(time_zone="")).refused[0]
    assert mentors(tmp_path, row(time_zone="", office_hours="")).profile().time_zone == "UTC"


def test_languages_and_formats_are_read_in_words_and_the_others_told(tmp_path: Path) -> None:
    found = mentors(tmp_path, row(languages="English; DE, pt-BR|Klingon", formats="Drop-in;video call;by carrier pigeon;written"))
    assert found.profile().languages == ("en", "de", "pt", "Klingon")
    assert found.profile().formats == ("drop_in", "call", "by carrier pigeon", "written")
    assert ["languages has 'Klingon'" in found.unused[0], "formats has 'by carrier pigeon'" in found.unused[1]] == [True, True]


# JSON.


@pytest.mark.parametrize(("column", "value"), [
    ("name", {"first": "Zoë"}), ("name", ["Ann"]), ("title", True), ("evidence", {"a": "b"}), ("office_hours", [[RULE]]),
    ("skills", {"a": 1}), ("weekly_capacity", True), ("weekly_capacity", [3]), ("time_zone", ["UTC"]),
    ("languages", [{"code": "en"}]),
    ("name", "nul\x00"), ("evidence", "half \ud800"), ("title", "x" * (MAX_FIELD + 1)), ("id", {}), ("id", "../x"),
    ("id", None),
    ("weekly_capacity", 2.5), ("weekly_capacity", 1e400), ("description", {"a": 1}), ("country", [1]),
    ("spoken_languages", [True]),
])  # fmt: skip
def test_a_value_of_another_type_is_refused_with_its_column(column: str, value: object, tmp_path: Path) -> None:
    if column in ("description", "spoken_languages"):
        values = {"evidence": "", "languages": "", column: value}
    else:
        values = {column: value}
    found = brought(jsonl(tmp_path, one(**values), one(id="ok")))
    assert found.ids == ["ok"]
    assert all(line.startswith("in.jsonl, line 1: ") and column in line for line in found.refused)
    assert found.refused


def test_numbers_and_lists_are_taken_where_they_say_the_same(tmp_path: Path) -> None:
    rules = [RULE, RULE.replace("TU", "TH")]
    found = brought(jsonl(tmp_path, one(id=7, weekly_capacity=3.0, skills=["a, b", "c"], time_zone="UTC", office_hours=rules)))
    profile = found.profile("7")
    assert (profile.weekly_capacity, profile.skills, len(as_mentor(profile).blocks)) == (3, ("a, b", "c"), 2)


def test_lines_that_are_no_objects_do_not_stop_the_others(tmp_path: Path) -> None:
    deep = "[" * 100_000
    twice = '{"id": "d", "id": "e", "name": "x"}'
    found = brought(jsonl(tmp_path, one(), "{broken", "[1]", deep, twice, "nul\x00"[:3], one(id="last")))
    assert found.ids == ["k1", "last"]
    assert [line.split(":")[0] for line in found.refused] == [f"in.jsonl, line {n}" for n in range(2, 7)]


# Bounds.


def test_a_report_is_bounded(tmp_path: Path) -> None:
    found = mentors(tmp_path, *(row(id=f"m{n}", weekly_capacity="x" * 500) for n in range(MOST_LISTED + 50)))
    assert (len(found.sources.refused), found.sources.more_refused) == (MOST_LISTED, 50)
    assert max(map(len, found.refused)) < 200


def test_what_is_too_large_or_no_file_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "the limit is" in brought(large).refused[0]
    long = tmp_path / "long.csv"
    long.write_text("id,name,title,evidence\n" + "x" * 1_500_000, "utf-8")
    assert "longer than 1,000,000" in brought(long).refused[0]
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(BadSource, match="regular file"):
        load_profiles(tmp_path / "pipe.csv")


def test_a_quote_that_is_never_closed_costs_only_what_it_hides(tmp_path: Path) -> None:
    found = mentors(tmp_path, row(id="a"), 'b,"open', *(row(id=f"m{n}") for n in range(500)))
    assert "a" in found.ids
    assert found.refused
    assert len(found.ids) >= 498


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(alphabet='ab,;\t|"\n\r=\x00é²{}[]:', max_size=40), max_size=8), st.sampled_from([".csv", ".jsonl"]))
def test_any_text_gives_a_report_and_whatever_is_taken_can_be_used(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], ending: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"in{ending}"
    path.write_text("\n".join(["id,name,title,evidence", *lines]), "utf-8")
    found = read_sources(path, checker())
    for profile in found.profiles:
        slots(profile)
    assert all("\n" not in str(problem) for problem in (*found.refused, *found.unused))


@pytest.mark.parametrize(("name", "content", "says"), [
    ("in.csv", "id,name,title,evidence\n" + '","\n' * 120_000, "more than 100,000 people"),
    ("in.csv", "id,name,title,evidence\n" + '"a\n' * 300_000, "more than 100,000 people"),
    ("in.csv", "id,name,title,evidence" + ",x" * 30_000 + "\nx1,a,b,c\n", "more than 20,000 columns"),
    ("in.csv", "\n" * 2_000_001, "more than 2,000,000 lines"),
    ("in.jsonl", "[]\n" * 120_000, "more than 100,000 people"),
    ("in.jsonl", "{" + ",".join(f'"{n}":1' for n in range(30_000)) + "}\n", "more than 20,000 columns"),
])  # fmt: skip
def test_hostile_sizes_stay_bounded(name: str, content: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    started = process_time()
    with pytest.raises(BadSource) as caught:
        list(READERS[path.suffix](path, PROFILES, Findings(path)))
    assert says in str(caught.value)
    assert process_time() - started < 20
