"""Every event survives the store exactly, whatever is in it."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.adapters.store.event_codec import UnknownEvent, decode, encode
from assistant.domain import events as e
from assistant.domain.mentor import Match
from assistant.domain.need import Facet, Need, Slot
from assistant.domain.reply import Asks, Kind, Reply

st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.mark.parametrize("kind", e.EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_comes_back_equal(kind: type[e.Event]) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_type(kind))
    def round_trip(event: e.Event) -> None:
        back = decode(*encode(event))
        assert back == event
        assert type(back) is kind
        assert back.at.utcoffset() == timedelta(0)

    round_trip()


def test_collections_and_enums_keep_their_types() -> None:
    need = Need({"task": Slot("slides", "my slides", date(2026, 11, 26), ("deck",))}, (Facet("part", "storyline", True),),
                frozenset({"tried"}), frozenset({"outcome"}))  # fmt: skip
    changed = decode(*encode(e.NeedChanged(at=NOW, actor="ana", need=need, kind=Kind.SPECIFIC)))
    assert isinstance(changed, e.NeedChanged)
    assert changed.need == need
    assert changed.kind is Kind.SPECIFIC
    assert [type(getattr(changed.need, f.name)) for f in fields(Need)] == [dict, tuple, frozenset, frozenset, tuple]
    assert type(changed.need.slots["task"].due) is date
    replied = decode(*encode(e.Replied(at=NOW, actor="askwell", reply=Reply(("m1",), "Hello.", asks=Asks("slot", "task")))))
    assert isinstance(replied, e.Replied)
    assert replied.reply.to == ("m1",)
    assert isinstance(replied.reply.asks, Asks)


@pytest.mark.parametrize("text", ["", "naïve 日本語 🙂 \u202e", "a\x00b\x1f\x7f", '"\\ {}</script>', "x" * 20_000])
def test_text_is_kept_to_the_character(text: str) -> None:
    said = e.Said(at=NOW, actor="ana", message_id="m1", text=text)
    assert decode(*encode(said)) == said


def test_names_are_those_of_the_stage_diagram() -> None:
    assert encode(e.OneMoreAsked(at=NOW, actor="ben", mentor="ben", ask="Which?", due=NOW))[0] == "one_more_asked"
    assert len({encode_name(kind) for kind in e.EVENTS}) == len(e.EVENTS)


def test_a_field_added_later_takes_its_default() -> None:
    opened = decode("opened", '{"at": "2026-11-22T09:30:15Z", "actor": "ana", "mentee": "ana", "gone": 1}')
    assert opened == e.Opened(at=datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC), actor="ana", mentee="ana")


@pytest.mark.parametrize(("name", "body"), [("teleported", "{}"), ("said", "{}"), ("said", "not json"), ("solved", "[]")])
def test_what_cannot_be_read_is_named(name: str, body: str) -> None:
    with pytest.raises(UnknownEvent, match=name):
        decode(name, body)


def test_text_that_is_not_unicode_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        encode(e.Said(at=NOW, actor="ana", message_id="m1", text="\ud800"))


def encode_name(kind: type[e.Event]) -> str:
    from assistant.domain.stages import name_of

    return name_of(kind)


def test_a_match_that_was_stored_before_it_said_what_lowered_it_is_still_read() -> None:
    new = e.MentorsMatched(at=NOW, actor="askwell", matches=(Match("m1", "Ada", "t", "d", "senior", 0.5, "r", "q", ("x",)),))
    name, body = encode(new)
    old = json.loads(body)
    del old["matches"][0]["lowered"]
    assert decode(name, json.dumps(old)) == new
