"""Whatever the model does, each question has an answer in time, and it is said which way it came."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from assistant.adapters.model.chat import ModelFailed, Usage
from assistant.adapters.model.resilient import Limits
from assistant.dialogue.pieces import Outcome
from assistant.domain.need import Need, Slot
from assistant.domain.provenance import Provenance
from assistant.domain.reply import Kind, Sentence
from assistant.domain.usage import AFTERWARDS, Spent
from assistant.ports import Language, StoreUnavailable
from tests.unit.model.scripted import BRIEF, EXCERPTS, NOON, ONE, PEOPLE, SAID, TWO, WANTED, Hanging, ScriptedTurn, Setup

NEED = Need({"task": Slot("face the board", "face the board")})
OUTCOME = Outcome("How?", "Lena", "Ada", ())


@pytest.fixture
def setup() -> Iterator[Setup]:
    made = Setup()
    yield made
    made.languages.close()


def everything(turn: Language) -> dict[str, object]:
    """Each question once."""
    return {
        "understand": turn.understand(SAID).kind,
        "ask": turn.ask(WANTED),
        "sharpen": turn.sharpen(NEED, Kind.VAGUE),
        "answer": turn.answer("how?", EXCERPTS),
        "explain": turn.explain("how?", PEOPLE),
        "brief": turn.brief(BRIEF, ()).minutes,
        "debrief": turn.debrief("action: call", BRIEF, "Lena", "Ada", date(2026, 11, 2), "mentee").items != (),
        "thanks": turn.thanks(OUTCOME).startswith("model"),
        "article": turn.article(OUTCOME).title,
    }


MODEL = {
    "understand": Kind.TRAJECTORY, "ask": "model ask", "sharpen": "model sharpen", "answer": (ONE,),
    "explain": ("model ada", "model ben"), "brief": 45, "debrief": False, "thanks": True, "article": "model",
}  # fmt: skip


def offline() -> dict[str, object]:
    setup = Setup(off={"lena"})
    said = everything(setup.turn())
    setup.languages.close()
    return said


# The way of a turn.


def test_the_models_words_are_taken_and_their_prompts_remembered(setup: Setup) -> None:
    turn = setup.turn()
    assert turn.provenance == Provenance()
    assert everything(turn) == MODEL
    prompts = tuple(f"{task}@v1" for task in MODEL)
    assert turn.provenance == Provenance("model", "", prompts, "tiny")


@pytest.mark.parametrize(
    "why", ["unreachable", "refused", "busy", "quota", "fault", "empty", "cut", "unreadable", "wrong_shape", "no_model"]
)  # fmt: skip
def test_after_one_failure_the_turn_is_offline_and_the_model_is_not_asked_again(setup: Setup, why: str) -> None:
    setup.script.fail(why)  # type: ignore[arg-type]
    turn = setup.turn()
    assert everything(turn) == offline()
    assert setup.script.asked == ["understand"]
    assert turn.provenance == Provenance("offline", why)  # type: ignore[arg-type]


def test_a_turn_may_be_half_the_models(setup: Setup) -> None:
    setup.script.fail("cut", 0.0, "sharpen")
    turn = setup.turn()
    assert everything(turn) == offline() | {"understand": Kind.TRAJECTORY, "ask": "model ask"}
    assert turn.provenance == Provenance("model", "cut", ("understand@v1", "ask@v1"), "tiny")


def test_what_is_not_supported_is_offline_and_the_next_question_is_asked(setup: Setup) -> None:
    setup.script.fail("unsupported", 0.0, "explain", "sharpen")
    turn = setup.turn()
    said = everything(turn)
    assert said == MODEL | {"explain": ("plain ada", "plain ben"), "sharpen": "How do I face the board?"}
    assert turn.provenance.fallback == "unsupported"
    for _ in range(9):
        setup.turn().sharpen(NEED, Kind.VAGUE)
    assert not setup.languages.breaker.resting


def test_a_bug_in_the_adapter_is_a_fault(setup: Setup) -> None:
    def broken(turn: ScriptedTurn) -> str:
        raise ZeroDivisionError(SAID.text)

    setup.script.steps["ask"] = broken
    assert setup.why() == "fault"


def test_too_few_reasons_are_none(setup: Setup) -> None:
    setup.script.steps["explain"] = lambda turn: ("only one",)
    turn = setup.turn()
    assert turn.explain("how?", PEOPLE) == ("plain ada", "plain ben")
    assert turn.provenance.fallback == "wrong_shape"


def test_without_a_call_nothing_came_of_the_model() -> None:
    setup = Setup()
    setup.script.make = lambda person, seconds, spend, veil: ScriptedTurn(  # type: ignore[method-assign]
        setup.script, person, seconds, lambda task, usage: None, veil
    )
    setup.__post_init__()
    turn = setup.turn()
    assert turn.ask(WANTED) == "model ask"
    assert turn.provenance == Provenance()
    assert setup.written() == ()


# Time.


def test_understanding_leaves_something_of_the_time_and_the_turn_ends_at_its_deadline(setup: Setup) -> None:
    left: dict[str, float] = {}

    def seen(task: str, takes: float) -> None:
        def step(turn: ScriptedTurn) -> str:
            left[task] = turn.seconds()
            setup.ticking.now += takes
            return f"model {task}"

        setup.script.steps[task] = step

    for task, takes in (("understand", 3.0), ("ask", 4.0), ("sharpen", 2.0)):
        seen(task, takes)
    turn = setup.turn()
    setup.ticking.now += 50
    turn.understand(SAID)
    turn.ask(WANTED)
    assert turn.sharpen(NEED, Kind.VAGUE) == "model sharpen"
    assert left == {"understand": pytest.approx(4.8), "ask": pytest.approx(5.0), "sharpen": pytest.approx(1.0)}
    assert turn.explain("how?", PEOPLE) == ("plain ada", "plain ben")
    assert turn.provenance.fallback == "late"
    assert "explain" not in setup.script.asked
    assert setup.turn().ask(WANTED) == "model ask"


def test_a_model_that_hangs_is_given_up_and_what_it_says_later_is_not_heard() -> None:
    setup = Setup(Limits(seconds=0.4), real_time=True)
    hanging = setup.script.steps["ask"] = Hanging()
    turn, start = setup.turn(), time.monotonic()
    assert turn.ask(WANTED) == WANTED.plain
    assert 0.35 < time.monotonic() - start < 0.8
    assert turn.provenance == Provenance("offline", "late")
    hanging.gate.set()
    time.sleep(0.05)
    assert turn.provenance == Provenance("offline", "late")


def test_what_a_given_up_call_costs_is_still_recorded() -> None:
    setup = Setup(Limits(seconds=0.2), real_time=True)
    hanging = Hanging()

    def slow(turn: ScriptedTurn) -> str:
        said = hanging(turn)
        turn.spend("ask", Usage("tiny", 70, 7))
        return said

    setup.script.steps["ask"] = slow
    setup.turn().ask(WANTED)
    hanging.gate.set()
    time.sleep(0.1)
    assert [(row.outcome, row.tokens) for row in setup.written()] == [("late", 15), (AFTERWARDS, 77)]


def test_an_open_circuit_costs_an_answer_nothing_to_speak_of() -> None:
    setup = Setup(real_time=True)
    setup.script.fail("refused")
    setup.turn().ask(WANTED)
    times = []
    for _ in range(20):
        turn, start = setup.turn(), time.monotonic()
        assert everything(turn)["ask"] == WANTED.plain
        assert turn.provenance.fallback == "resting"
        times.append(time.monotonic() - start)
    assert max(times) < 0.3
    assert setup.script.asked == ["ask"]
    setup.languages.close()


def test_it_recovers_by_itself(setup: Setup) -> None:
    setup.script.fail("unreachable")
    assert [setup.why() for _ in range(4)] == ["unreachable"] * 3 + ["resting"]
    setup.script.steps.clear()
    setup.ticking.now += 29
    assert setup.why() == "resting"
    setup.ticking.now += 1
    assert setup.why() == ""
    assert everything(setup.turn()) == MODEL


def test_a_wait_that_was_asked_for_is_kept(setup: Setup) -> None:
    setup.script.fail("busy", 600)
    assert setup.why() == "busy"
    setup.script.steps.clear()
    setup.ticking.now += 599
    assert setup.why() == "resting"
    setup.ticking.now += 1
    assert setup.why() == ""


# Answers that grow.


def growing(*heard: tuple[Sentence, ...], then: ModelFailed | Hanging | None) -> object:
    def step(turn: ScriptedTurn) -> object:
        for one in heard:
            turn.hear(one)
        if isinstance(then, ModelFailed):
            raise then
        if then:
            then(turn)
            turn.hear((ONE, TWO, ONE))
        return heard[-1]

    return step


@pytest.mark.parametrize("why", ["cut", "late", "fault", "unreachable"])
def test_sentences_heard_before_a_failure_are_kept(setup: Setup, why: str) -> None:
    setup.script.steps["answer"] = growing((ONE,), (ONE, TWO), then=ModelFailed(why))  # type: ignore[arg-type]
    heard: list[tuple[Sentence, ...]] = []
    turn = setup.turn()
    assert turn.answer("how?", EXCERPTS, heard.append) == (ONE, TWO)
    assert heard == [(ONE,), (ONE, TWO)]
    assert turn.provenance == Provenance("model", why, ("answer@v1",), "tiny")  # type: ignore[arg-type]
    assert turn.ask(WANTED) == WANTED.plain


def test_a_stream_that_hangs_ends_at_the_deadline_with_what_was_heard() -> None:
    setup, hanging = Setup(Limits(seconds=0.3), real_time=True), Hanging()
    setup.script.steps["answer"] = growing((ONE,), then=hanging)  # type: ignore[assignment]
    heard: list[tuple[Sentence, ...]] = []
    start = time.monotonic()
    assert setup.turn().answer("how?", EXCERPTS, heard.append) == (ONE,)
    assert time.monotonic() - start < 0.7
    hanging.gate.set()
    time.sleep(0.05)
    assert heard == [(ONE,)]
    setup.languages.close()


def test_what_turns_out_unsupported_is_taken_back(setup: Setup) -> None:
    setup.script.steps["answer"] = growing((ONE,), then=ModelFailed("unsupported"))  # type: ignore[assignment]
    heard: list[tuple[Sentence, ...]] = []
    assert setup.turn().answer("how?", EXCERPTS, heard.append) is None
    assert heard == [(ONE,), ()]


def test_what_was_taken_back_before_a_failure_is_not_kept(setup: Setup) -> None:
    setup.script.steps["answer"] = growing((ONE,), (), then=ModelFailed("cut"))  # type: ignore[assignment]
    assert setup.turn().answer("how?", EXCERPTS, lambda said: None) is None


# People's switches.


def test_nothing_of_a_person_is_sent_whose_switch_is_off(setup: Setup) -> None:
    setup.off.add("lena")
    turn = setup.turn()
    assert everything(turn) == offline()
    assert turn.provenance == Provenance("offline", "switched_off")
    assert (setup.script.turns, setup.script.asked) == ([], [])
    setup.off.clear()
    assert everything(setup.turn()) == MODEL


def test_nor_of_anybody_else_whose_words_are_in_it(setup: Setup) -> None:
    setup.off.add("ada.login")
    turn = setup.turn("lena", "ada.login", "petra")
    turn.debrief("notes", BRIEF, "Lena", "Ada", date(2026, 11, 2), "mentor")
    assert turn.provenance.fallback == "switched_off"
    assert setup.script.asked == []


def test_a_mentor_whose_switch_is_off_is_not_described_to_the_model(setup: Setup) -> None:
    setup.off.add("mentor:ada")
    seen = []
    setup.script.steps["explain"] = lambda turn: seen.append("asked") or ("model ben",)
    turn = setup.turn()
    assert turn.explain("how?", PEOPLE) == ("plain ada", "model ben")
    assert turn.provenance.fallback == ""
    setup.off.add("mentor:ben")
    assert setup.turn().explain("how?", PEOPLE) == ("plain ada", "plain ben")
    assert seen == ["asked"]


def test_where_the_switch_cannot_be_read_nothing_is_sent() -> None:
    setup = Setup(locked=True)
    assert setup.why() == "fault"
    assert setup.turn().explain("how?", PEOPLE) == ("plain ada", "plain ben")
    assert setup.script.asked == []


# Tokens.


def spent(person: str, tokens: int, days: int = 0) -> Spent:
    return Spent(NOON - timedelta(days=days), person, "ask", "tiny", "v1", tokens)


def test_a_person_has_a_budget_for_a_day() -> None:
    setup = Setup(Limits(person_tokens=100))
    setup.usage.record(spent("lena", 99, days=1))
    setup.usage.record(spent("lena", 99))
    assert [setup.why(), setup.why()] == ["", "person_budget"]
    assert setup.turn("omar").ask(WANTED) == "model ask"
    setup.clock.forward(days=1)
    assert setup.why() == ""
    assert setup.written()[-1].outcome == ""


def test_everybody_together_has_one_too() -> None:
    setup = Setup(Limits(person_tokens=0, day_tokens=40))
    for person in ("lena", "omar", "nia"):
        assert setup.turn(person).ask(WANTED) == "model ask"
    assert setup.why() == "day_budget"
    setup.clock.forward(days=1)
    assert setup.why() == ""
    setup.languages.close()


def test_nought_is_no_limit() -> None:
    setup = Setup(Limits(person_tokens=0, day_tokens=0))
    setup.usage.record(spent("lena", 10**9))
    assert setup.why() == ""
    setup.languages.close()


def test_each_question_is_recorded_once_with_its_cost_and_outcome() -> None:
    setup = Setup()

    def repaired(turn: ScriptedTurn) -> str:
        turn.spend("ask", Usage("tiny", 30, 6, 8, counted=True))
        setup.ticking.now += 1.5
        return "model ask"

    setup.script.steps["ask"] = repaired
    setup.script.fail("cut", 0.0, "sharpen")
    turn = setup.turn()
    turn.ask(WANTED)
    turn.sharpen(NEED, Kind.VAGUE)
    turn.thanks(OUTCOME)
    assert setup.written() == (
        Spent(NOON, "lena", "ask", "tiny", "v1", 40, 11, 12, True, 1500, ""),
        Spent(NOON, "lena", "sharpen", "tiny", "v1", 10, 5, 4, False, 0, "cut"),
        Spent(NOON, "lena", "thanks", "tiny", "v1", outcome="cut"),
    )


def test_a_store_that_cannot_write_costs_nobody_an_answer() -> None:
    setup = Setup()

    def locked(spent: Spent) -> None:
        raise StoreUnavailable("the database is locked")

    setup.usage.record = locked  # type: ignore[method-assign]
    assert everything(setup.turn()) == MODEL
    setup.languages.close()


# Many at once.


def test_thirty_turns_are_answered_at_once() -> None:
    setup = Setup(real_time=True)

    def slow(turn: ScriptedTurn) -> str:
        time.sleep(0.3)
        return "model"

    for task in ("ask", "sharpen"):
        setup.script.steps[task] = slow
    start = time.monotonic()
    with ThreadPoolExecutor(30) as threads:
        turns = [setup.turn(f"person{n}") for n in range(30)]
        said = list(threads.map(lambda turn: turn.ask(WANTED), turns))
    assert said == ["model"] * 30
    assert time.monotonic() - start < 1.5
    assert all(turn.provenance == Provenance("model", "", ("ask@v1",), "tiny") for turn in turns)
    assert len({row.person for row in setup.written()}) == 30


def test_a_full_bulkhead_says_so_at_once_and_hanging_calls_keep_their_places() -> None:
    setup = Setup(Limits(seconds=0.3, calls=4), real_time=True)
    hanging = setup.script.steps["ask"] = Hanging()
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(setup.why) for _ in range(2)]
        while len(setup.script.asked) < 2:
            time.sleep(0.01)
        waiting += [threads.submit(setup.why) for _ in range(2)]
        assert [one.result() for one in waiting] == ["late"] * 4
    setup.languages.breaker.settle(setup.languages.breaker._state, "")
    start = time.monotonic()
    assert setup.why() == "full"
    assert time.monotonic() - start < 0.1
    assert not setup.languages.breaker.resting
    hanging.gate.set()
    time.sleep(0.1)
    assert setup.why() == ""
    setup.languages.close()


def test_three_questions_of_one_turn_at_once() -> None:
    setup = Setup(real_time=True)
    seen: dict[str, float] = {}

    def slow(task: str, value: object) -> None:
        def step(turn: ScriptedTurn) -> object:
            time.sleep(0.2)
            seen[task] = turn.seconds()
            return value

        setup.script.steps[task] = step

    slow("answer", (ONE,))
    slow("sharpen", "model sharpen")
    slow("explain", ("model ada", "model ben"))
    turn, start = setup.turn(), time.monotonic()
    with ThreadPoolExecutor(3) as threads:
        answer = threads.submit(turn.answer, "how?", EXCERPTS)
        explain = threads.submit(turn.explain, "how?", PEOPLE)
        sharp = threads.submit(turn.sharpen, NEED, Kind.VAGUE)
        assert (answer.result(), explain.result(), sharp.result()) == ((ONE,), ("model ada", "model ben"), "model sharpen")
    assert time.monotonic() - start < 0.5
    assert len(setup.script.turns) == 1
    assert sorted(turn.provenance.prompts) == ["answer@v1", "explain@v1", "sharpen@v1"]
    assert {(row.task, row.tokens) for row in setup.written()} == {("answer", 15), ("explain", 15), ("sharpen", 15)}


# What is told to whom.


def test_names_are_asked_for_once_a_minute_and_hidden(setup: Setup) -> None:
    asked = []
    directory = ["Ada Rowntree"]

    def names() -> list[str]:
        asked.append(1)
        return directory

    setup.names = names
    for _ in range(3):
        setup.turn().ask(WANTED)
    assert len(asked) == 1
    assert setup.script.turns[0].veil.hide("Ada and Ben Okonjo") == "PERSON_1 and Ben Okonjo"
    directory = ["Ada Rowntree", "Ben Okonjo"]
    setup.ticking.now += 60
    setup.turn().ask(WANTED)
    assert setup.script.turns[-1].veil.hide("Ada and Ben Okonjo") == "PERSON_1 and PERSON_2"


def test_the_log_has_codes_and_nothing_that_anybody_wrote(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def broken(turn: ScriptedTurn) -> str:
        raise RuntimeError(f"{SAID.text} sk-secret-key")

    setup = Setup(names=lambda: ["Ada Rowntree"])
    setup.script.fail("refused", 0.0, "sharpen")
    setup.script.steps["understand"] = setup.script.steps["ask"] = broken
    for question in (lambda t: t.understand(SAID), lambda t: t.ask(WANTED), lambda t: t.sharpen(NEED, Kind.VAGUE)):
        question(setup.turn())
    setup.written()
    said = caplog.text
    assert "understand: RuntimeError" in said.replace("failed at ", "")
    assert "not used for sharpen: refused" in said
    for private in ("board", "Ada", "example.org", "secret", "lena", WANTED.plain):
        assert private not in said
