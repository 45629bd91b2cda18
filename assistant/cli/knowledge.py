"""The knowledge base and the people from the terminal: search as a mentee would, bring content in, rebuild."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.desk import Desk, acting, granted
from assistant.cli.faults import NotPossible, Refused
from assistant.cli.progress import shown
from assistant.cli.screen import Screen
from assistant.services.wording import joined, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.cost import Cost
    from retrieval.import_report import Problem
    from retrieval.ingest import Progress

MOST_PROBLEMS = 200
"""Lines of each kind that the report of an import prints."""


def search(login: str | None, question: str, count: int) -> None:
    """The passages that answer, with their quotes; nothing where the base does not know."""
    with acting(login, sample=True) as desk:
        found = granted(desk.app.curation.search(desk.actor, question, count))
        screen = Screen(desk.actor.time_zone)
        if not found.known:
            screen.line(say("propose.unknown"))
            return
        for number, hit in enumerate(found.hits, 1):
            screen.line(f"{number}  {hit.passage.title}  ({hit.passage.article_id}, {hit.score:.2f})", "bold")
            screen.quiet(" / ".join(dict.fromkeys(hit.passage.headings)))
            screen.quote(hit.quote)


def experts(login: str | None, question: str, count: int) -> None:
    """People with a quoted sentence of their evidence."""
    with acting(login, sample=True) as desk:
        found = granted(desk.app.curation.experts(desk.actor, question, count))
        screen = Screen(desk.actor.time_zone)
        if not found:
            desk.tell("cli.no_experts")
        for number, hit in enumerate(found, 1):
            screen.line(f"{number}  {hit.profile.name}  ({hit.profile.id}, {hit.score:.2f})", "bold")
            screen.quiet(", ".join(filter(None, [hit.profile.title, hit.profile.department])))
            if hit.skills:
                screen.quiet(say("match.reason_skills", skills=joined(hit.skills)))
            if hit.quote:
                screen.quote(hit.quote)


def ingest(login: str | None, path: Path) -> None:
    """Counts what came in, and names what did not with its file and line; leaves with 1 if a record was not taken."""
    with acting(login) as desk:
        with shown() as progress:
            report = granted(desk.app.curation.ingest(desk.actor, path, progress))
        desk.tell("cli.ingested_articles", added=report.articles_added, changed=report.articles_changed,
                  unchanged=report.articles_unchanged)  # fmt: skip
        desk.tell("cli.ingested_mentors", added=report.profiles_added, changed=report.profiles_changed,
                  unchanged=report.profiles_unchanged)  # fmt: skip
        if report.waiting:
            desk.tell("cli.ingested_waiting", count=report.waiting)
    _list_problems(say("cli.ingest_unused"), report.unused, report.more_unused)
    _list_problems(say("cli.ingest_refused"), report.refused, report.more_refused)
    if report.refused:
        sys.exit(1)


def _list_problems(title: str, problems: Sequence[Problem], more: int) -> None:
    """One line each, on standard error."""
    if problems:
        more += max(0, len(problems) - MOST_PROBLEMS)
        last = [say("cli.ingest_more", count=f"{more:,}")] if more else []
        print("\n  ".join([title, *map(str, problems[:MOST_PROBLEMS]), *last]), file=sys.stderr)


def reindex(login: str | None, embedder: str | None, yes: bool) -> None:
    """Stopped half-way, the next run goes on there."""
    with acting(login) as desk:
        cost = granted(desk.app.curation.cost(desk.actor, embedder))
        if cost.texts and cost.address:
            _agreed(cost, yes)
        try:
            with shown() as progress:
                done = _reindexed(desk, embedder, progress)
        except KeyboardInterrupt:
            raise Refused(say("cli.reindex_stopped")) from None
        desk.tell("cli.reindexed" if done else "cli.reindex_handed_over")
        if embedder:
            _mention_setting(desk, embedder)


def _reindexed(desk: Desk, embedder: str | None, progress: Progress) -> bool:
    if embedder is None:
        granted(desk.app.curation.reindex(desk.actor, progress))
        return True
    return granted(desk.app.curation.switch(desk.actor, embedder, progress))


def _agreed(cost: Cost, yes: bool) -> None:
    """What is sent where and what it costs; goes on only after a yes. Raises Refused and NotPossible."""
    price = say("cli.cost_unknown") if cost.dollars is None else say("cli.cost_dollars", dollars=f"{cost.dollars:,.2f}")
    print(say("cli.cost", texts=f"{cost.texts:,}", tokens=f"{cost.tokens:,}", model=cost.model, address=cost.address,
              price=price), file=sys.stderr)  # fmt: skip
    if yes:
        return
    if not sys.stdin.isatty():
        raise NotPossible(say("cli.cost_needs_yes"))
    if input(say("cli.cost_ask") + " ").strip().lower() not in ("y", "yes"):
        raise Refused(say("cli.cost_declined"))


def _mention_setting(desk: Desk, embedder: str) -> None:
    chosen = desk.app.settings
    if "embedder" in chosen.model_fields_set and chosen.embedder != embedder:
        desk.tell("cli.embedder_setting", setting=chosen.embedder, used=embedder)
