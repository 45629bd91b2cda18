"""Work seen while it goes on: the newest only, never silent for long, finished also when nobody listens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from contextvars import ContextVar
from itertools import pairwise
from time import monotonic

import pytest

from assistant.dialogue.language_io import OnPartial
from assistant.domain.reply import Sentence
from assistant.ports import StoreUnavailable
from tests.unit.ui.support import until
from ui.live import progress_stream
from ui.live.progress_stream import EVERY_SECONDS, Partial, run_with_progress

WHO: ContextVar[str] = ContextVar("WHO", default="nobody")
SENTENCES = tuple(Sentence(f"Sentence {n}.", (n,)) for n in range(1, 40))


def rest(work: Generator[Partial, None, object]) -> object:
    """The outcome, whatever is still shown before it."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def grown_by(run: Callable[[OnPartial], object]) -> tuple[list[tuple[float, Partial]], object]:
    """When what was shown, and the outcome."""
    seen = []
    work = run_with_progress(run, lambda grown: grown)
    while True:
        try:
            grown = next(work)
        except StopIteration as end:
            return seen, end.value
        seen.append((monotonic(), grown))


def test_the_first_words_come_at_once_and_later_ones_five_times_a_second_at_most() -> None:
    pause = threading.Event()

    def run(on_partial: OnPartial) -> str:
        for length in range(1, len(SENTENCES) + 1):
            on_partial(SENTENCES[:length])
            pause.wait(0.03)
        return "all"

    begun = monotonic()
    seen, outcome = grown_by(run)
    assert outcome == "all"
    assert seen[0][0] - begun < EVERY_SECONDS
    assert all(after - before >= EVERY_SECONDS * 0.95 for (before, _), (after, _) in pairwise(seen))
    assert 3 <= len(seen) <= (monotonic() - begun) / EVERY_SECONDS + 1
    lengths = [len(grown) for _, grown in seen]
    assert lengths == sorted(set(lengths)), "the newest, each once"


def test_a_long_silence_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_stream, "SILENCE_SECONDS", 0.05)
    released = threading.Event()

    def run(on_partial: OnPartial) -> str:
        on_partial(SENTENCES[:1])
        released.wait(5)
        return "late"

    work = run_with_progress(run, lambda grown: grown)
    assert [next(work) for _ in range(3)] == [SENTENCES[:1]] * 3
    released.set()
    assert rest(work) == "late"


def test_what_takes_no_time_is_shown_once_whole() -> None:
    assert grown_by(lambda on_partial: 7) == ([], 7)


@pytest.mark.parametrize("error", [StoreUnavailable("full"), RuntimeError("a bug")])
def test_what_goes_wrong_is_raised_where_one_listens(error: Exception) -> None:
    def run(on_partial: OnPartial) -> None:
        raise error

    with pytest.raises(type(error)):
        grown_by(run)


def test_the_context_of_the_asking_thread_holds_in_the_work() -> None:
    WHO.set("lena")
    assert grown_by(lambda on_partial: (WHO.get(), threading.current_thread() is threading.main_thread()))[1] == ("lena", False)


@pytest.mark.parametrize(("error", "noted"), [(None, 0), (StoreUnavailable("full"), 0), (RuntimeError("canary"), 1)])
def test_who_leaves_stops_nothing_and_only_a_bug_is_noted(
    error: Exception | None, noted: int, caplog: pytest.LogCaptureFixture
) -> None:
    left, recorded = threading.Event(), threading.Event()

    def run(on_partial: OnPartial) -> None:
        on_partial(SENTENCES[:1])
        left.wait(5)
        on_partial(SENTENCES[:2])
        recorded.set()
        if error:
            raise error

    with caplog.at_level(logging.ERROR, "askwell"):
        work = run_with_progress(run, lambda grown: grown)
        assert next(work) == SENTENCES[:1]
        work.close()
        left.set()
        assert recorded.wait(5)
        until(lambda: len(caplog.records) == noted)
        until(lambda: not [one for one in threading.enumerate() if one.name.startswith("run_with_progress")])
    assert len(caplog.records) == noted
    assert "canary" not in caplog.text
