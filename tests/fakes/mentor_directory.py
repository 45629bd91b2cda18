"""A mentor directory over a dict, with four mentors."""

from __future__ import annotations

from collections.abc import Collection

from assistant.domain.mentor import Mentor
from assistant.domain.schedule import Block

MENTORS: dict[str, Mentor] = {
    m.id: m
    for m in (
        Mentor("ada", "Ada Rowntree", "Controller", "Finance", "senior", "Europe/London", ("en",), ("board slides", "budgets"),
               ("call",), 2, (Block("FREQ=WEEKLY;BYDAY=TU;BYHOUR=10;BYMINUTE=0", 90),
                              Block("FREQ=WEEKLY;BYDAY=TH;BYHOUR=15;BYMINUTE=0", 60))),
        Mentor("ben", "Ben Okonjo", "Account Lead", "Sales", "lead", "America/New_York", ("en",), ("negotiation", "storyline"),
               ("call",), 1, (Block("FREQ=WEEKLY;BYDAY=WE;BYHOUR=9;BYMINUTE=0", 60),)),
        Mentor("cleo", "Cleo Marchetti", "Design Director", "Design", "director", "Europe/Berlin", ("en", "it"),
               ("storyline", "portfolios"), ("call",), 1, (Block("FREQ=WEEKLY;BYDAY=MO;BYHOUR=13;BYMINUTE=0", 90),)),
        Mentor("dov", "Dov Lindgren", "Engineer", "Software", "senior", "Asia/Kolkata", ("en",), ("code review",),
               ("written",), 1),
    )
}  # fmt: skip


class FakeMentors:
    """A MentorDirectory over a dict that a test may change."""

    def __init__(self, mentors: dict[str, Mentor] | None = None) -> None:
        self.mentors = dict(mentors or MENTORS)

    def get(self, mentor_id: str) -> Mentor | None:
        return self.mentors.get(mentor_id)

    def some(self, ids: Collection[str]) -> dict[str, Mentor]:
        return {key: self.mentors[key] for key in sorted(ids) if key in self.mentors}

    def all(self) -> tuple[Mentor, ...]:
        return tuple(sorted(self.mentors.values(), key=lambda m: m.id))
