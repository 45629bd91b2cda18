"""Whatever the model does, each question has an answer in time, and it is said which way it came."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.adapters.model.client.chat import ModelFailed, Usage
from assistant.adapters.model.resilience.resilient_endpoint import Limits
from assistant.domain.provenance import Provenance
from assistant.domain.reply import Kind, Sentence
from assistant.domain.usage import AFTERWARDS
from tests.unit.adapters.model.scripted import (
    EXCERPTS,
    MODEL,
    NEED,
    ONE,
    OUTCOME,
    PEOPLE,
    PLAIN,
    SAID,
    TWO,
    WANTED,
    Hanging,
    ScriptedTurn,
    Setup,
    everything,
    offline_words,
)

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
    assert everything(turn) == offline_words()
    assert setup.script.asked == ["sharpen"]
    assert turn.provenance == Provenance("offline", why)  # type: ignore[arg-type]


def test_a_turn_may_be_half_the_models(setup: Setup) -> None:
    setup.script.fail("cut", 0.0, "answer")
    turn = setup.turn()
    assert everything(turn) == offline_words() | {"sharpen": "model sharpen"}
    assert turn.provenance == Provenance("model", "cut", ("sharpen@v1",), "tiny")


def test_what_is_not_supported_is_offline_and_the_next_question_is_asked(setup: Setup) -> None:
    setup.script.fail("unsupported", 0.0, "thanks", "sharpen")
    turn = setup.turn()
    said = everything(turn)
    assert said == MODEL | {"thanks": PLAIN, "sharpen": "How do I face the board?"}
    assert turn.provenance.fallback == "unsupported"
    for _ in range(9):
        setup.turn().sharpen(NEED, Kind.VAGUE)
    assert not setup.languages.breaker.resting


def test_a_bug_in_the_adapter_is_a_fault(setup: Setup) -> None:
    def broken(turn: ScriptedTurn) -> str:
        raise ZeroDivisionError(SAID.text)

    setup.script.steps["thanks"] = broken
    assert setup.why() == "fault"


def test_why_a_question_of_the_model_is_not_shown_is_counted(setup: Setup) -> None:
    def unlike(turn: ScriptedTurn) -> str:
        raise ModelFailed("unsupported", detail="number")

    setup.script.steps["sharpen"] = unlike
    for _ in range(2):
        setup.turn().sharpen(NEED, Kind.VAGUE)
    assert setup.languages.objections == {"number": 2}


def test_what_a_message_means_and_what_is_asked_back_costs_no_call(setup: Setup) -> None:
    turn = setup.turn()
    assert turn.understand(SAID).kind is Kind.VAGUE
    assert turn.ask(WANTED) == WANTED.plain
    assert turn.explain("how?", PEOPLE) == ("plain ada", "plain ben")
    assert setup.script.asked == []


def test_without_a_call_nothing_came_of_the_model() -> None:
    setup = Setup()
    setup.script.make = lambda person, seconds, spend, redaction: ScriptedTurn(  # type: ignore[method-assign]
        setup.script, person, seconds, lambda task, usage: None, redaction
    )
    setup.__post_init__()
    turn = setup.turn()
    assert turn.thanks(OUTCOME) == "model thanks"
    assert turn.provenance == Provenance()
    assert setup.written() == ()


# Time.


def test_the_calls_of_a_turn_share_its_time(setup: Setup) -> None:
    left: dict[str, float] = {}

    def seen(task: str, takes: float) -> None:
        def step(turn: ScriptedTurn) -> object:
            left[task] = turn.seconds()
            setup.ticking.now += takes
            return f"model {task}"

        setup.script.steps[task] = step

    for task, takes in (("sharpen", 3.0), ("thanks", 4.5), ("article", 2.0)):
        seen(task, takes)
    turn = setup.turn()
    setup.ticking.now += 50
    assert turn.sharpen(NEED, Kind.VAGUE) == "model sharpen"
    assert turn.thanks(OUTCOME) == "model thanks"
    assert left == {"sharpen": pytest.approx(7.5), "thanks": pytest.approx(4.5)}
    assert turn.article(OUTCOME).title != "model"
    assert turn.provenance.fallback == "late"
    assert "article" not in setup.script.asked
    assert setup.turn().sharpen(NEED, Kind.VAGUE) == "model sharpen"


def test_a_slow_model_does_one_thing_after_the_other_and_a_fast_one_both() -> None:
    setup, running, most = Setup(Limits(seconds=2.0), real_time=True), [], []

    def step(turn: ScriptedTurn) -> str:
        running.append(1)
        most.append(len(running))
        time.sleep(0.1)
        running.pop()
        return "model"

    setup.script.steps["sharpen"] = setup.script.steps["thanks"] = step
    for expected in (1, 2):
        most.clear()
        turn = setup.turn()
        with ThreadPoolExecutor(2) as threads:
            threads.submit(turn.sharpen, NEED, Kind.VAGUE)
            threads.submit(turn.thanks, OUTCOME)
        assert max(most) == expected
    setup.languages.close()


def test_what_will_not_be_done_in_the_time_that_is_left_is_not_begun(setup: Setup) -> None:
    for _ in range(3):
        setup.languages.pace.add("thanks", 4.0)

    def slow(turn: ScriptedTurn) -> str:
        setup.ticking.now += 5
        return "model sharpen"

    setup.script.steps["sharpen"] = slow
    turn = setup.turn()
    assert turn.sharpen(NEED, Kind.VAGUE) == "model sharpen"
    assert turn.thanks(OUTCOME) == PLAIN
    assert setup.script.asked == ["sharpen"]
    assert turn.provenance.fallback == "late"


def test_a_model_that_hangs_is_given_up_and_what_it_says_later_is_not_heard() -> None:
    setup = Setup(Limits(seconds=0.4), real_time=True)
    hanging = setup.script.steps["thanks"] = Hanging()
    turn, start = setup.turn(), time.monotonic()
    assert turn.thanks(OUTCOME) == PLAIN
    assert 0.35 < time.monotonic() - start < 3
    assert turn.provenance == Provenance("offline", "late")
    hanging.sign_in_service.set()
    time.sleep(0.05)
    assert turn.provenance == Provenance("offline", "late")


def test_what_a_given_up_call_costs_is_still_recorded() -> None:
    setup = Setup(Limits(seconds=0.2), real_time=True)
    hanging = Hanging()

    def slow(turn: ScriptedTurn) -> str:
        said = hanging(turn)
        turn.spend("thanks", Usage("tiny", 70, 7))
        return said

    setup.script.steps["thanks"] = slow
    setup.turn().thanks(OUTCOME)
    hanging.sign_in_service.set()
    time.sleep(0.1)
    assert [(row.outcome, row.tokens) for row in setup.written()] == [("late", 15), (AFTERWARDS, 77)]


def test_an_open_circuit_costs_an_answer_nothing_to_speak_of() -> None:
    setup = Setup(real_time=True)
    setup.script.fail("refused")
    setup.turn().thanks(OUTCOME)
    times = []
    for _ in range(20):
        turn, start = setup.turn(), time.monotonic()
        assert everything(turn)["thanks"] == PLAIN
        assert turn.provenance.fallback == "resting"
        times.append(time.monotonic() - start)
    assert sorted(times)[len(times) // 2] < 0.3
    assert setup.script.asked == ["thanks"]
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


@pytest.mark.parametrize(("before", "turns", "rests"), [(0.7, 3, False), (0.0, 2, False), (0.0, 3, True)])
def test_to_be_late_for_want_of_time_is_not_the_endpoints_failure(before: float, turns: int, rests: bool) -> None:
    """And what two questions of one turn meet at once is one failure: a model of 5 s is heard on what it has the time for."""
    setup, hanging = Setup(Limits(seconds=1.0), real_time=True), Hanging()
    setup.script.steps["thanks"] = lambda turn: time.sleep(before)
    for task in ("answer", "sharpen"):
        setup.script.steps[task] = hanging
    for _ in range(turns):
        turn = setup.turn()
        if before:
            turn.thanks(OUTCOME)
        with ThreadPoolExecutor(2) as threads:
            threads.submit(turn.answer, "how?", EXCERPTS)
            threads.submit(turn.sharpen, NEED, Kind.VAGUE)
        assert turn.provenance.fallback == "late"
    assert setup.languages.breaker.resting is rests
    hanging.sign_in_service.set()
    setup.languages.close()


# Answers that grow.


def growing(*heard: tuple[Sentence, ...], then: ModelFailed | Hanging | None) -> object:
    def step(turn: ScriptedTurn) -> object:
        for one in heard:
            turn.on_partial(one)
        if isinstance(then, ModelFailed):
            raise then
        if then:
            then(turn)
            turn.on_partial((ONE, TWO, ONE))
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
    assert turn.thanks(OUTCOME) == PLAIN


def test_a_stream_that_hangs_ends_at_the_deadline_with_what_was_heard() -> None:
    setup, hanging = Setup(Limits(seconds=0.3), real_time=True), Hanging()
    setup.script.steps["answer"] = growing((ONE,), then=hanging)  # type: ignore[assignment]
    heard: list[tuple[Sentence, ...]] = []
    start = time.monotonic()
    assert setup.turn().answer("how?", EXCERPTS, heard.append) == (ONE,)
    assert time.monotonic() - start < 3
    hanging.sign_in_service.set()
    time.sleep(0.05)
    assert heard == [(ONE,)]
    setup.languages.close()


def test_what_turns_out_unsupported_is_taken_back(setup: Setup) -> None:
    setup.script.steps["answer"] = growing((ONE,), then=ModelFailed("unsupported"))  # type: ignore[assignment]
    heard: list[tuple[Sentence, ...]] = []
    assert setup.turn().answer("how?", EXCERPTS, heard.append) is None
    assert heard == [(ONE,), ()]


def test_an_open_sentence_is_not_kept(setup: Setup) -> None:
    half = Sentence("You need not", ())
    setup.script.steps["answer"] = growing((ONE, half), then=ModelFailed("late"))  # type: ignore[assignment]
    assert setup.turn().answer("how?", EXCERPTS, lambda said: None) == (ONE,)
    setup.script.steps["answer"] = growing((half,), then=ModelFailed("cut"))  # type: ignore[assignment]
    assert setup.turn().answer("how?", EXCERPTS, lambda said: None) is None


def test_what_was_taken_back_before_a_failure_is_not_kept(setup: Setup) -> None:
    setup.script.steps["answer"] = growing((ONE,), (), then=ModelFailed("cut"))  # type: ignore[assignment]
    assert setup.turn().answer("how?", EXCERPTS, lambda said: None) is None
