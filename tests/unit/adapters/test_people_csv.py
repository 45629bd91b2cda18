"""The list of accounts: read like every other import, and refused as a whole with all that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.adapters.people_csv import BadPeople, load_people, read_people

HEADER = "login,display_name,roles,mentor_id,time_zone,department"


def people(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes(("\n".join([header, *rows]) + "\n").encode(encoding))
    return path


def test_accounts_in_the_spellings_of_spreadsheets(tmp_path: Path) -> None:
    header = "Login;Display name;Roles;Mentor ID;Time Zone;Department"
    rows = ('lena;Zoë;"Mentee;mentor";m1;W. Europe Standard Time;PMO', "petra;;curator;;europe/london;")
    one, two = load_people(people(tmp_path, *rows, header=header, encoding="utf-16"))
    assert (one.login, one.name, one.roles, one.mentor) == ("lena", "Zoë", {"mentee", "mentor"}, "m1")
    assert (one.time_zone, two.time_zone, two.name, two.mentor) == ("Europe/Berlin", "Europe/London", "petra", None)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = people(
        tmp_path,
        "a,A,boss,,UTC,x",
        "b,B,mentee,,GMT+1,x",
        ",C,mentee,,UTC,x",
        "d,D,mentee",
        "ok,O,mentee,,UTC,x",
        "ok,O,admin,,UTC,x",
    )
    with pytest.raises(BadPeople) as caught:
        load_people(path)
    lines = str(caught.value).split("\n")
    assert [line.split(":")[0] for line in lines] == [f"people.csv, line {n}" for n in (2, 3, 4, 5, 7)]
    assert "'boss'" in lines[0]
    assert "time_zone is 'GMT+1'" in lines[1]
    assert "'ok' is there twice" in lines[4]
    assert [account.login for account in read_people(path)[0]] == ["ok"]


@pytest.mark.parametrize(("header", "says"), [
    (HEADER.replace("roles", "rights"), "line 1.*roles"), ("", "empty"), (f"{HEADER},Login", "there twice"),
])  # fmt: skip
def test_a_list_of_another_kind_is_refused(header: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadPeople, match=says):
        load_people(people(tmp_path, header=header))


def test_a_list_that_is_not_there_or_in_another_encoding(tmp_path: Path) -> None:
    with pytest.raises(BadPeople, match="cannot be read"):
        load_people(tmp_path / "nowhere.csv")
    with pytest.raises(BadPeople, match=r"line 2: This is not UTF-8"):
        load_people(people(tmp_path, "zoë,Z,mentee,,UTC,x", encoding="cp1252"))


def test_columns_that_are_not_used_are_told(tmp_path: Path) -> None:
    (unused,) = read_people(people(tmp_path, "a,A,mentee,,UTC,x,a@b.c", header=f"{HEADER},mail"))[1].unused
    assert "'mail'" in str(unused)
