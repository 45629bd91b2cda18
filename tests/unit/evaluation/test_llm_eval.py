"""What `make eval-llm` counts, without a model: inventions seen from the outside, calls on the wire, cases on both sides."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from assistant.adapters.model.resilience.breaker import Breaker
from assistant.bootstrap import App
from assistant.domain.debrief import Debrief, Item
from assistant.domain.mentor import Citation
from assistant.domain.need import Facet, Need, Slot
from assistant.domain.provenance import Provenance
from assistant.domain.reply import Reply
from assistant.domain.request import Message, Request
from assistant.evaluation.debrief import Notes, Structured
from assistant.evaluation.figures import Figure, Wanted
from assistant.evaluation.stage import STANDSTILL
from tests.evals.lab.mentee import Said
from tests.evals.lab.play import Played, Step
from tests.evals.lab.scenarios import Scenario
from tests.llm import sides
from tests.llm.journey import Watch
from tests.llm.meter import Call, metered
from tests.llm.play import Comparison, Outcome
from tests.llm.report import Row, as_data, page, rows
from tests.llm.sections import Section, spread
from tests.llm.serving import translated
from tests.llm.truth import foreign_facts, invented_actions, invented_slots, unresolved

OPENING = "I must cut the board deck to 6 slides by Friday, not the appendix."
SCENARIO = Scenario("x", "", "", "vague", OPENING, {}, {}, "", (), frozenset(), ())


def played(need: Need, reply: Reply | None = None) -> Played:
    after = Request("r", need=need, messages=(Message("m0", "lena", OPENING, STANDSTILL),))
    return Played(SCENARIO, (Step(Said(OPENING), reply or Reply(("m0",), ""), after),))


@pytest.mark.parametrize(
    ("slot", "count"),
    [(Slot("cut the board deck", "cut the board deck"), 0), (Slot("board deck", "cut the board deck"), 0),
     (Slot("rewrite the deck", "cut the board deck"), 1), (Slot("the appendix", "not the appendix"), 1),
     (Slot("save the company", "save the company"), 1), (Slot("", ""), 1)],
)  # fmt: skip
def test_a_slot_says_what_its_quote_says_and_the_quote_is_his(slot: Slot, count: int) -> None:
    assert len(invented_slots(played(Need({"task": slot})))) == count


def test_a_day_is_the_one_that_the_quote_names() -> None:
    right = Slot("by Friday", "by Friday", date(2026, 11, 27))
    assert invented_slots(played(Need({"deadline": right}))) == []
    assert len(invented_slots(played(Need({"deadline": replace(right, due=date(2026, 12, 24))})))) == 1


def test_a_part_was_written_or_offered() -> None:
    need = Need(facets=(Facet("part", "the order"),))
    assert invented_slots(played(need)) == ["the order"]
    assert invented_slots(played(need, Reply(("m0",), "", options=("The order",)))) == []


def test_numbers_and_names_in_the_question_are_his() -> None:
    reply = Reply(("m0",), "", sharp_question="How do I cut the board deck to 6 slides for Odile by Friday, or 12?")
    assert foreign_facts(played(Need(), reply)) == ["12", "Odile"]


def test_a_citation_stands_in_the_article_and_a_marker_has_its_citation() -> None:
    cited = Citation("a", "p", "Title", "one decision", 4, 16)
    steps = played(Need(), Reply(("m0",), "Start with it [1].", citations=(cited,))).steps
    assert unresolved(steps, {"a": "Say one decision."}) == []
    assert unresolved(steps, {"a": "Say no decisions."}) == ["one decision"]
    assert unresolved(played(Need(), Reply(("m0",), "Start [2].", citations=(cited,))).steps, {"a": "Say one decision."}) == [
        "[2]"
    ]


def test_an_action_says_what_its_quote_says_on_a_day_of_the_notes() -> None:
    text = "I send the draft by Friday. I did not call him."
    notes = Notes("d", date(2026, 11, 23), "", (), text, "mentee", {}, (), (), ())
    good = Item("action", "send the draft by Friday", "I send the draft by Friday", "mentee", date(2026, 11, 27))
    bad = (replace(good, due=date(2026, 12, 1)), replace(good, text="send the contract"), replace(good, quote="I pay"),
           Item("action", "call him", "did not call him"))  # fmt: skip

    def found(*items: Item) -> int:
        return len(invented_actions(Structured(notes, Debrief(items), Debrief(items))))

    assert found(good) == 0
    assert [found(item) for item in bad] == [1, 1, 1, 1]


def test_a_schema_reaches_the_server_in_its_own_form() -> None:
    asked = {"model": "m", "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}}
    told = json.loads(translated(json.dumps(asked).encode()))
    assert told == {"model": "m", "response_format": {"type": "json_object", "schema": {"type": "object"}}}
    for other in (b'{"model": "m"}', b"[]", b"no json", b'{"response_format": {"type": "json_object"}}'):
        assert translated(other) == other


def test_a_sample_is_spread_over_the_groups_and_always_the_same() -> None:
    cases = [f"{kind}{n}" for n in range(10) for kind in "ab"]
    some = spread(cases, 4, lambda case: case[0])
    assert [case[0] for case in some] == ["a", "a", "b", "b"]
    assert some == spread(cases, 4, lambda case: case[0])
    assert len(spread(cases, 99, str)) == 20


def test_what_must_be_nothing_is_broken_by_one() -> None:
    zero = Wanted(0, "at most")
    assert Row("x", (Figure("invented", 0, 9, zero), Figure("invented", 1, 9, zero))).broken
    assert not Row("x", (Figure("invented", 0, 9, zero), Figure("F1", 0.1, 9, Wanted(0.6)))).broken


def compared() -> tuple[Section, Comparison]:
    """One question on both sides: offline, and with a model whose second answer was late."""
    by_model = Provenance("model", "", ("answer@1", "ask@1"), "m")
    late = Provenance(fallback="late")

    def section(result: tuple[Provenance, ...]) -> list[Figure]:
        return [Figure("invented", 0, len(result), Wanted(0, "at most"), 0)]

    calls = (Call("answered", 2.0, 0.5, "json_schema", True, 100, 20, True), Call("hung up", 4.0))
    sides = {"offline": [Outcome((Provenance(), Provenance()), (), 0.1)], "m": [Outcome((by_model, late), calls, 7.0)]}
    played = Section("answers", (), lambda app, watch, case: None, lambda done: section(done[0]), lambda result: result)
    return played, Comparison(tuple(sides), {"answers": 1}, {"answers": sides})


def test_which_way_the_words_came_and_what_they_cost() -> None:
    section, found = compared()
    told = {row.figures[0].name: row.figures for row in rows([section], found)}
    assert [(f.value, f.note) for f in told["share in which the model had part"]] == [(0.0, ""), (0.5, "answer: 1, ask: 1")]
    assert [(f.value, f.note) for f in told["share of which a part was done offline instead"]] == [(0.0, ""), (0.5, "late: 1")]
    assert told["share without an answer"][1].note == "hung up: 1"
    assert (told["seconds a call, mean"][1].value, told["seconds a case, mean"][1].value) == (3.0, 7.0)
    assert (told["tokens a case"][1].value, "counted" in told["tokens sent a call"][1].note) == (120, True)


def test_nothing_is_said_of_ways_where_no_side_has_a_model() -> None:
    section, found = compared()
    alone = Comparison(("offline",), found.cases, {"answers": {"offline": found.outcomes["answers"]["offline"]}})
    assert [row.section for row in rows([section], alone)] == ["answers"]


def test_a_comparison_becomes_a_page() -> None:
    section, found = compared()
    data = as_data(found, rows([section], found), {"name": "m", "sha256": "abc", "seconds": 60.0})
    text = page(json.loads(json.dumps(data)))
    assert date.today().isoformat() in text
    assert "m (weights SHA-256 `abc`), 60 s a turn at most; 1 answers" in text
    assert "| measure | wanted | offline | of | m | of | note |\n|---|---|---|---|---|---|---|" in text
    assert "| answers: invented | <= 0 | 0 | 2 | 0 | 2 |  |" in text
    assert "| answers: which way: share of which a part was done offline instead |  | 0.000 | 2 | 0.500 | 2 | late: 1 |" in text


def test_what_only_tells_does_not_make_outcomes_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sides, "ROOT", tmp_path)
    folder = tmp_path / "tests" / "llm"
    folder.mkdir(parents=True)
    (folder / "report.py").write_text("1")
    (folder / "play.py").write_text("1")
    before = sides.fingerprint()
    (folder / "report.py").write_text("2")
    assert sides.fingerprint() == before
    (folder / "play.py").write_text("2")
    assert sides.fingerprint() != before


class _Model(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(asked.get("pause", 0))
        self.send_response(asked.get("status", 200))
        self.end_headers()
        usage = {"usage": {"prompt_tokens": 7, "completion_tokens": 3}}
        piece = b'data: {"choices": [{"delta": {"content": "hi"}}]}\n\n'
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(piece * 4 if asked.get("stream") else json.dumps(usage).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Model)
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_address[1]}/v1"
    http.shutdown()
    http.server_close()


def ask(url: str, seconds: float = 5, **asked: object) -> bytes:
    request = urllib.request.Request(f"{url}/chat/completions", json.dumps(asked).encode(), {"Content-Type": "application/json"})
    with suppress(OSError), urllib.request.urlopen(request, timeout=seconds) as answer:
        return bytes(answer.read())
    return b""


def test_calls_are_counted_and_passed_on(endpoint: str) -> None:
    with metered(endpoint) as meter:
        assert b"usage" in ask(meter.url, response_format={"type": "json_object"})
        assert ask(meter.url, stream=True).count(b"data:") == 4
        ask(meter.url, status=429)
        ask(meter.url, 0.1, pause=0.5)
        calls = meter.take()
    assert [(call.ended, call.asked) for call in calls] == [
        ("answered", "json_object"), ("answered", "text"), ("429", "text"), ("hung up", "text"),
    ]  # fmt: skip
    assert (calls[0].prompt_tokens, calls[0].answer_tokens) == (7, 3)
    assert (calls[1].prompt_tokens, calls[1].answer_tokens) == (None, 4)
    assert calls[1].first is not None
    assert not any(call.counted for call in calls)


def test_what_the_endpoint_does_not_tell_is_counted(endpoint: str) -> None:
    with metered(endpoint) as meter:
        ask(
            meter.url,
            stream=True,
            messages=[{"role": "system", "content": "Ask back."}, {"role": "user", "content": "The glaze."}],
        )
        (call,) = meter.take()
    assert call.counted
    assert 4 <= (call.prompt_tokens or 0) <= 8


def test_each_case_meets_an_endpoint_that_does_not_rest(endpoint: str) -> None:
    wired = SimpleNamespace(breaker=Breaker(time.monotonic))
    wired.breaker.settle(0, "refused")
    assert wired.breaker.resting
    with metered(endpoint) as meter:
        ask(meter.url)
        side = sides.Side("m", cast(App, SimpleNamespace(resilient=wired)), Watch(), "", meter)
        side.ready()
        assert (wired.breaker.resting, meter.take()) == (False, ())


def test_an_endpoint_that_is_not_there() -> None:
    with metered("http://127.0.0.1:9/v1") as meter:
        ask(meter.url)
        assert [call.ended for call in meter.take()] == ["unreachable"]
