"""The bar on top of every page: where one can go, a way to a person, what is new, and who one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.services.accounts.access import Role
from assistant.services.conversing.status_text import say
from assistant.services.results import Refusal
from ui.page_context import Act, PageContext, PageInput
from ui.rendering.templates import draw

NEWS_SHOWN = 12


@dataclass(frozen=True)
class Item:
    name: str
    path: str
    title: str
    count: int = 0


def bar(context: PageContext, here: str) -> str:
    news = context.app.services.news.latest(context.actor, NEWS_SHOWN)
    assert not isinstance(news, Refusal)
    return draw(
        "bar",
        items=_items(context),
        here=here,
        mentee=Role.MENTEE in context.actor.roles,
        news=news,
        zone=context.actor.time_zone,
        name=context.actor.name,
        me=context.actor.id,
        demo=context.app.settings.demo,
        model=context.app.services.people.allows_model(context.actor),
    )


def seen(context: PageContext, sent: PageInput) -> object:
    upto = sent.get("upto")
    return context.app.services.news.seen(context.actor, int(upto) if upto.isdecimal() and len(upto) < 12 else 0)


def switch_model(context: PageContext, sent: PageInput) -> object:
    return context.app.services.people.switch_model(context.actor, sent.get("checked") == "true")


BAR_ACTS: Mapping[str, Act] = {"seen": seen, "switch_model": switch_model}
"""What can be done in the bar, on whichever page."""


def home(roles: frozenset[str]) -> str:
    """The page that a person with these roles begins at."""
    if Role.MENTEE in roles:
        return "/"
    return "/mentor" if Role.MENTOR in roles else "/library"


def _items(context: PageContext) -> list[Item]:
    roles, items = context.actor.roles, []
    if Role.MENTEE in roles:
        mine = context.app.services.request_views.mine(context.actor)
        still_open = 0 if isinstance(mine, Refusal) else sum(row.stage != "closed" for row in mine)
        items += [Item("ask", "/", say("ask_page.nav")), Item("requests", "/requests", say("requests_page.nav"), still_open)]
    if Role.MENTOR in roles:
        offers = context.app.services.request_views.offers(context.actor)
        waiting = 0 if isinstance(offers, Refusal) else sum(row.stage == "offered" for row in offers)
        items.append(Item("mentor", "/mentor", say("mentor_page.nav"), waiting))
    if roles & {Role.CURATOR, Role.ADMIN}:
        items.append(Item("library", "/library", say("library_page.nav")))
    return items
