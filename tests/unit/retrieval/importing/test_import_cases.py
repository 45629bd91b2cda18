"""The cases of `tests/data/cases`: what each file gives, as its expected.txt says."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retrieval.passages.quote import best_quote
from retrieval.passages.split import passages_of
from tests.imports import CASES, NOW, brought, case, slots


def utc(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_02_windows_names_and_other_spellings_of_zones_are_read_and_offsets_are_not() -> None:
    found = case(2)
    assert found.ids == ["z1", "z2"]
    for key in found.ids:
        assert found.profile(key).time_zone == "Europe/Berlin"
        assert slots(found.profile(key))[:2] == [utc(12, 1, 13), utc(12, 1, 13, 30)]
    assert found.refused == ["in.csv, line 4: time_zone is 'GMT+1'. Write an IANA name such as Europe/Berlin."]


def test_03_every_spelling_of_a_rule_gives_its_slots() -> None:
    found = case(3)
    assert (found.ids, found.refused) == (["r1", "r2", "r3", "r4", "r5", "r6"], [])
    for key, count in {"r1": 3, "r2": 4, "r3": 2, "r4": 2, "r6": 2}.items():
        first = [start for start in slots(found.profile(key)) if start < utc(12, 7, 0)]
        assert first == [utc(12, 1, 13) + timedelta(minutes=30 * n) for n in range(count)], key
    thursday = [utc(12, 3, 8), utc(12, 3, 8, 30)]
    assert [start for start in slots(found.profile("r5")) if start < utc(12, 7, 0)] == [
        utc(12, 1, 13),
        utc(12, 1, 13, 30),
        *thursday,
    ]


def test_05_a_count_without_a_first_date_is_refused() -> None:
    (refused,) = case(5).refused
    assert refused.startswith("in.csv, line 2: office_hours has 'COUNT=10', but no first date")


def test_06_a_rule_without_an_hour_is_refused() -> None:
    found = case(6)
    (refused,) = found.refused
    assert found.ids == []
    assert refused.startswith("in.csv, line 2: office_hours does not say at which hour: 'FREQ=WEEKLY;BYDAY=TU'.")


def test_07_a_block_goes_on_past_midnight() -> None:
    found = slots(case(7).profile())
    berlin = timedelta(hours=1)
    assert [start + berlin for start in found[:4]] == [utc(12, 1, 23), utc(12, 1, 23, 30), utc(12, 2, 0), utc(12, 2, 0, 30)]


def test_08_hours_keep_their_wall_time_over_clock_changes() -> None:
    found, before = case(8), utc(3, 20, 0, year=2027)
    daily = slots(found.profile("d1"), now=before)
    assert {start.hour for start in daily if start < utc(3, 28, 0, year=2027)} == {9}
    assert {start.hour for start in daily if start > utc(3, 28, 0, year=2027)} == {8}
    skipped = [start for start in slots(found.profile("d2"), now=before) if start.date() == utc(3, 28, 0, year=2027).date()]
    assert skipped == [utc(3, 28, 1, 30, 2027)]
    lord_howe = slots(found.profile("d3"), now=utc(3, 28, 0, year=2027))
    assert {(start.hour, start.minute) for start in lord_howe} == {(23, 0), (23, 30)}


@pytest.mark.parametrize(
    ("key", "start"),
    [("o0", utc(12, 1, 8, 15)), ("o1", utc(12, 1, 8, 30)), ("o2", utc(12, 1, 12)), ("o3", utc(12, 1, 22)), ("o4", utc(12, 1, 0))],
)
def test_09_odd_zones(key: str, start: datetime) -> None:
    found = slots(case(9).profile(key), now=NOW)
    assert found[0] == start


@pytest.mark.parametrize("name", ["in.csv", "sep.csv", "tab.csv"])
def test_10_semicolons_and_tabs_separate_too(name: str) -> None:
    found = case(10, name)
    assert (found.ids, found.refused, found.unused) == (["x1"], [], [])
    assert found.profile().evidence.endswith("guests and one hour, and I cut off the one who never stops.")
    assert slots(found.profile())[0] == utc(12, 1, 13)


def test_11_headers_in_other_words_mean_the_columns() -> None:
    found = case(11)
    assert (found.refused, found.unused) == ([], [])
    assert (found.profile().time_zone, found.profile().weekly_capacity) == ("Europe/Berlin", 3)
    assert slots(found.profile())[0] == utc(12, 1, 13)


def test_12_blank_columns_are_ignored_and_short_rows_are_taken() -> None:
    for name, key in (("in.csv", "x1"), ("short.csv", "b1")):
        found = case(12, name)
        assert (found.ids, found.refused, found.unused) == ([key], [], [])
    assert case(12, "short.csv").profile("b1").department == "Quality"


def test_13_a_superscript_is_no_number() -> None:
    assert case(13).refused == ["in.csv, line 2: weekly_capacity is '²'. Write a whole number of sessions a week."]


def test_14_three_point_zero_is_three() -> None:
    assert case(14).profile().weekly_capacity == 3


def test_15_another_encoding_is_named_with_its_line() -> None:
    found = case(15)
    assert (found.ids, found.refused) == ([], ["in.csv, line 2: This is not UTF-8 text. Save the file as UTF-8."])


def test_16_a_quoted_line_break_a_mark_and_another_order_of_columns() -> None:
    profile = case(16).profile("q1")
    assert (profile.name, profile.title) == ("Zoë Ł", "Host")
    assert profile.evidence == "I moderate panels.\nI cut off the one who never stops."


def test_17_lists_in_json_are_lists_and_an_object_is_no_name() -> None:
    found = case(17, "in.jsonl")
    profile = found.profile("k5")
    assert len(profile.office_hours.split(" | ")) == 2
    assert {start.weekday() for start in slots(profile)} == {1, 3}
    assert profile.evidence.split("\n\n") == [
        "I moderate panel discussions with four guests.",
        "I cut off the one who never stops.",
    ]
    (refused,) = found.refused
    assert refused.startswith("in.jsonl, line 2: name is ")


def test_21_underlined_headings_are_headings() -> None:
    (article,) = case(21, "in.md").sources.articles
    (short,) = passages_of(article)
    assert best_quote("What do I do about large spills?", short.text) != "Large spills"
    more = " Then wait for them." * 30
    long = replace(article, text=article.text.replace("555.", f"555.{more}") + more)
    assert [passage.headings for passage in passages_of(long)] == [("Small spills",), ("Small spills", "Large spills")]


def test_22_quotes_hold_the_row_of_a_table() -> None:
    (article,) = case(22, "in.md").sources.articles
    (passage,) = passages_of(article)
    assert best_quote("What is the allowance for Iceland?", passage.text) == "Iceland | 62 EUR | 31 EUR"
    assert best_quote("What is the allowance for Denmark?", passage.text) == "Denmark | 75 EUR | 37 EUR"


def test_23_front_matter_is_the_words_that_stand_there() -> None:
    (article,) = case(23, "in.md").sources.articles
    assert (article.id, article.title, article.summary, article.topics) == ("007", "12:30", "no", ("on", "off", "1.10"))


def test_24_one_bad_file_does_not_stop_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(next(CASES.glob("24-*")), folder)
    for hidden in (".trash", ".obsidian", ".github", "node_modules/pump"):
        (folder / hidden).mkdir(parents=True)
        shutil.copy(folder / "good1.md", folder / hidden / "other.md")
    found = brought(folder)
    assert found.ids == ["g1", "g2", "g3"]
    (refused,) = found.refused
    assert refused.startswith("zz-bad.md, line 3: ")
    assert any(".obsidian" in line and "node_modules" in line for line in found.unused)


def test_25_files_that_are_not_read_are_named() -> None:
    found = case(25, "")
    assert found.ids == ["ka", "kb", "kc", "kd"]
    assert any("e.txt" in line and "ending" in line for line in found.unused)


def test_26_a_repeated_id_names_both_files_below_the_folder() -> None:
    found = case(26, "")
    assert found.ids == ["dup"]
    (refused,) = found.refused
    assert refused.startswith("two/index.md: The id 'dup' is taken by one/index.md.")


def test_28_composed_letters_line_ends_and_rules() -> None:
    fire, over = case(28, "").sources.articles
    assert over.title == "Überstunden"
    assert over.summary == "Wie Überstunden abgebaut werden"
    assert over.text.startswith("Überstunden")
    assert "flagpole" in "".join(passage.text for passage in passages_of(fire))


def test_29_a_bare_link_is_no_answer() -> None:
    (article,) = case(29, "in.md").sources.articles
    text = "\n\n".join(passage.text for passage in passages_of(article))
    assert best_quote("retrospective with a remote team", text).startswith("Give everybody three minutes of silence")


def test_every_case_says_what_is_expected() -> None:
    assert all((folder / "expected.txt").is_file() for folder in CASES.iterdir() if folder.is_dir())
