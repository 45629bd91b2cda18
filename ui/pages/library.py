"""The curator's page: articles and their review state, a search as a mentee would see it, and rebuilding the indexes."""

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
from ui.pages.navigation_bar import BAR_ACTIONS, navigation_bar
from ui.rendering.templates import render

LONGEST_QUESTION = 600
MOST_HITS, MOST_EXPERTS = 6, 4
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
    """The step under way, and how much of it is done."""

    text: str
    percent: int


def regions(context: PageContext, sent: PageInput) -> dict[str, str]:
    return {"bar": navigation_bar(context, "library"), "library": _library(context), "usage": _usage(context)}


def search(context: PageContext, sent: PageInput) -> dict[str, str] | Refusal:
    """Passages and people for a question, and whether Askwell would answer from them."""
    question = sent.get("question")
    refusal = refused_text(question, LONGEST_QUESTION)
    if refusal:
        return refusal
    evidence = context.services.knowledge_service.search(context.actor, question, MOST_HITS)
    experts = context.services.knowledge_service.experts(context.actor, question, MOST_EXPERTS)
    if isinstance(evidence, Refusal) or isinstance(experts, Refusal):
        return evidence if isinstance(evidence, Refusal) else refuse("storage")
    return {"found": _search_results(context, evidence, experts)}


def reindex(context: PageContext, sent: PageInput) -> Iterator[dict[str, str] | Refusal]:
    """Rebuilds the indexes in a thread and yields its progress; the old indexes stay in use meanwhile."""
    steps: queue.Queue[Progress | Refusal | None] = queue.Queue()

    def work() -> None:
        try:
            refusal = context.services.knowledge_service.reindex(context.actor, lambda *at: steps.put(_progress(*at)))
            steps.put(refusal)
        except RetrievalError as error:
            steps.put(not_retrieved(error))
        except StoreUnavailable as error:
            steps.put(not_stored(error))
        except Exception as error:  # without an end the page would wait forever
            note_bug(error)
            steps.put(Refusal("unexpected", say("page.unexpected")))

    threading.Thread(target=work, name="reindex", daemon=True).start()
    while isinstance(step := steps.get(), Progress):
        yield _progress_region(step)
    yield step or _progress_region(Progress(say("cli.reindexed"), 100))


def _search_results(context: PageContext, evidence: Evidence, experts: tuple[ExpertHit, ...]) -> str:
    threshold = context.app.retrieval.search.threshold
    percent = round(100 * max(0.0, min(1.0, evidence.strength)))
    return render(
        "search_results", evidence=evidence, experts=experts, threshold=threshold, percent=percent,
        threshold_percent=round(100 * threshold),
    )  # fmt: skip


def _progress_region(progress: Progress) -> dict[str, str]:
    return {"progress": render("progress", progress=progress)}


def _library(context: PageContext) -> str:
    if not context.actor.roles & {Role.CURATOR, Role.ADMIN}:
        return render("empty_state", sentence=say("library_page.not_yours"))
    today = context.app.clock.now().date()
    listed = context.services.knowledge_service.articles(context.actor)
    articles = () if isinstance(listed, Refusal) else listed
    rows = [ArticleRow(a.id, a.title, a.topics, a.owner, a.reviewed_on, a.is_stale(today)) for a in articles]
    rows.sort(key=lambda row: (not row.stale, row.title.casefold()))
    return render("library", articles=rows, due=sum(row.stale for row in rows))


def _usage(context: PageContext) -> str:
    """Usage and cost of the language model; empty without permission."""
    usage = context.services.usage.read(context.actor)
    return "" if isinstance(usage, Refusal) else render("usage", usage=usage)


def _progress(stage: str, done: int, total: int) -> Progress:
    name = say(f"cli.stage_{stage}") if stage in STAGES else stage
    return Progress(name, round(100 * done / total) if total else 100)


PAGE = Page("library", "/library", regions, BAR_ACTIONS, queries={"search": search}, jobs={"reindex": reindex})
