"""Simulated mentees, the policies they are asked by, the judge of clarifying, and the sets they come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.dialogue.understanding import Understanding
from assistant.domain.mentor import Match
from assistant.domain.need import Need, Slot
from assistant.domain.reply import Asks, Kind, Reply
from assistant.domain.request import Request
from assistant.evaluation import run
from assistant.evaluation.clarify import f1
from assistant.evaluation.sets import BadSet
from assistant.services.accounts.access import Actor
from tests.evals.lab import comparison
from tests.evals.lab.comparison import Outcome, fixed_order, no_question, outcome
from tests.evals.lab.mentee import Said
from tests.evals.lab.mentees import NOTHING_TO_ADD, Mentee, Voice, load_mentees
from tests.evals.lab.play import Player, Step
from tests.fakes import FakeApp, SettableClock, memory_ports
from tests.fakes.languages import FakeLanguage

OWN = Path(__file__).parent / "data" / "mentees.jsonl"
PART = "the order of the slides for the board"


def mentee(persona: str = "precise", **answers: tuple[str, ...]) -> Mentee:
    need = {"task": "slides for the board"}
    return Mentee("1", persona, "Help", need, answers, PART, frozenset({"a1"}), frozenset({"m1"}))


def asks(name: str, kind: str = "slot") -> Asks:
    return Asks(kind, name)  # type: ignore[arg-type]


def test_asked_again_he_says_the_next_wording_and_the_last_stays() -> None:
    voice = Voice(mentee(task=("one", "two")))
    assert [voice.answer(asks("task"), ()) for _ in range(3)] == [Said("one"), Said("two", True), Said("two", True)]
    assert voice.answer(asks("tried"), ()).text == NOTHING_TO_ADD


@pytest.mark.parametrize(
    ("persona", "options", "said"),
    [
        ("precise", ("Board slides", "Budget"), "Board slides"),
        ("precise", ("Slides and budgets", "skip"), PART),
        ("vague", ("Slides and budgets", "skip"), "Slides and budgets"),
        ("refusing", ("Budget", "skip"), PART),
        ("wrong", ("Board slides", "skip"), PART),
    ],
)
def test_who_taps_an_option_and_who_speaks(persona: str, options: tuple[str, ...], said: str) -> None:
    assert Voice(mentee(persona)).answer(asks("part", "facet"), options).text == said


def test_fixed_order_asks_two_slots_that_are_empty() -> None:
    need, claim = Need({"context": Slot("c", "c")}), Understanding(Kind.VAGUE)
    asked: list[Asks] = []
    while question := fixed_order(need, asked, (), claim):
        asked.append(question.asks)
    assert [one.name for one in asked] == ["task", "tried"]
    assert no_question(Need(), (), (), claim) is None


def step(said: str, reply: Reply, **after: Any) -> Step:
    return Step(Said(said), reply, Request("r", **after))


def test_an_outcome_is_what_was_shown_with_the_last_question() -> None:
    match = Match("m1", "M", "", "", "", 0.5, "", "")
    steps = [
        step("Help", Reply((), "?", asks=asks("task"))),
        step("x", Reply((), "?", asks=asks("task"))),
        step("x", Reply((), ".", sharp_question="How?", matches=(match,))),
    ]
    found = outcome("1", "vague", steps, {"mentor": frozenset({"m1"}), "article": frozenset({"a1"})}, frozenset({"tried"}))
    assert (found.asked, found.re_asked) == (("task", "task"), ("task",))
    assert (found.hit("mentor", 1), found.hit("article", 3)) == (1.0, 0.0)


def test_asking_for_what_is_known_is_a_re_ask() -> None:
    known = step("Help", Reply((), "?", asks=asks("task")), need=Need({"task": Slot("x", "x")}))
    stated = step("Help", Reply((), "?", asks=asks("tried")))
    assert list(comparison.re_asked([known])) == ["task"]
    assert list(comparison.re_asked([stated], frozenset({"tried"}))) == ["tried"]


def test_the_gain_is_counted_mentee_by_mentee() -> None:
    def one(*shown: str) -> Outcome:
        return Outcome(
            "1", "vague", (), (), {"mentor": shown, "article": ()}, {"mentor": frozenset({"m1"}), "article": frozenset()}
        )

    found = {"Askwell": [one("m1"), one("m1")], "no question": [one("m2", "m1"), one("m1")]}
    told = {figure.name: figure.value for figure in comparison.figures(found)}
    assert told["Askwell over no question: mentor in the first 1"] == 0.5
    assert told["Askwell over no question: mentor in the first 3"] == 0.0
    assert "Askwell: article in the first 1" not in told


@pytest.mark.parametrize(("questioner", "asked"), [(no_question, []), (fixed_order, ["task", "tried"])])
def test_the_services_ask_by_the_policy_that_they_are_given(questioner: Any, asked: list[str]) -> None:
    wired = FakeApp(memory_ports(), SettableClock(), FakeLanguage(), questioner=questioner)
    player = Player(wired, Actor("lena", frozenset({"mentee"})))
    steps = player.talk("one", "context: the slides lost the board", Voice(mentee("wrong", task=("slides",))).answer)
    assert list(outcome("1", "vague", steps, {}).asked) == asked


def test_the_own_mentees_are_whole() -> None:
    loaded = load_mentees(OWN)
    assert len(loaded) >= 60
    assert all(one.part and one.articles and one.mentors and one.answers["task"] for one in loaded)
    assert len({one.persona for one in loaded}) == 6


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"opening": "x"}, "line 1: 'id' is missing"),
        ({"id": 1, "opening": " ", "mentors": ["m"]}, "line 1: the opening is empty"),
        ({"id": 1, "opening": "x"}, "line 1: it names neither articles nor mentors"),
    ],
)
def test_a_bad_mentee_is_one_sentence(tmp_path: Path, row: dict[str, Any], words: str) -> None:
    (tmp_path / "mentees.jsonl").write_text(json.dumps(row), "utf-8")
    with pytest.raises(BadSet, match=words):
        load_mentees(tmp_path / "mentees.jsonl")


def test_a_mentee_may_miss_what_is_not_needed(tmp_path: Path) -> None:
    (tmp_path / "mentees.jsonl").write_text(json.dumps({"id": 7, "opening": "Hülfe", "mentors": "m1"}), "utf-8")
    (one,) = load_mentees(tmp_path / "mentees.jsonl")
    assert (one.id, one.mentors, Voice(one).answer(asks("part", "facet"), ("a", "b")).text) == ("7", {"m1"}, "skip")


def clarify_set(folder: Path, **files: list[dict[str, Any]]) -> Path:
    (folder / "dev").mkdir()
    for name, rows in files.items():
        (folder / "dev" / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return folder


CLEAR = (
    "How should I split 640 daily orders between two packing benches when 15% are fragile? Scheduled by arrival and by size "
    "so far: both leave bench B idle after two. I'm after less than ten minutes of idle time per shift."
)
OPEN = "I need some help with my presentation"


@pytest.mark.parametrize("only", [("topics",), ("queries",), ("topics", "queries")])
def test_each_form_of_clarify_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str], only: tuple[str, ...]) -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        "topics": [{"id": 1, "request": CLEAR, "clarification_need": 1}, {"request": OPEN, "clarification_need": "4"}],
        "queries": [{"id": 1, "question": CLEAR, "require_clarification": 0}, {"question": OPEN, "require_clarification": 1}],
    }
    assert run("clarify", clarify_set(tmp_path, **{name: rows[name] for name in only}), as_json=True) == 0
    (data,) = json.loads(capsys.readouterr().out)["sets"]
    values = {figure["name"]: figure["value"] for figure in data["figures"]}
    names = {"topics": "topics, need >= 3: ", "queries": "queries: "}
    for name, prefix in names.items():
        assert values.get(f"{prefix}F1") == (1.0 if name in only else None)
        assert values.get(f"{prefix}over-asking on the clear") == (0.0 if name in only else None)


def test_a_grade_that_is_none_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = clarify_set(tmp_path, topics=[{"request": "x", "clarification_need": 7}])
    assert run("clarify", bad) == 1
    assert capsys.readouterr().err == "topics.jsonl, line 1: 'clarification_need' is none of 1, 2, 3, 4.\n"


def test_f1_counts_needed_and_asked() -> None:
    assert f1([(True, True), (True, False), (False, True), (False, False)]) == 0.5
    assert f1([(False, False)]) == 0
