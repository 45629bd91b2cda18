"""The curator's page: the articles with their state, a playground that shows what a mentee would get, fresh indexes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.logs import note_bug
from assistant.ports import StoreUnavailable
from assistant.services.accounts.access import Role
from assistant.services.content.retrieval_refusals import not_retrieved
from assistant.services.conversing.message_text import refused_text
from assistant.services.conversing.status_text import say
from assistant.services.results import Refusal, not_stored, refuse
from retrieval.errors import RetrievalError
from retrieval.passages.search import Evidence
from retrieval.people.experts import ExpertHit
from ui.page_context import Page, PageContext, PageInput
from ui.pages.bar import BAR_ACTS, bar
from ui.rendering.templates import draw

LONGEST_QUESTION = 600
HITS, EXPERTS = 6, 4
STAGES = ("articles", "mentors", "embedding", "index")


@dataclass(frozen=True)
class ArticleRow:
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


def regions(context: PageContext, sent: PageInput) -> dict[str, str]:
    return {"bar": bar(context, "library"), "library": _library(context), "usage": _usage(context)}


def search(context: PageContext, sent: PageInput) -> dict[str, str] | Refusal:
    """The playground with the passages and people for a question, and whether the base would answer."""
    question = sent.get("question")
    refusal = refused_text(question, LONGEST_QUESTION)
    if refusal:
        return refusal
    evidence = context.app.services.knowledge_service.search(context.actor, question, HITS)
    experts = context.app.services.knowledge_service.experts(context.actor, question, EXPERTS)
    if isinstance(evidence, Refusal) or isinstance(experts, Refusal):
        return evidence if isinstance(evidence, Refusal) else refuse("storage")
    return {"found": _found(context, evidence, experts)}


def reindex(context: PageContext, sent: PageInput) -> Iterator[dict[str, str] | Refusal]:
    """Rebuilds the indexes and shows how far it is; the old ones serve meanwhile."""
    told: queue.Queue[Progress | Refusal | None] = queue.Queue()

    def work() -> None:
        try:
            refusal = context.app.services.knowledge_service.reindex(context.actor, lambda *at: told.put(_progress(*at)))
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


def _found(context: PageContext, evidence: Evidence, experts: tuple[ExpertHit, ...]) -> str:
    threshold = context.app.retrieval.search.threshold
    share = round(100 * max(0.0, min(1.0, evidence.strength)))
    return draw(
        "found", evidence=evidence, experts=experts, threshold=threshold, share=share, mark=round(100 * threshold)
    )  # fmt: skip


def _drawn(progress: Progress) -> dict[str, str]:
    return {"progress": draw("progress", progress=progress)}


def _library(context: PageContext) -> str:
    if not context.actor.roles & {Role.CURATOR, Role.ADMIN}:
        return draw("empty", words=say("library_page.not_yours"))
    today = context.app.clock.now().date()
    listed = context.app.services.knowledge_service.articles(context.actor)
    articles = () if isinstance(listed, Refusal) else listed
    rows = [ArticleRow(a.id, a.title, a.topics, a.owner, a.reviewed_on, a.is_stale(today)) for a in articles]
    rows.sort(key=lambda row: (not row.stale, row.title.casefold()))
    return draw("library", articles=rows, due=sum(row.stale for row in rows))


def _usage(context: PageContext) -> str:
    """What the language model did and cost; nothing for whoever may not know."""
    found = context.app.services.usage.read(context.actor)
    return "" if isinstance(found, Refusal) else draw("usage", usage=found)


def _progress(stage: str, done: int, total: int) -> Progress:
    name = say(f"cli.stage_{stage}") if stage in STAGES else stage
    return Progress(name, round(100 * done / total) if total else 100)


PAGE = Page("library", "/library", regions, BAR_ACTS, parts={"search": search}, works={"reindex": reindex})
