"""The faults, the steps, and one cell: a step is done while the endpoint has the fault, over real HTTP on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from assistant.adapters.model.resilience.resilient_endpoint import Limits
from assistant.domain.provenance import Fallback, Provenance
from tests.fakes import SPECIFIC, TUESDAY_TEN, FakeApp, done
from tests.model_app import ModelApp, chat_at, model_app
from tests.model_server import FAULTS as PLAYED
from tests.model_server import SECRET, ModelServer, closed_port

SECONDS = 1.2
"""What a turn may wait where the endpoint is late; the product's own default is 7.5."""
PLENTY = 6.0
"""And where it fails in another way: whatever else the machine does, the fault comes first."""
MARGIN = 2.0
CLOSED = "closed port"
FAULTS = (CLOSED, *PLAYED)
CODES: dict[str, Fallback] = {
    CLOSED: "unreachable", "timeout": "late", "401": "refused", "404": "no_model", "429": "busy", "quota": "quota",
    "500": "fault", "empty": "empty", "cut": "cut", "malformed": "unreadable", "not_json": "unreadable",
    "wrong_schema": "wrong_shape", "big": "too_large", "drip": "late", "redirect": "unreadable", "html": "unreadable",
}  # fmt: skip
NOTES = """takeaway: Start with the ask
action: I will rewrite slide one
competency: wrote an opening
We looked at the old deck together."""
"""The rules note all but the last line, which is left to the model."""


@dataclass(frozen=True)
class Got:
    """What a person gets of a step, and which way it came."""

    words: str
    provenance: Provenance


@dataclass(frozen=True)
class Step:
    """`before` brings a request to the step with an endpoint that works; `act` does it. `after`: pieces of a stream that come."""

    task: str
    before: Callable[[ModelApp], str]
    act: Callable[[FakeApp, str], Got]
    after: int = 0


@dataclass(frozen=True)
class Cell:
    """What happened: the code of the fallback, how long it took, and why it is not as it should be ("" where it is)."""

    step: str
    fault: str
    code: str
    seconds: float
    wrong: str = ""


def expected(step: str, fault: str) -> Fallback:
    """A stream of text has no form to miss: words that answer nothing are an abstention of the model, and no fault."""
    streamed: dict[str, Fallback] = {"not_json": "", "wrong_schema": "unreadable"}
    return streamed.get(fault, CODES[fault]) if step.startswith(("answer", "sharpen")) else CODES[fault]


def allowed(step: str, fault: str) -> float:
    """Seconds that the turn may wait for the model."""
    return SECONDS if expected(step, fault) == "late" else PLENTY


def run(name: str, fault: str, server: ModelServer) -> Cell:
    """One cell on services of its own."""
    step = STEPS[name]
    server.fault, server.after, server.pause = "", 0, SECONDS + 2 * MARGIN
    server.faults.clear()
    with model_app(server.url, Limits(allowed(name, fault))) as made:
        request = step.before(made)
        plain = made.wired.load(request)
        if fault == CLOSED:
            made.chat.to = chat_at(closed_port())
            made.chat.to.ready(30)
        else:
            server.faults[step.task], server.after = fault, step.after
        begun = time.monotonic()
        got = step.act(made.wired, request)
        seconds = time.monotonic() - begun
        wrong = _wrong(name, fault, got, seconds, made.wired.ports.picture())
        if fault == CLOSED:
            made.chat.to.close()
        assert made.wired.load(request).mentee == plain.mentee
    return Cell(name, fault, got.provenance.fallback, seconds, wrong)


def _wrong(step: str, fault: str, got: Got, seconds: float, picture: str) -> str:
    code = got.provenance.fallback
    faults = {
        "nothing was said": not got.words.strip(),
        f"the code is {code!r}": code != expected(step, fault),
        f"it took {seconds:.1f} s": seconds > allowed(step, fault) + MARGIN,
        "the vendor's words were kept": SECRET in picture or SECRET in got.words,
    }
    return "; ".join(what for what, is_so in faults.items() if is_so)


# The steps.


def _replied(wired: FakeApp, request: str, words: str) -> Got:
    reply = wired.say(request, words).reply
    assert reply is not None
    return Got(reply.say + (reply.sharp_question or reply.question), reply.provenance)


def _sharp(wired: FakeApp, request: str) -> Got:
    return _replied(wired, request, SPECIFIC)


def _chosen(wired: FakeApp, request: str) -> Got:
    after = done(wired.briefing.choose(wired.actor("lena"), request, "ada"))
    drafted = wired.ledger.events(request)[-1]
    return Got(after.brief.field("question").text if after.brief else "", getattr(drafted, "provenance"))  # noqa: B009


def _noted(wired: FakeApp, request: str) -> Got:
    after = done(wired.debriefing.note(wired.actor("lena"), request, NOTES))
    assert after.debrief is not None
    return Got(" ".join(item.text for item in after.debrief.items), after.debrief.provenance)


def _kept(name: str) -> Callable[[FakeApp, str], Got]:
    def act(wired: FakeApp, request: str) -> Got:
        closing_draft = done(getattr(wired.closing_drafts, name)(wired.actor("lena"), request))
        return Got(closing_draft.text, closing_draft.provenance)

    return act


def _opened(made: ModelApp) -> str:
    return made.wired.open()


def _confirmed(made: ModelApp) -> str:
    request = made.wired.open()
    made.wired.say(request, SPECIFIC)
    done(made.wired.conversation.confirm(made.wired.actor("lena"), request))
    return request


def _held(made: ModelApp) -> str:
    wired, lena = made.wired, made.wired.actor("lena")
    request = _confirmed(made)
    done(wired.briefing.choose(lena, request, "ada"))
    done(wired.briefing.ready_to_note(lena, request))
    done(wired.briefing.in_person(lena, request, "background"))
    done(wired.briefing.in_person(lena, request, "success"))
    done(wired.briefing.approve(lena, request, wired.brief_hash(request)))
    done(wired.handoff.accept(wired.mentor("ada"), request, TUESDAY_TEN))
    made.clock.set(TUESDAY_TEN + timedelta(hours=1))
    done(wired.sessions.held(lena, request))
    return request


def _over(made: ModelApp) -> str:
    wired, request = made.wired, _held(made)
    done(wired.debriefing.note(wired.actor("lena"), request, NOTES))
    done(wired.debriefing.confirm(wired.actor("lena"), request))
    done(wired.debriefing.confirm(wired.mentor("ada"), request))
    done(wired.debriefing.finish(wired.actor("lena"), request))
    return request


STEPS: dict[str, Step] = {
    "sharpen": Step("sharpen", _opened, _sharp),
    "answer": Step("answer", _opened, _sharp),
    "answer, midway": Step("answer", _opened, _sharp, after=2),
    "brief": Step("brief", _confirmed, _chosen),
    "debrief": Step("debrief", _held, _noted),
    "thanks": Step("thanks", _over, _kept("thanks")),
    "article": Step("article", _over, _kept("article")),
}
