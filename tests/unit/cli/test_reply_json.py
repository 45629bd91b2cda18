"""The JSON of an answer: exactly the agreed keys, pure data, nothing where there is nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from assistant.cli.reply_json import answer_json, refusal_json
from assistant.domain.mentor import Citation, Match
from assistant.domain.need import Need, Slot
from assistant.domain.provenance import Provenance
from assistant.domain.reply import Asks, Reply, Sentence
from assistant.domain.request import Request
from assistant.domain.schedule import TimeSlot
from assistant.domain.stages import Ready, Sharpening
from assistant.services.results import refuse

KEYS = ["stage", "owner", "kind", "say", "question", "asks", "options", "need", "sharp_question", "answer", "citations",
        "experts", "next_step", "provenance"]  # fmt: skip
MATCH = Match("m1", "Ada", "Controller", "Finance", "senior", 0.75, "Works with budgets.", "I did it.", ("budgets",),
              next_slot=TimeSlot(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), 30), lowered=("Busy.", "Far away."))  # fmt: skip
REQUEST = Request("r1", "lena", version=3)


def test_a_question() -> None:
    reply = Reply(("m",), "So? Which part?", "Which part?", Asks("facet", "part"), ("a", "b"), "because")
    need = Need({"task": Slot("the deck", "my deck"), "deadline": Slot("by Friday", "by Friday", date(2026, 11, 27))})
    found = answer_json(replace(REQUEST, need=need), reply, "Answer.")
    assert list(found) == KEYS
    assert (found["stage"], found["owner"], found["kind"]) == ("sharpening", "assistant", "vague")
    assert found["asks"] == {"kind": "facet", "name": "part"}
    assert found["options"] == ["a", "b"]
    assert found["need"] == {
        "task": {"value": "the deck", "quote": "my deck"},
        "deadline": {"value": "by Friday", "quote": "by Friday", "due": "2026-11-27"},
    }
    assert json.loads(json.dumps(found)) == found


def test_a_proposal_shows_passages_and_people() -> None:
    citation = Citation("a1", "a1#0", "Title", "exact words", 3, 14)
    reply = Reply(
        ("m",), "Then this.", sharp_question="How?", citations=(citation,), matches=(MATCH, replace(MATCH, next_slot=None))
    )
    found = answer_json(replace(REQUEST, stage=Sharpening("How?")), reply, "Confirm.")
    assert found["owner"] == "mentee"
    assert found["citations"] == [{"article": "a1", "passage": "a1#0", "quote": "exact words"}]
    first, second = found["experts"]
    assert first == {"id": "m1", "score": 0.75, "reason": "Works with budgets.", "quote": "I did it.",
                     "skills": ["budgets"], "lowered": ["Busy.", "Far away."], "second_perspective": False,
                     "next_slot": "2026-11-24T09:00:00+00:00"}  # fmt: skip
    assert second["next_slot"] is None


def test_an_answer_cites_and_says_which_way_it_came() -> None:
    citation = Citation("a1", "a1#0", "Title", "exact words", 3, 14)
    came = Provenance("model", "", ("answer@1",), "small")
    reply = Reply(("m",), "This.", citations=(citation,), answer=(Sentence("So it is.", (1,)),), provenance=came)
    found = answer_json(REQUEST, reply, "Confirm.")
    assert found["answer"] == [{"text": "So it is.", "cites": [1]}]
    assert found["provenance"] == {"way": "model", "fallback": "", "prompts": ["answer@1"], "model": "small"}
    plain = answer_json(REQUEST, Reply(("m",), "So?"), "Answer.")
    assert (plain["answer"], plain["provenance"]["way"]) == ([], "offline")


def test_silence_is_a_status() -> None:
    found = answer_json(replace(REQUEST, stage=Ready("How?")), Reply((), "I stored your message."), "Wait.")
    assert (found["say"], found["sharp_question"], found["asks"]) == ("I stored your message.", "How?", None)


def test_only_a_refusal_says_so() -> None:
    found = refusal_json(REQUEST, refuse("empty"), "Answer.")
    assert list(found) == [*KEYS, "refused"]
    assert found["refused"] == "empty"
    assert found["say"] == refuse("empty").say
