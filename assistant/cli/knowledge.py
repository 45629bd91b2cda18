"""The knowledge base and the people from the terminal: search as a mentee would, bring content in, rebuild."""

from __future__ import annotations

from pathlib import Path

from assistant.cli.desk import acting, granted
from assistant.cli.progress import shown
from assistant.cli.screen import Screen
from assistant.services.wording import joined, say


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
    with acting(login) as desk:
        with shown() as progress:
            report = granted(desk.app.curation.ingest(desk.actor, path, progress))
        desk.tell("cli.ingested_articles", added=report.articles_added, changed=report.articles_changed,
                  unchanged=report.articles_unchanged)  # fmt: skip
        desk.tell("cli.ingested_mentors", added=report.profiles_added, changed=report.profiles_changed,
                  unchanged=report.profiles_unchanged)  # fmt: skip


def reindex(login: str | None) -> None:
    with acting(login) as desk:
        with shown() as progress:
            granted(desk.app.curation.reindex(desk.actor, progress))
        desk.tell("cli.reindexed")
