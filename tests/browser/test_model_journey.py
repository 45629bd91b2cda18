"""A whole server whose language model is on this machine: tokens reach the page, a failure is said quietly, and it comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assistant.domain.provenance import Provenance
from assistant.services.conversing.status_text import provenance_text, say
from tests.browser.conftest import Site
from tests.browser.scenes import KNOWN, Stage
from tests.browser.visitor import Visitor
from tests.model_server import KEY, MODEL, SECRET, ModelServer, model_server

GROWING = ".partial-answer .sentence"
ANSWERED = ".passages:not(.partial-answer) .answer .sentence"
PACE = 0.12


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture(scope="module")
def site(make_site: Callable[..., Site], model: ModelServer) -> Site:
    """The module's own server, told of the model by its environment alone."""
    return make_site(ASKWELL_LLM_BASE_URL=model.url, ASKWELL_LLM_API_KEY=KEY, ASKWELL_LLM_MODEL=MODEL, ASKWELL_LLM_SECONDS="20")


@pytest.fixture(autouse=True)
def well(model: ModelServer) -> None:
    model.fault, model.pace = "", 0.0
    model.faults.clear()
    model.seen.clear()


def test_an_answer_streams_from_the_model_to_the_page(visit: Callable[..., Visitor], model: ModelServer, record: Stage) -> None:
    model.pace = PACE
    lena = visit("lena")
    lena.send(KNOWN)
    lena.page.wait_for_selector(GROWING)
    grown = lena.text(GROWING)
    assert record.app.services.ledger.load(lena.request).pending, "the first words are there before the turn is answered"
    lena.page.wait_for_selector(ANSWERED)
    reply = record.app.services.ledger.load(lena.request).replies[-1]
    shown = [text.partition("\u00a0[")[0].strip() for text in lena.page.locator(ANSWERED).all_inner_texts()]
    assert shown == [sentence.text for sentence in reply.answer]
    assert grown.split("\u00a0")[0].strip().rstrip(".")[:12] in shown[0]
    assert reply.provenance.way == "model"
    assert any(prompt.startswith("answer@") for prompt in reply.provenance.prompts)
    lena.see(provenance_text(reply.provenance))
    lena.page.locator(f"{ANSWERED} a").first.click()
    lena.page.wait_for_selector("mark")


def test_a_failure_in_the_middle_is_said_quietly_and_the_next_turn_is_the_models_again(
    visit: Callable[..., Visitor], model: ModelServer, record: Stage
) -> None:
    lena = visit("lena")
    model.fault = "500"
    lena.say(KNOWN)
    reply = record.app.services.ledger.load(lena.request).replies[-1]
    assert (reply.provenance.way, reply.provenance.fallback) == ("offline", "fault")
    lena.see(provenance_text(reply.provenance))
    assert SECRET not in lena.page.content()
    model.fault = ""
    lena.go("/")
    lena.say(KNOWN)
    again = record.app.services.ledger.load(lena.request).replies[-1]
    assert again.provenance.way == "model"


def test_who_has_switched_it_off_is_answered_offline_and_nothing_is_sent(
    visit: Callable[..., Visitor], model: ModelServer, record: Stage
) -> None:
    lena = visit("lena")
    done = record.app.services.people.switch_model(record.actor("lena"), False)
    assert not hasattr(done, "code")
    try:
        lena.say(KNOWN)
        reply = record.app.services.ledger.load(lena.request).replies[-1]
        assert reply.provenance == Provenance("offline", "switched_off")
        assert model.seen == []
    finally:
        record.app.services.people.switch_model(record.actor("lena"), True)
    assert say("fallback_reason.switched_off") in provenance_text(reply.provenance)
