"""What is new for a person, each with its date and request; having been listed, it is not new any more."""

from __future__ import annotations

from assistant.cli.desk import acting, granted
from assistant.cli.screen import Screen
from assistant.services.news import MOST


def run(login: str | None) -> None:
    """The newest first; it is marked as seen only after it was written out."""
    with acting(login) as desk:
        news = granted(desk.app.news.latest(desk.actor, MOST))
        fresh = [item for item in news.items if not item.seen]
        screen = Screen(desk.actor.time_zone)
        for item in fresh:
            screen.line(f"{item.request}  {desk.when(item.at)}", "bold")
            screen.quiet(item.body)
        if not fresh:
            desk.tell("news.nothing")
            return
        if news.unseen > len(fresh):
            desk.tell("news.older", count=news.unseen - len(fresh))
        granted(desk.app.news.seen(desk.actor, fresh[0].id))
