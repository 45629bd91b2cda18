"""Who is asked, for how many tokens and how many at once, what is recorded of it, and what is told to whom."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier, Event

import pytest

from assistant.adapters.model.client.chat import Usage
from assistant.adapters.model.resilience.breaker import RestPeriods
from assistant.adapters.model.resilience.resilient_endpoint import Limits
from assistant.domain.provenance import Provenance
from assistant.domain.reply import Kind
from assistant.domain.usage import Spent
from assistant.ports import StoreUnavailable
from tests.unit.adapters.model.scripted import (
    BRIEF,
    EXCERPTS,
    MODEL,
    NEED,
    NOON,
    ONE,
    OUTCOME,
    PLAIN,
    SAID,
    Hanging,
    ScriptedTurn,
    Setup,
    everything,
    offline_words,
)

# People's switches.


def test_nothing_of_a_person_is_sent_whose_switch_is_off(setup: Setup) -> None:
    setup.off.add("lena")
    turn = setup.turn()
    assert everything(turn) == offline_words()
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


def test_where_the_switch_cannot_be_read_nothing_is_sent() -> None:
    setup = Setup(locked=True)
    assert setup.why() == "fault"
    assert setup.script.asked == []


# Tokens.


def spent(person: str, tokens: int, days: int = 0) -> Spent:
    return Spent(NOON - timedelta(days=days), person, "thanks", "tiny", "v1", tokens)


def test_a_person_has_a_budget_for_a_day() -> None:
    setup = Setup(Limits(person_tokens=100))
    setup.usage.record(spent("lena", 99, days=1))
    setup.usage.record(spent("lena", 99))
    assert [setup.why(), setup.why()] == ["", "person_budget"]
    assert setup.turn("omar").thanks(OUTCOME) == "model thanks"
    setup.clock.forward(days=1)
    assert setup.why() == ""
    assert setup.written()[-1].outcome == ""


def test_everybody_together_has_one_too() -> None:
    setup = Setup(Limits(person_tokens=0, day_tokens=40))
    for person in ("lena", "omar", "nia"):
        assert setup.turn(person).thanks(OUTCOME) == "model thanks"
    assert setup.why() == "day_budget"
    setup.clock.forward(days=1)
    assert setup.why() == ""
    setup.languages.close()


def test_nought_is_no_limit() -> None:
    setup = Setup(Limits(person_tokens=0, day_tokens=0))
    setup.usage.record(spent("lena", 10**9))
    assert setup.why() == ""
    setup.languages.close()


def test_what_is_not_written_yet_counts_already() -> None:
    setup, sign_in_service = Setup(Limits(person_tokens=10)), Event()
    write = setup.usage.record

    def slowly(*spent: Spent) -> None:
        sign_in_service.wait(30)
        write(*spent)

    setup.usage.record = slowly  # type: ignore[method-assign]
    assert [setup.why(), setup.why()] == ["", "person_budget"]
    sign_in_service.set()
    assert [row.tokens for row in setup.written()] == [15, 0]


def test_each_question_is_recorded_once_with_its_cost_and_outcome() -> None:
    setup = Setup()

    def repaired(turn: ScriptedTurn) -> str:
        turn.spend("thanks", Usage("tiny", 30, 6, 8, counted=True))
        setup.ticking.now += 1.5
        return "model thanks"

    setup.script.steps["thanks"] = repaired
    setup.script.fail("cut", 0.0, "sharpen")
    turn = setup.turn()
    turn.thanks(OUTCOME)
    turn.sharpen(NEED, Kind.VAGUE)
    turn.thanks(OUTCOME)
    assert setup.written() == (
        Spent(NOON, "lena", "thanks", "tiny", "v1", 40, 11, 12, True, 1500, ""),
        Spent(NOON, "lena", "sharpen", "tiny", "v1", 10, 5, 4, False, 0, "cut"),
        Spent(NOON, "lena", "thanks", "tiny", "v1", outcome="cut"),
    )


def test_a_store_that_cannot_write_costs_nobody_an_answer() -> None:
    setup = Setup()

    def locked(*spent: Spent) -> None:
        raise StoreUnavailable("the database is locked")

    setup.usage.record = locked  # type: ignore[method-assign]
    assert everything(setup.turn()) == MODEL
    setup.languages.close()


# Many at once.


def test_thirty_turns_are_answered_at_once() -> None:
    setup = Setup(real_time=True)

    together = Barrier(30, timeout=5)

    def slow(turn: ScriptedTurn) -> str:
        together.wait()
        return "model"

    for task in ("thanks", "sharpen"):
        setup.script.steps[task] = slow
    with ThreadPoolExecutor(30) as threads:
        turns = [setup.turn(f"person{n}") for n in range(30)]
        said = list(threads.map(lambda turn: turn.thanks(OUTCOME), turns))
    assert said == ["model"] * 30
    assert all(turn.provenance == Provenance("model", "", ("thanks@v1",), "tiny") for turn in turns)
    assert len({row.person for row in setup.written()}) == 30


def test_a_full_bulkhead_says_so_at_once_and_hanging_calls_keep_their_places() -> None:
    setup = Setup(Limits(seconds=0.6, calls=4), real_time=True)
    hanging = setup.script.steps["thanks"] = Hanging()
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(setup.why) for _ in range(2)]
        while len(setup.script.asked) < 2:
            time.sleep(0.01)
        waiting += [threads.submit(setup.why) for _ in range(2)]
        assert [one.result() for one in waiting] == ["late"] * 4
    setup.languages.breaker.settle(setup.languages.breaker._state, "")
    start = time.monotonic()
    assert setup.why() == "full"
    assert time.monotonic() - start < 0.5
    assert not setup.languages.breaker.resting
    hanging.sign_in_service.set()
    time.sleep(0.1)
    assert setup.why() == ""
    setup.languages.close()


def test_a_probe_that_finds_no_place_leaves_the_next_one_to_probe() -> None:
    setup = Setup(Limits(seconds=0.3, calls=1, rests=RestPeriods(failures=1, shortest=0.0)), real_time=True)
    hanging = setup.script.steps["thanks"] = Hanging()
    assert [setup.why(), setup.why(), setup.why()] == ["late", "full", "full"]
    hanging.sign_in_service.set()
    time.sleep(0.1)
    assert setup.why() == ""
    setup.languages.close()


def test_two_questions_of_one_turn_at_once_where_the_endpoint_is_fast() -> None:
    setup = Setup(real_time=True)
    setup.languages.pace.add("answer", 0.1)
    together = Barrier(2, timeout=5)

    def slow(task: str, value: object) -> None:
        def step(turn: ScriptedTurn) -> object:
            together.wait()
            return value

        setup.script.steps[task] = step

    slow("answer", (ONE,))
    slow("sharpen", "model sharpen")
    turn = setup.turn()
    with ThreadPoolExecutor(2) as threads:
        answer = threads.submit(turn.answer, "how?", EXCERPTS)
        sharp = threads.submit(turn.sharpen, NEED, Kind.VAGUE)
        assert (answer.result(), sharp.result()) == ((ONE,), "model sharpen")
    assert len(setup.script.turns) == 1
    assert sorted(turn.provenance.prompts) == ["answer@v1", "sharpen@v1"]
    assert {(row.task, row.tokens) for row in setup.written()} == {("answer", 15), ("sharpen", 15)}


# What is told to whom.


def test_names_are_asked_for_once_a_minute_and_hidden(setup: Setup) -> None:
    asked = []
    directory = ["Ada Rowntree"]

    def names() -> list[str]:
        asked.append(1)
        return directory

    setup.names = names
    for _ in range(3):
        setup.turn().thanks(OUTCOME)
    assert len(asked) == 1
    assert setup.script.turns[0].redaction.hide("Ada and Ben Okonjo") == "PERSON_1 and Ben Okonjo"
    directory = ["Ada Rowntree", "Ben Okonjo"]
    setup.ticking.now += 60
    setup.turn().thanks(OUTCOME)
    assert setup.script.turns[-1].redaction.hide("Ada and Ben Okonjo") == "PERSON_1 and PERSON_2"


def test_the_log_has_codes_and_nothing_that_anybody_wrote(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def broken(turn: ScriptedTurn) -> str:
        raise RuntimeError(f"{SAID.text} sk-secret-key")

    setup = Setup(names=lambda: ["Ada Rowntree"])
    setup.script.fail("refused", 0.0, "sharpen")
    setup.script.steps["thanks"] = broken
    for question in (lambda t: t.thanks(OUTCOME), lambda t: t.sharpen(NEED, Kind.VAGUE)):
        question(setup.turn())
    setup.written()
    said = caplog.text
    assert "thanks: RuntimeError" in said.replace("failed at ", "")
    assert "not used for sharpen: refused" in said
    for private in ("board", "Ada", "example.org", "secret", "lena", PLAIN):
        assert private not in said
