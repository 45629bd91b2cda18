"""`askwell news`: lists new notifications with date and request, and marks them as seen."""

from __future__ import annotations

from assistant.cli.command_context import acting, granted
from assistant.cli.screen import Screen
from assistant.services.views.notification_feed import MOST


def run(login: str | None) -> None:
    """Lists the newest first; marks them as seen only after they are printed."""
    with acting(login) as context:
        news = granted(context.app.services.news.latest(context.actor, MOST))
        fresh = [item for item in news.items if not item.seen]
        screen = Screen(context.actor.time_zone)
        for item in fresh:
            screen.line(f"{item.request}  {context.when(item.at)}", "bold")
            screen.quiet(item.body)
        if not fresh:
            context.tell("news.nothing")
            return
        if news.unseen > len(fresh):
            context.tell("news.older", count=news.unseen - len(fresh))
        granted(context.app.services.news.seen(context.actor, fresh[0].id))
