"""The measures with a scripted model: a good one makes no debrief worse, a hostile one changes none; tokens add up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.adapters.model.client.chat import Call, ModelFailed
from assistant.domain.debrief import Debrief
from assistant.evaluation.debrief import Notes, Structured, load_notes, measure, structured
from assistant.evaluation.job import Job
from assistant.evaluation.sets import locate
from tests.evals.lab.measures import LAYOUTS
from tests.evals.lab.scripted import ScriptedChat, Spoken
from tests.evals.lab.tokens import Cost, Measured, evaluate_tokens
from tests.evals.lab.tokens import measure as measure_tokens
from tests.evals.test_debrief import NEVER, PLACE, needs_data
from tests.fakes.chat import FakeChat
from tests.unit.adapters.model.support import language, offline


def good(notes: Notes) -> list[dict[str, str]]:
    """All that is right about the notes."""
    return [{"kind": k, "quote": g.quotes[0], "owner": g.owner or ""} for k, right in notes.right.items() for g in right]


def hostile(notes: Notes) -> list[dict[str, str]]:
    """Every trap as an action of either, what is private as a takeaway, and the plan as if it had been said."""
    traps = [*notes.decoys, *(gold.quotes[0] for gold in notes.right.get("proposal", ())), *notes.forbidden]
    actions = [{"kind": "action", "quote": quote, "owner": owner} for quote in traps for owner in ("mentee", "mentor", "both")]
    lessons = [{"kind": "takeaway", "quote": quote} for quote in (*notes.forbidden, *notes.planned)]
    return [*actions, *lessons, {"kind": "action", "quote": "I will pay for everything", "owner": "mentor"}]


class WithModel:
    """A language whose debriefs are made with a model, or offline where it gave nothing."""

    def __init__(self, answer: Callable[[Call], object]) -> None:
        self._model = language(FakeChat(answer))

    def debrief(self, *given: object) -> Debrief:
        try:
            return self._model.debrief(*given)  # type: ignore[arg-type]
        except ModelFailed:
            return offline().debrief(*given)  # type: ignore[arg-type]


def figures(claims: Callable[[Notes], list[dict[str, str]]] | None) -> dict[str, float]:
    done: list[Structured] = []
    for notes in load_notes(PLACE):
        said = {"items": claims(notes)} if claims else None
        done.append(structured(notes, WithModel(lambda call, said=said: said) if claims else offline()))  # type: ignore[arg-type, misc]
    return {figure.name: figure.value or 0.0 for figure in measure(done, "").figures}


@needs_data
@pytest.mark.parametrize("claims", [good, hostile], ids=["good", "hostile"])
def test_no_model_makes_a_debrief_worse(claims: Callable[[Notes], list[dict[str, str]]]) -> None:
    before, after = figures(None), figures(claims)
    assert {name for name in before if name in NEVER and after[name] > 0} == set()
    assert {name for name in before if name not in NEVER and after[name] < before[name]} == set()
    if claims is good:
        assert after["takeaway recall"] > before["takeaway recall"]
        assert after["competency recall"] > before["competency recall"]


def spoken(task: str, user: str = "<data-abc>\nq\n[1] T: one two.\n</data-abc>") -> Spoken:
    return Spoken(Call(task, "Task: x", user, 1.0), "a b c")


def test_a_turn_costs_what_was_sent_and_a_silent_turn_only_the_transcript() -> None:
    cost = Cost()
    cost.add([spoken("sharpen"), spoken("answer")], "m " * 100, ("sharpen",), "", lambda text: len(text.split()))
    assert cost.by_task == {"sharpen": 2 + 7 + 3 + 8, "answer": 2 + 7 + 3 + 8}
    assert cost.calls == 2
    before = cost.each_turn
    cost.add([], "m " * 200, ("sharpen",), "said in words", lambda text: len(text.split()))
    assert cost.ours == 40
    assert cost.each_turn - before == 200 + (before - 100 - 6 - 4) + 3
    assert cost.each_turn_found == cost.each_turn + 4


def test_shares_are_of_all_requests_that_asked_a_model() -> None:
    one = Measured("a", Cost({"ask": 30}, 90, 100, 60, 1), Cost({"thanks": 10}, 30, 30, 20, 1))
    silent = Measured("b", Cost(), None)
    found = {figure.name: figure.value for figure in measure_tokens([one, silent], "x").figures}
    assert found["tokens a request, to the brief"] == 30
    assert found["share of the transcript each turn, to the brief"] == pytest.approx(1 / 3)
    assert found["share of the transcript each turn, to the end"] == pytest.approx(40 / 120)
    assert found["requests without any call"] == 1


@pytest.mark.slow
def test_a_whole_request_costs_a_third_of_its_transcript_each_turn(tmp_path: Path) -> None:
    """On the project's own scenarios, with the notes of the debrief set where that is at hand."""
    own = Path(__file__).parent / "data" / "scenarios.jsonl"
    (tmp_path / "scenarios.jsonl").write_text("".join(own.read_text("utf-8").splitlines(keepends=True)[::4]), "utf-8")
    found = evaluate_tokens(Job(locate("tokens", tmp_path, "dev", LAYOUTS), "dev", lambda stage, done, total: None))
    shares = {figure.name: figure.value for figure in found.figures if figure.name.startswith("share")}
    whole = shares.get("share of the transcript each turn, to the end")
    assert whole is None or whole <= 1 / 3
    assert all(value and value < 1 for value in shares.values())


def test_the_script_answers_out_of_what_it_is_sent() -> None:
    chat = ScriptedChat({"task": "stop the crazing", "tried": "bought a kiln"})
    pieces = list(
        chat.stream(Call("answer", "", "<data-ab>\nq\n[1] T: One two. Three.\n[2] U: Four.\n</data-ab>", 1.0), lambda u: None)
    )
    assert pieces == ["One two [1]. Three [1]."]
    assert [one.call.task for one in chat.spoken] == ["answer"]
