"""Evidence first: what counts beside it is bounded, known, and says nothing where nothing is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.mentor_utility import BAND, LATE, WEIGHTS, MentorLoad, drawbacks, selection_score, shared_hours, utility
from assistant.dialogue.wishes import forms, languages

NOVEMBER = datetime(2026, 11, 2, 8, tzinfo=UTC)
evidence = st.floats(0.0, 1.0)
standings = st.builds(
    MentorLoad,
    wait=st.none() | st.timedeltas(timedelta(0), timedelta(days=21)),
    sessions=st.none() | st.dictionaries(st.integers(-26, 3), st.integers(1, 9), max_size=6),
    asked=st.integers(0, 9),
    format_offered=st.none() | st.booleans(),
    language_shared=st.none() | st.booleans(),
    shared_hours=st.none() | st.floats(0.0, 8.0),
)


def value(score: float, standing: MentorLoad) -> float:
    return utility(score, drawbacks(standing))


def among(score: float, standing: MentorLoad, strongest: float = 1.0) -> float:
    return selection_score(score, drawbacks(standing), BAND, max(score, strongest))


@given(evidence, evidence, standings, standings, evidence)
def test_much_weaker_evidence_never_passes_much_stronger(
    one: float, other: float, its: MentorLoad, theirs: MentorLoad, best: float
) -> None:
    strong, weak = max(one, other), min(one, other)
    if weak < (1 - BAND) * strong * (1 - 1e-9):
        assert value(weak, its) < value(strong, theirs)
        assert among(weak, its, max(strong, best)) < among(strong, theirs, max(strong, best))


@given(evidence, standings, evidence)
def test_the_worst_costs_the_band_and_nothing_adds_to_evidence(score: float, standing: MentorLoad, best: float) -> None:
    assert (1 - BAND) * score - 1e-12 <= value(score, standing) <= score
    assert (1 - BAND) * score - 1e-12 <= among(score, standing, best) <= score
    assert selection_score(score, drawbacks(standing), 0.0, max(score, best)) == score


@given(evidence, evidence, standings)
def test_the_same_against_two_leaves_the_stronger_before_the_weaker(one: float, other: float, both: MentorLoad) -> None:
    assert among(max(one, other), both) >= among(min(one, other), both)


def test_a_turn_goes_to_others_where_it_costs_little() -> None:
    loaded, idle = MentorLoad(sessions={0: 2}), MentorLoad(sessions={})
    assert among(1.0, loaded) > among(0.75, idle)
    assert among(0.75, loaded) < among(0.6, idle)


@given(standings, st.integers(-26, 3))
def test_one_more_session_never_helps(standing: MentorLoad, week: int) -> None:
    sessions = {**(standing.sessions or {})}
    sessions[week] = sessions.get(week, 0) + 1
    more = MentorLoad(
        standing.wait, sessions, standing.asked, standing.format_offered, standing.language_shared, standing.shared_hours
    )
    assert value(1.0, more) <= value(1.0, standing) + 1e-12
    for score in (1.0, 0.7, 0.3):
        assert among(score, more) <= among(score, standing) + 1e-12


def test_what_is_not_known_and_what_fits_counts_for_nothing() -> None:
    assert drawbacks(MentorLoad(wait=timedelta(days=1))) == ()
    fitting = MentorLoad(timedelta(hours=3), {}, 0, format_offered=True, language_shared=True, shared_hours=7.0)
    assert value(0.7, fitting) == among(0.7, fitting) == 0.7


def test_each_thing_counts_by_its_name_the_heaviest_first() -> None:
    worst = MentorLoad(LATE, {0: 2}, 1, format_offered=False, language_shared=False, shared_hours=0.0)
    found = drawbacks(worst)
    assert {one.name for one in found} == WEIGHTS.keys() - {"arrangement"}
    assert [one.cost for one in found] == sorted((one.cost for one in found), reverse=True)
    assert [one.name for one in drawbacks(MentorLoad(wait=None))] == ["arrangement"]


def test_a_session_counts_less_the_longer_ago_it_was() -> None:
    values = [value(1.0, MentorLoad(timedelta(0), {week: 1})) for week in (0, -1, -12, -26)]
    assert values == sorted(set(values))


@pytest.mark.parametrize(
    ("one", "other", "hours"),
    [("Europe/Berlin", "Europe/Berlin", 8), ("Europe/Berlin", "Europe/London", 7), ("Europe/Berlin", "America/New_York", 2),
     ("Europe/London", "Asia/Kolkata", 2.5), ("Europe/Berlin", "America/Los_Angeles", 0),
     ("Pacific/Auckland", "America/Los_Angeles", 5)],
)  # fmt: skip
def test_hours_that_two_office_days_share(one: str, other: str, hours: float) -> None:
    assert shared_hours(one, other, NOVEMBER) == shared_hours(other, one, NOVEMBER) == hours


@pytest.mark.parametrize(
    ("words", "wished"),
    [("a call, 30 minutes", {"call"}), ("written comments", {"written"}), ("a call or something in writing", {"call", "written"}),
     ("two sessions of 30 min", {"sequence"}), ("pairing on the query", {"pairing"}), ("drop-in on Thursday", {"drop_in"}),
     ("a mock interview", {"interview"}), ("30 minutes with somebody who did it", set()), ("recall what we said", set()),
     ("", set())],
)  # fmt: skip
def test_forms_of_help_are_heard_where_they_are_named(words: str, wished: set[str]) -> None:
    assert forms(words) == wished


@pytest.mark.parametrize(
    ("words", "codes"),
    [("a call in German", {"de"}), ("somebody who speaks Portuguese", {"pt"}), ("30 minutes", set()),
     ("with somebody from the French office", set()), ("in ENGLISH please", {"en"})],
)  # fmt: skip
def test_a_language_is_heard_where_it_is_wished(words: str, codes: set[str]) -> None:
    assert languages(words) == codes
