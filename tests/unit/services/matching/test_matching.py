"""From evidence to a suggestion: the order, the turn of others, the second perspective, and a true sentence for each drawback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.domain import events as e
from assistant.domain.mentor import Match, Mentor
from assistant.domain.need import Need, Slot
from assistant.domain.schedule import Block, week_of
from assistant.ports import Effects, Hold
from assistant.services.matching.rank import SECOND_FLOOR, Matcher
from prompts.catalog import text
from retrieval.people.experts import ABOUT, ExpertHit
from tests.fakes import MENTORS, MONDAY, FakeApp, done, profile

ZONE = "Europe/London"
TWIN = replace(
    MENTORS["ada"], id="amy", name="Amy Twin", time_zone=ZONE, blocks=(Block("FREQ=DAILY;BYHOUR=10;BYMINUTE=0", 240),), capacity=9
)


def people(wired: FakeApp, *mentors: Mentor) -> None:
    wired.directory.mentors.clear()
    wired.directory.mentors.update({mentor.id: mentor for mentor in mentors})


def hits(*scores: tuple[Mentor, float]) -> list[ExpertHit]:
    return [ExpertHit(profile(mentor), score, "I have done this.", ()) for mentor, score in scores]


def matched(wired: FakeApp, found: Sequence[ExpertHit], words: str = "", own: Sequence[str] = ()) -> tuple[Match, ...]:
    need = Need({"format": Slot(words, words)}) if words else Need()
    return wired.matcher.match(need, found, MONDAY, ZONE, own)


def booked(wired: FakeApp, mentor: Mentor, at: datetime, number: int) -> None:
    """A seat of the mentor in the week of `at`, in writing."""
    request = f"{mentor.id}-{number}-{at:%d%m}"
    hold = Hold(request, mentor.id, f"mentee {request}", week_of(at, mentor.time_zone), 9)
    wired.ports.store.create(request, e.Opened(at=at, actor="lena", mentee="lena"))
    said = e.Said(at=at, actor="lena", message_id="m", text="hello")
    wired.ports.store.append(request, 1, [said], Effects(hold=hold))


def reasons(match: Match) -> tuple[str, ...]:
    return match.lowered


def test_evidence_alone_orders_who_is_otherwise_alike(memory_app: FakeApp) -> None:
    twins = [replace(TWIN, id=name) for name in ("one", "two", "three", "four")]
    people(memory_app, *twins)
    found = matched(memory_app, hits(*zip(twins, (0.2, 0.5, 0.4, 0.3), strict=True)))
    assert [m.mentor for m in found] == ["two", "three", "four"]
    assert [m.lowered for m in found] == [(), (), ()]


def test_people_of_similar_evidence_take_turns_and_a_much_stronger_one_stays(memory_app: FakeApp) -> None:
    near = [replace(TWIN, id=name) for name in ("one", "two", "three", "four")]
    far = replace(TWIN, id="far")
    people(memory_app, *near, far)
    found = hits(*zip(near, (0.80, 0.79, 0.78, 0.77), strict=True), (far, 0.2))
    assert [m.mentor for m in matched(memory_app, found)] == ["one", "two", "three"]
    booked(memory_app, near[0], MONDAY, 1)
    assert [m.mentor for m in matched(memory_app, found)] == ["two", "three", "four"]
    for mentor in near[1:]:
        booked(memory_app, mentor, MONDAY, 1)
    assert [m.mentor for m in matched(memory_app, found)] == ["one", "two", "three"]
    for number in range(2, 9):
        booked(memory_app, near[0], MONDAY - timedelta(weeks=1), number)
        booked(memory_app, near[1], MONDAY - timedelta(weeks=1), number)
    assert [m.mentor for m in matched(memory_app, found[:3] + found[4:])] == ["one", "two", "three"]
    plain = Matcher(memory_app.directory, memory_app.slots, memory_app.ports.index, band=0.0)
    assert [m.mentor for m in plain.match(Need(), found, MONDAY, ZONE)] == ["one", "two", "three"]


def test_load_decides_who_is_shown_and_not_in_which_order(memory_app: FakeApp) -> None:
    one, two = replace(TWIN, id="one"), replace(TWIN, id="two")
    people(memory_app, one, two)
    booked(memory_app, one, MONDAY, 1)
    assert [m.mentor for m in matched(memory_app, hits((one, 0.80), (two, 0.78)))] == ["one", "two"]
    people(memory_app, replace(one, blocks=()), two)
    assert [m.mentor for m in matched(memory_app, hits((one, 0.80), (two, 0.78)))] == ["two", "one"]


def test_the_same_record_gives_the_same_suggestions(wired: FakeApp) -> None:
    found = hits(*((mentor, 0.5) for mentor in MENTORS.values()))
    booked(wired, MENTORS["ada"], MONDAY, 1)
    assert matched(wired, found) == matched(wired, list(reversed(found)))


# One test for each sentence.


@pytest.mark.parametrize(
    ("days", "count", "key"),
    [(0, 1, "week_one"), (0, 2, "week"), (7, 1, "ahead_one"), (7, 3, "ahead"), (-7, 1, "past_one"), (-70, 2, "past"),
     (-27 * 7, 3, ""), (28, 2, "")],
)  # fmt: skip
def test_sessions_are_counted_by_the_record(wired: FakeApp, days: int, count: int, key: str) -> None:
    people(wired, TWIN)
    for number in range(count):
        booked(wired, TWIN, MONDAY + timedelta(days=days), number)
    (match,) = matched(wired, hits((TWIN, 0.5)))
    given = {} if key.endswith("_one") else {"count": count}
    assert reasons(match) == ((text(f"match.lowered_{key}", "en", **given),) if key else ())


def test_offers_that_wait_are_counted_until_they_are_answered(wired: FakeApp) -> None:
    requests = [wired.to_offer("ada", login) for login in ("lena", "mika")]
    ada = wired.directory.mentors["ada"] = replace(MENTORS["ada"], blocks=TWIN.blocks)
    assert reasons(matched(wired, hits((ada, 0.5)))[0]) == (text("match.lowered_asked", "en", count=2),)
    done(wired.handoff.pass_on(wired.mentor("ada"), requests[0]))
    assert reasons(matched(wired, hits((ada, 0.5)))[0]) == (text("match.lowered_asked_one", "en"),)


def test_a_long_wait_is_told_with_the_day_that_the_card_shows(memory_app: FakeApp) -> None:
    late = replace(TWIN, blocks=(Block("FREQ=MONTHLY;BYMONTHDAY=18;BYHOUR=10;BYMINUTE=0", 60),))
    people(memory_app, late)
    (match,) = matched(memory_app, hits((late, 0.5)))
    assert match.next_slot is not None
    assert match.next_slot.start == datetime(2026, 11, 18, 10, tzinfo=UTC)
    assert reasons(match) == (text("match.lowered_wait", "en", start="Wed 18 Nov 10:00"),)


def test_no_office_hours_are_told(memory_app: FakeApp) -> None:
    loose = replace(TWIN, blocks=())
    people(memory_app, loose)
    assert reasons(matched(memory_app, hits((loose, 0.5)))[0]) == (text("match.lowered_arrangement", "en"),)


def test_a_form_that_is_not_offered_is_told(memory_app: FakeApp) -> None:
    people(memory_app, TWIN)
    missing = text("match.lowered_format", "en", forms=text("match.form_written", "en"))
    assert reasons(matched(memory_app, hits((TWIN, 0.5)), "written comments")[0]) == (missing,)
    assert reasons(matched(memory_app, hits((TWIN, 0.5)), "a call or in writing")[0]) == ()
    people(memory_app, replace(TWIN, formats=()))
    assert reasons(matched(memory_app, hits((TWIN, 0.5)), "written comments")[0]) == ()


def test_a_language_counts_only_where_both_are_known(memory_app: FakeApp) -> None:
    italian = replace(TWIN, id="gia", languages=("it",))
    people(memory_app, TWIN, italian, replace(TWIN, id="mute", languages=()))
    missing = (text("match.lowered_language", "en"),)
    found = {m.mentor: m.lowered for m in matched(memory_app, hits((TWIN, 0.5), (italian, 0.5)), "a call in Italian")}
    assert found == {"amy": missing, "gia": ()}
    assert matched(memory_app, hits((italian, 0.5)))[0].lowered == ()
    assert matched(memory_app, hits((italian, 0.5)), own=("amy",))[0].lowered == missing
    assert matched(memory_app, hits((italian, 0.5)), own=("mute",))[0].lowered == ()


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("Europe/Berlin", None), ("America/New_York", 3), ("America/Chicago", 2), ("America/Denver", 1), ("America/Los_Angeles", 0)],
)
def test_the_hours_that_are_shared_are_told_where_they_are_few(memory_app: FakeApp, zone: str, hours: int | None) -> None:
    away = replace(TWIN, time_zone=zone)
    people(memory_app, away)
    sentences = {
        None: (), 0: (text("match.lowered_zone_none", "en"),), 1: (text("match.lowered_zone_one", "en"),),
        2: (text("match.lowered_zone", "en", count=2),), 3: (text("match.lowered_zone", "en", count=3),),
    }  # fmt: skip
    assert reasons(matched(memory_app, hits((away, 0.5)))[0]) == sentences[hours]


def test_who_has_no_evidence_is_said_to_have_none(memory_app: FakeApp) -> None:
    people(memory_app, TWIN)
    (match,) = matched(memory_app, [ExpertHit(profile(TWIN), 0.2, "", ())])
    assert (match.quote, match.skills, match.reason) == ("", (), text("match.reason_none", "en"))
    (able,) = matched(memory_app, [ExpertHit(profile(TWIN), 0.2, "", ("budgets",))])
    assert able.reason == text("match.reason_skills", "en", skills="budgets")


@pytest.mark.parametrize(
    ("quote", "near", "recent", "keys"),
    [
        ("I plan budgets.", ABOUT, None, ("reason_evidence",)),
        ("I plan budgets.", ABOUT - 0.01, None, ("reason_near",)),
        ("I plan budgets.", ABOUT - 0.01, date(2026, 11, 2), ("reason_near", "reason_helped")),
        ("", 0.0, date(2026, 11, 2), ("reason_helped",)),
    ],
)
def test_a_reason_claims_no_more_than_the_profile_and_the_record_show(
    memory_app: FakeApp, quote: str, near: float, recent: date | None, keys: tuple[str, ...]
) -> None:
    people(memory_app, TWIN)
    (match,) = matched(memory_app, [ExpertHit(profile(TWIN), 0.5, quote, (), near=near, recent=recent)])
    assert match.reason == " ".join(text(f"match.{key}", "en") for key in keys)


# The second perspective.


def test_somebody_from_elsewhere_takes_the_third_place_if_strong_enough(memory_app: FakeApp) -> None:
    alike = [replace(TWIN, id=name) for name in ("one", "two", "three")]
    other = replace(TWIN, id="other", department="Sales")
    people(memory_app, *alike, other)
    strong = [(alike[0], 0.9), (alike[1], 0.88), (alike[2], 0.87)]
    found = matched(memory_app, hits(*strong, (other, SECOND_FLOOR * 0.9 + 0.01)))
    assert [(m.mentor, m.second_perspective) for m in found] == [("one", False), ("two", False), ("other", True)]
    weak = matched(memory_app, hits(*strong, (other, SECOND_FLOOR * 0.9 - 0.01)))
    assert [(m.mentor, m.second_perspective) for m in weak] == [("one", False), ("two", False), ("three", False)]


def test_one_of_the_shown_is_marked_where_one_differs(memory_app: FakeApp) -> None:
    one, two = replace(TWIN, id="one"), replace(TWIN, id="two", level="lead")
    people(memory_app, one, two)
    found = matched(memory_app, hits((one, 0.9), (two, 0.8)))
    assert [m.second_perspective for m in found] == [False, True]
    assert matched(memory_app, hits((one, 0.9)))[0].second_perspective is False
    assert matched(memory_app, []) == ()
