"""The curator's page: the articles with their state, a playground that shows what a mentee would get, fresh indexes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.cli.logs import note_bug
from assistant.ports import StoreUnavailable
from assistant.services.access import Role
from assistant.services.results import Refusal, not_stored, refuse
from assistant.services.retrieval_refusals import not_retrieved
from assistant.services.texts import refused_text
from assistant.services.wording import say
from retrieval.errors import RetrievalError
from retrieval.experts import ExpertHit
from retrieval.search import Evidence
from ui.desk import Desk, Page, Sent
from ui.draw import draw
from ui.pages.bar import BAR_ACTS, bar

LONGEST_QUESTION = 600
HITS, EXPERTS = 6, 4
STAGES = ("articles", "mentors", "embedding", "index")


@dataclass(frozen=True)
class Row:
    id: str
    title: str
    topics: tuple[str, ...]
    owner: str
    reviewed_on: date
    stale: bool


@dataclass(frozen=True)
class Progress:
    """What is being done, and how much of it in percent."""

    text: str
    share: int


def regions(desk: Desk, sent: Sent) -> dict[str, str]:
    return {"bar": bar(desk, "library"), "library": _library(desk), "usage": _usage(desk)}


def search(desk: Desk, sent: Sent) -> dict[str, str] | Refusal:
    """The playground with the passages and people for a question, and whether the base would answer."""
    question = sent.get("question")
    refusal = refused_text(question, LONGEST_QUESTION)
    if refusal:
        return refusal
    evidence = desk.app.curation.search(desk.actor, question, HITS)
    experts = desk.app.curation.experts(desk.actor, question, EXPERTS)
    if isinstance(evidence, Refusal) or isinstance(experts, Refusal):
        return evidence if isinstance(evidence, Refusal) else refuse("storage")
    return {"found": _found(desk, evidence, experts)}


def reindex(desk: Desk, sent: Sent) -> Iterator[dict[str, str] | Refusal]:
    """Rebuilds the indexes and shows how far it is; the old ones serve meanwhile."""
    told: queue.Queue[Progress | Refusal | None] = queue.Queue()

    def work() -> None:
        try:
            refusal = desk.app.curation.reindex(desk.actor, lambda *at: told.put(_progress(*at)))
            told.put(refusal)
        except RetrievalError as error:
            told.put(not_retrieved(error))
        except StoreUnavailable as error:
            told.put(not_stored(error))
        except Exception as error:  # the page waits for an end, whatever it is
            note_bug(error)
            told.put(Refusal("unexpected", say("page.unexpected")))

    threading.Thread(target=work, name="reindex", daemon=True).start()
    while isinstance(step := told.get(), Progress):
        yield _drawn(step)
    yield step or _drawn(Progress(say("cli.reindexed"), 100))


def _found(desk: Desk, evidence: Evidence, experts: tuple[ExpertHit, ...]) -> str:
    threshold = desk.app.retrieval.search.threshold
    share = round(100 * max(0.0, min(1.0, evidence.strength)))
    return draw(
        "found", evidence=evidence, experts=experts, threshold=threshold, share=share, mark=round(100 * threshold)
    )  # fmt: skip


def _drawn(progress: Progress) -> dict[str, str]:
    return {"progress": draw("progress", progress=progress)}


def _library(desk: Desk) -> str:
    if not desk.actor.roles & {Role.CURATOR, Role.ADMIN}:
        return draw("empty", words=say("library_page.not_yours"))
    today = desk.app.clock.now().date()
    listed = desk.app.curation.articles(desk.actor)
    articles = () if isinstance(listed, Refusal) else listed
    rows = [Row(a.id, a.title, a.topics, a.owner, a.reviewed_on, a.is_stale(today)) for a in articles]
    rows.sort(key=lambda row: (not row.stale, row.title.casefold()))
    return draw("library", articles=rows, due=sum(row.stale for row in rows))


def _usage(desk: Desk) -> str:
    """What the language model did and cost; nothing for whoever may not know."""
    found = desk.app.usage.read(desk.actor)
    return "" if isinstance(found, Refusal) else draw("usage", usage=found)


def _progress(stage: str, done: int, total: int) -> Progress:
    name = say(f"cli.stage_{stage}") if stage in STAGES else stage
    return Progress(name, round(100 * done / total) if total else 100)


PAGE = Page("library", "/library", regions, BAR_ACTS, parts={"search": search}, works={"reindex": reindex})
