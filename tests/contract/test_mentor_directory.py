"""The contract of `assistant.ports.MentorDirectory`, for the adapter over stored profiles and for the fake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from assistant.adapters.profile_directory import ProfileDirectory
from assistant.domain.mentor import Mentor
from assistant.ports import MentorDirectory
from retrieval.passage import Profile
from tests.fakes import MENTORS, FakeMentors, profile


class StoredProfiles:
    """The sample mentors as stored profiles, with their office hours as text."""

    def profiles(self, ids: Iterable[str] | None = None) -> dict[str, Profile]:
        wanted = MENTORS if ids is None else [key for key in ids if key in MENTORS]
        return {key: replace(profile(MENTORS[key]), office_hours=_hours(MENTORS[key])) for key in wanted}


def _hours(mentor: Mentor) -> str:
    return " | ".join(f"{block.rule}/PT{block.minutes}M" for block in mentor.blocks)


@pytest.fixture(params=["profiles", "fake"])
def directory(request: pytest.FixtureRequest) -> MentorDirectory:
    return ProfileDirectory(StoredProfiles()) if request.param == "profiles" else FakeMentors()


def test_it_gives_a_mentor_by_id(directory: MentorDirectory) -> None:
    assert directory.get("ada") == MENTORS["ada"]


@pytest.mark.parametrize("unknown", ["", "nobody"])
def test_an_unknown_id_gives_none(directory: MentorDirectory, unknown: str) -> None:
    assert directory.get(unknown) is None


def test_some_leaves_out_unknown_ids(directory: MentorDirectory) -> None:
    assert directory.some(["ben", "nobody", "ada"]) == {"ada": MENTORS["ada"], "ben": MENTORS["ben"]}
    assert directory.some([]) == {}


def test_all_is_sorted_by_id(directory: MentorDirectory) -> None:
    assert directory.all() == tuple(MENTORS[key] for key in sorted(MENTORS))
