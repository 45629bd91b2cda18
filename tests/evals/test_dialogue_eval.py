"""The dialogue's measures on hand-made cases, the simulated mentee, and the floors on the project's own scenarios."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.dialogue.understanding import Act, Turn, Understanding
from assistant.domain import stages as s
from assistant.domain.mentor import Match
from assistant.domain.need import Need, Slot, SlotName
from assistant.domain.reply import Asks, Kind, Reply
from assistant.domain.request import Request
from assistant.evaluation.figures import Report
from assistant.evaluation.sets import BadSet
from assistant.evaluation.stage import open_stage
from assistant.services.accounts.access import Actor
from tests.evals.floors import floor
from tests.evals.lab import dialogue
from tests.evals.lab.mentee import ALREADY_SAID, CONFIRMS, Said, answer
from tests.evals.lab.play import Played, Player, Probe, Step
from tests.evals.lab.scenarios import Scenario, load_scenarios
from tests.fakes import FakeApp, SettableClock, memory_ports
from tests.fakes.languages import FakeLanguage, tagged

OWN = Path(__file__).parent / "data" / "scenarios.jsonl"
OPENING = "My slides lost the board. I cut ten of them. Call me before Friday."
PLAIN = Scenario(
    id="t1", domain="board", style="plain", kind="vague", opening=OPENING,
    slots={"context": "My slides lost the board", "tried": "I cut ten of them", "deadline": "before Friday"},
    hidden={"task": "a storyline for the board", "outcome": "a decision in ten minutes"},
    which_part="The order of the argument.", part_keywords=("storyline", "argument"),
    must_not_ask=frozenset({"context", "tried", "deadline"}), sharp_keywords=("slides", "board review"),
)  # fmt: skip


def need(**quotes: str) -> Need:
    slots: dict[SlotName, Slot] = {name: Slot(quote, quote) for name, quote in quotes.items()}  # type: ignore[misc]
    return Need(slots)


def step(said: str, reply: Reply | None = None, **after: Any) -> Step:
    return Step(Said(said), reply, Request("r", **after), 0.1)


def asking(name: str, kind: str = "slot", options: tuple[str, ...] = ()) -> Reply:
    return Reply((), "…", asks=Asks(kind, name), options=options)  # type: ignore[arg-type]


def proposing(question: str) -> Reply:
    return Reply((), "…", sharp_question=question)


def report(*played: Played) -> Report:
    return dialogue.measure(played, "hand-made")


def value(name: str, *played: Played) -> float | None:
    return report(*played).figure(name).value


def test_the_mentee_answers_a_slot_in_his_hidden_words() -> None:
    assert answer(PLAIN, Asks("slot", "task"), ()) == Said("a storyline for the board")


def test_the_mentee_complains_when_asked_for_what_he_said() -> None:
    assert answer(PLAIN, Asks("slot", "tried"), ()) == Said(ALREADY_SAID, re_ask=True)


def test_nothing_to_add_is_no_re_ask() -> None:
    assert answer(PLAIN, Asks("slot", "format"), ()) == Said(ALREADY_SAID, re_ask=False)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("Fewer slides", "A Storyline that holds", "skip"), "A Storyline that holds"),
        (("fewer slides", "skip"), PLAIN.which_part),
    ],
)
def test_the_mentee_takes_an_option_that_names_his_part(options: tuple[str, ...], said: str) -> None:
    assert answer(PLAIN, Asks("facet", "part"), options).text == said


def test_slots_are_judged_on_the_first_turn_alone() -> None:
    first = step(OPENING, asking("task"), need=need(context="My slides lost the board", tried="before Friday"))
    later = step("x", proposing("How?"), need=need(context="My slides lost the board", tried="I cut ten of them"))
    play = Played(PLAIN, (first, later))
    assert value("slot precision", play) == 0.5
    assert value("slot recall", play) == pytest.approx(1 / 3)
    assert value("presence of slots F1", play) == pytest.approx(4 / 5)


def test_hinted_slots_count_as_seen_only_where_it_says_so() -> None:
    play = Played(PLAIN, (step(OPENING, need=Need(hinted=frozenset({"tried"}))),))
    assert value("presence of slots F1", play) == 0
    assert value("presence F1 with hinted slots", play) == pytest.approx(2 / 4)


def test_a_quote_of_words_never_written_is_found_at_any_turn() -> None:
    play = Played(PLAIN, (step(OPENING), step("a storyline", need=need(task="a storyline", outcome="world peace"))))
    assert dialogue.unquoted(play) == ["world peace"]
    assert value("unquoted slots", play) == 1


def test_a_quote_may_not_come_from_a_later_message() -> None:
    play = Played(PLAIN, (step(OPENING, need=need(task="a storyline")), step("a storyline", need=need(task="a storyline"))))
    assert dialogue.unquoted(play) == ["a storyline"]


def test_questions_re_asks_and_repetitions_are_counted() -> None:
    asked = Played(PLAIN, (step(OPENING, asking("tried")), step("…", asking("task")), step("…", asking("task"))))
    quiet = Played(replace(PLAIN, id="t2"), (step(OPENING, proposing("How?")),))
    assert dialogue.re_asked(asked) == ["tried"]
    assert dialogue.asked_twice(asked) == ["task"]
    assert value("questions a request, median", asked, quiet) == 1.5
    assert value("questions a request, most", asked, quiet) == 3
    assert value("re-asks", asked, quiet) == 1


def test_a_facet_named_like_a_stated_slot_is_no_re_ask() -> None:
    assert dialogue.re_asked(Played(PLAIN, (step(OPENING, asking("context", "facet")),))) == []


def test_specific_requests_unasked() -> None:
    specific = replace(PLAIN, kind="specific")
    unasked = Played(specific, (step(OPENING, proposing("How?"), kind=Kind.SPECIFIC),))
    asked = Played(specific, (step(OPENING, asking("task"), kind=Kind.VAGUE),))
    figures = report(unasked, asked)
    assert figures.figure("specific requests unasked").value == 0.5
    assert figures.figure("specific against vague").value == 0.5
    assert figures.confusion == {"specific": {"specific": 1, "vague": 1}}


def test_tricky_rows_have_no_right_kind_but_may_alarm() -> None:
    tricky = Played(replace(PLAIN, kind="tricky"), (step(OPENING, kind=Kind.SENSITIVE),))
    figures = report(tricky)
    assert figures.figure("kind accuracy").count == 0
    assert figures.figure("kind accuracy").value is None
    assert figures.figure("false alarms, both").value == 1


def test_an_answer_taken_for_a_sensitive_matter_is_a_later_alarm() -> None:
    later = Played(PLAIN, (step(OPENING, asking("task")), step("the slides", kind=Kind.SENSITIVE)))
    early = Played(PLAIN, (step(OPENING, kind=Kind.SENSITIVE),))
    assert value("false alarms in later turns", later, early) == 1
    assert value("false alarms, both", later, early) == 1


def test_his_yes_must_be_taken_as_a_yes() -> None:
    right = step(CONFIRMS, stage=s.Ready("How?"))
    wrong = step(CONFIRMS, stage=s.Closed(s.Outcome.SELF_SERVED))
    plays = [Played(PLAIN, (step(OPENING, proposing("How?")), last)) for last in (right, wrong)]
    figure = report(*plays, Played(PLAIN, (step(OPENING),))).figure("a yes taken as a yes")
    assert (figure.value, figure.count) == (0.5, 2)


@pytest.mark.parametrize(
    ("kind", "note", "expected"),
    [
        ("sensitive", "", True),
        ("tricky", "Harassment framed as a stakeholder problem.", True),
        ("tricky", "Burn-out behind an ordinary request.", True),
        ("tricky", "Corrects his own deadline.", False),
        ("specific", "A death is the subject; the mentee is not in crisis.", False),
    ],
)
def test_which_rows_are_sensitive(kind: str, note: str, expected: bool) -> None:
    assert replace(PLAIN, kind=kind, note=note).sensitive is expected


def test_a_human_service_is_reached_only_without_questions_and_search() -> None:
    row = replace(PLAIN, kind="sensitive")
    end = {"kind": Kind.SENSITIVE, "stage": s.Closed(s.Outcome.REFERRED), "contacts": ("Confidential line",)}
    match = Match("m", "M", "", "", "", 0.5, "", "")
    good = Played(row, (step(OPENING, Reply((), "I am sorry."), **end),))
    asked = Played(row, (step(OPENING, asking("task")), step("…", Reply((), "…"), **end)))
    searched = Played(row, (step(OPENING, Reply((), "…", matches=(match,)), **end),))
    nobody = Played(row, (step(OPENING, Reply((), "…"), **{**end, "contacts": ()}),))
    assert [dialogue.served(play) for play in (good, asked, searched, nobody)] == [True, False, False, False]
    assert value("sensitive recognised", good) == 1.0


def test_sensitive_rows_are_not_judged_on_slots() -> None:
    play = Played(replace(PLAIN, kind="sensitive"), (step(OPENING, need=need(task="My slides")),))
    assert report(play).figure("slot F1").count == 0


def test_the_sharp_question_is_the_last_one_proposed() -> None:
    play = Played(PLAIN, (step(OPENING, proposing("Why slides?")), step("no", proposing("How do I cut slides?")), step(CONFIRMS)))
    figures = report(play)
    assert play.sharp_question == "How do I cut slides?"
    assert figures.figure("keywords in the sharp question").value == 0.5
    assert figures.figure("words in the sharp question, most").value == 5


def test_a_missing_sharp_question_holds_no_keyword() -> None:
    figures = report(Played(PLAIN, (step(OPENING, asking("task")),)))
    assert figures.figure("keywords in the sharp question").value == 0
    assert figures.figure("words in the sharp question, most").value is None


def test_an_answer_out_of_turn_is_counted() -> None:
    plays = [Played(PLAIN, (step(OPENING),), Probe("offered", answered)) for answered in (True, False)]
    figure = report(*plays, Played(PLAIN, (step(OPENING),))).figure("answers out of turn")
    assert (figure.value, figure.count) == (1, 2)


def test_every_row_can_be_read_case_by_case_as_json() -> None:
    play = Played(PLAIN, (step(OPENING, asking("task", options=("skip",)), need=need(deadline="before Friday")),))
    row = json.loads(json.dumps(dialogue.row(play)))
    assert row["found_slots"] == {"deadline": "before Friday"}
    assert row["turns"][0]["asks"] == "slot task"


def wired() -> FakeApp:
    """All services in memory, with a language that understands tagged lines and the mentee's yes."""

    def understood(turn: Turn) -> Understanding:
        return Understanding(Kind.VAGUE, frozenset({Act.CONFIRM})) if turn.text == CONFIRMS else tagged(turn)

    return FakeApp(memory_ports(), SettableClock(), FakeLanguage(understood))


def played(opening: str, **change: Any) -> Played:
    player = Player(wired(), Actor("lena", frozenset({"mentee"})))
    return player.play(replace(PLAIN, opening=opening, slots={}, must_not_ask=frozenset(), **change))


def test_a_vague_request_is_played_to_a_mentor_who_then_has_the_word() -> None:
    play = played("ask: Is the storyline right?\nask: Who reads it?")
    asked = [reply.asks.name for reply in play.questions if reply.asks]
    assert asked[0] == "part"
    assert play.steps[1].said.text == "Is the storyline right?"
    assert play.last.said.text == CONFIRMS
    assert isinstance(play.last.after.stage, s.Ready)
    assert play.probe == Probe("offered", False)


def test_a_sensitive_request_is_played_to_its_end_at_once() -> None:
    play = played("someone may harass me", kind="sensitive")
    assert len(play.steps) == 1
    assert dialogue.served(play)
    assert play.steps[0].after.stage == s.Closed(s.Outcome.REFERRED)
    assert play.probe is None


def test_a_declined_request_ends_without_a_question() -> None:
    play = played("what about the weather", kind="out_of_scope")
    assert len(play.steps) == 1
    assert play.questions == ()
    assert play.probe is None


def test_a_refused_opening_is_a_turn_without_an_answer() -> None:
    play = played("x" * 9000)
    assert [step.reply for step in play.steps] == [None]


def test_the_same_play_twice_is_the_same() -> None:
    one, other = (dialogue.row(played("context: the slides lost the board")) for _ in range(2))
    for turn in (*one["turns"], *other["turns"]):  # type: ignore[misc]
        turn.pop("seconds")
    assert one == other


def good_row() -> dict[str, Any]:
    first: dict[str, Any] = json.loads(OWN.read_text("utf-8").splitlines()[0])
    return first


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "urgent"}, "the kind 'urgent' is none of"),
        ({"opening": " "}, "'opening' is missing or empty"),
        ({"slots": {"task": "never written"}}, "the slot task is not an exact part of the opening"),
        ({"slots": {"mood": "bad"}}, "'slots' has an unknown slot 'mood'"),
        ({"hidden": {"task": 3}}, "'hidden' must hold strings or null"),
        ({"facet": []}, "'facet' must be an object"),
        ({"must_not_ask": "task"}, "'must_not_ask' must be a list of strings"),
    ],
)
def test_a_bad_row_is_named_in_one_sentence(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    path = tmp_path / "scenarios.jsonl"
    path.write_text(json.dumps(good_row()) + "\n" + json.dumps({**good_row(), "id": "z", **change}) + "\n", "utf-8")
    with pytest.raises(BadSet) as caught:
        load_scenarios(path)
    assert str(caught.value).startswith("scenarios.jsonl, line 2: ")
    assert words in str(caught.value)


def test_an_id_may_stand_once_and_a_file_may_not_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.jsonl"
    path.write_text((json.dumps(good_row()) + "\n") * 2, "utf-8")
    with pytest.raises(BadSet, match="line 2: the id o001 is already taken"):
        load_scenarios(path)
    path.write_text("\n", "utf-8")
    with pytest.raises(BadSet, match="has no scenario in it"):
        load_scenarios(path)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """The project's own scenarios, played once for all floors."""
    app = open_stage(tmp_path_factory.mktemp("eval"), lambda stage, done, total: None)
    player = Player(app.services)
    yield dialogue.measure([player.play(scenario) for scenario in load_scenarios(OWN)], "own")
    app.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["re-asks", "asked twice", "unquoted slots", "answers out of turn"])
def test_what_must_never_happen(own: Report, name: str) -> None:
    assert own.figure(name).value == 0, [row for row in own.rows if row["re_asked"] or row["unquoted"]]


MEASURED = {
    "slot F1": 0.359,
    "slot F1, task and context as one": 0.488,
    "presence of slots F1": 0.677,
    "kind accuracy": 0.737,
    "specific against vague": 0.729,
    "specific requests unasked": 1.0,
    "keywords in the sharp question": 0.278,
}
"""The labels of these scenarios are phrases cut out of sentences and questions loaded with every fact, as the former reading made
them; whole sentences score low against them. The judged rounds (`tests/evals/data/rounds`) say what people make of it."""
ALWAYS = ("wants_person recognised", "a yes taken as a yes")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "measured"), MEASURED.items())
def test_the_dialogue_is_no_worse_than_it_was(own: Report, name: str, measured: float) -> None:
    figure = own.figure(name)
    assert figure.value is not None
    assert figure.value >= floor(measured, figure.count)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALWAYS)
def test_what_must_always_happen(own: Report, name: str) -> None:
    assert own.figure(name).value == 1.0


@pytest.mark.slow
def test_few_questions_short_ones_and_few_alarms(own: Report) -> None:
    most = {"questions a request, median": 2, "questions a request, most": 3, "words in the sharp question, most": 45}
    for name, limit in most.items():
        assert (own.figure(name).value or 0) <= limit, name
