"""Commands for the knowledge base and the mentors: search, import content, rebuild the indexes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.command_context import CommandContext, acting, granted
from assistant.cli.command_errors import NotPossible, Refused
from assistant.cli.progress import shown
from assistant.cli.screen import Screen
from assistant.services.conversing.status_text import joined, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.importing.import_report import Problem
    from retrieval.indexing.cost import Cost
    from retrieval.indexing.unit_embedding import Progress

MOST_PROBLEMS = 200
"""Lines of each kind that the report of an import prints."""


def search(login: str | None, question: str, count: int) -> None:
    """Shows the passages that answer the question with their quotes, or says that there are none."""
    with acting(login, sample=True) as context:
        found = granted(context.app.services.knowledge_service.search(context.actor, question, count))
        screen = Screen(context.actor.time_zone)
        if not found.known:
            screen.line(say("propose.unknown"))
            return
        for number, hit in enumerate(found.hits, 1):
            screen.line(f"{number}  {hit.passage.title}  ({hit.passage.article_id}, {hit.score:.2f})", "bold")
            screen.quiet(" / ".join(dict.fromkeys(hit.passage.headings)))
            screen.quote(hit.quote)


def experts(login: str | None, question: str, count: int) -> None:
    """Shows mentors, each with a quoted sentence of their evidence."""
    with acting(login, sample=True) as context:
        found = granted(context.app.services.knowledge_service.experts(context.actor, question, count))
        screen = Screen(context.actor.time_zone)
        if not found:
            context.tell("cli.no_experts")
        for number, hit in enumerate(found, 1):
            screen.line(f"{number}  {hit.profile.name}  ({hit.profile.id}, {hit.score:.2f})", "bold")
            screen.quiet(", ".join(filter(None, [hit.profile.title, hit.profile.department])))
            if hit.skills:
                screen.quiet(say("match.reason_skills", skills=joined(hit.skills)))
            if hit.quote:
                screen.quote(hit.quote)


def ingest(login: str | None, path: Path) -> None:
    """Prints how much was imported, and file and line of every problem; exits with 1 if a record was refused."""
    with acting(login) as context:
        with shown() as progress:
            report = granted(context.app.services.knowledge_service.ingest(context.actor, path, progress))
        context.tell("cli.ingested_articles", added=report.articles_added, changed=report.articles_changed,
                  unchanged=report.articles_unchanged)  # fmt: skip
        context.tell("cli.ingested_mentors", added=report.profiles_added, changed=report.profiles_changed,
                  unchanged=report.profiles_unchanged)  # fmt: skip
        if report.waiting:
            context.tell("cli.ingested_waiting", count=report.waiting)
    _list_problems(say("cli.ingest_unused"), report.unused, report.more_unused)
    _list_problems(say("cli.ingest_refused"), report.refused, report.more_refused)
    if report.refused:
        sys.exit(1)


def _list_problems(title: str, problems: Sequence[Problem], more: int) -> None:
    """Prints the problems on standard error, one per line."""
    if problems:
        more += max(0, len(problems) - MOST_PROBLEMS)
        last = [say("cli.ingest_more", count=f"{more:,}")] if more else []
        print("\n  ".join([title, *map(str, problems[:MOST_PROBLEMS]), *last]), file=sys.stderr)


def reindex(login: str | None, embedder: str | None, yes: bool) -> None:
    """Rebuilds the indexes; a run that was stopped is continued by the next one."""
    with acting(login) as context:
        cost = granted(context.app.services.knowledge_service.cost(context.actor, embedder))
        if cost.texts and cost.address:
            _confirm_cost(cost, yes)
        try:
            with shown() as progress:
                done = _reindexed(context, embedder, progress)
        except KeyboardInterrupt:
            raise Refused(say("cli.reindex_stopped")) from None
        context.tell("cli.reindexed" if done else "cli.reindex_handed_over")
        if embedder:
            _mention_setting(context, embedder)


def _reindexed(context: CommandContext, embedder: str | None, progress: Progress) -> bool:
    if embedder is None:
        granted(context.app.services.knowledge_service.reindex(context.actor, progress))
        return True
    return granted(context.app.services.knowledge_service.switch(context.actor, embedder, progress))


def _confirm_cost(cost: Cost, yes: bool) -> None:
    """Says what is sent where and what it costs, and asks for a yes. Raises Refused and NotPossible."""
    price = say("cli.cost_unknown") if cost.dollars is None else say("cli.cost_dollars", dollars=f"{cost.dollars:,.2f}")
    print(say("cli.cost", texts=f"{cost.texts:,}", tokens=f"{cost.tokens:,}", model=cost.model, address=cost.address,
              price=price), file=sys.stderr)  # fmt: skip
    if yes:
        return
    if not sys.stdin.isatty():
        raise NotPossible(say("cli.cost_needs_yes"))
    if input(say("cli.cost_ask") + " ").strip().lower() not in ("y", "yes"):
        raise Refused(say("cli.cost_declined"))


def _mention_setting(context: CommandContext, embedder: str) -> None:
    chosen = context.app.settings
    if "embedder" in chosen.model_fields_set and chosen.embedder != embedder:
        context.tell("cli.embedder_setting", setting=chosen.embedder, used=embedder)
