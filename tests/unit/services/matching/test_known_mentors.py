"""For one event each mentor is read once; unknown ids stay unknown."""

from __future__ import annotations

from collections.abc import Collection

from assistant.domain.mentor import Mentor
from assistant.services.matching.known_mentors import KnownMentors
from tests.fakes import MENTORS, FakeMentors


class Counting(FakeMentors):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def some(self, ids: Collection[str]) -> dict[str, Mentor]:
        self.asked += ids
        return super().some(ids)


def test_each_mentor_is_read_once() -> None:
    directory = Counting()
    known, (first, second, *_) = KnownMentors(directory), MENTORS
    assert known.some([first, "nobody"]) == {first: MENTORS[first]}
    assert known.get(first) == MENTORS[first]
    assert known.get("nobody") is None
    assert known.get("") is None
    assert known.some([second, first]).keys() == {first, second}
    assert directory.asked == [first, "nobody", second]
    assert known.all() == directory.all()
